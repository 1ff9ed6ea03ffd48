// Runs in the page; gives what is wrong with it for somebody who cannot see it well, or at all.
() => {
  const found = [];
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const describe = (element) =>
    `<${element.tagName.toLowerCase()}${element.id ? "#" + element.id : ""}> `
    + `"${(element.textContent ?? "").trim().slice(0, 40)}"`;

  // Structure
  if (document.documentElement.lang === "") found.push("the page has no language");
  if (!document.title) found.push("the page has no title");
  const modal = document.querySelector("dialog:modal");
  const headings = [...document.querySelectorAll("h1")].filter(isShown);
  if (headings.length !== 1) found.push(`${headings.length} headings of level 1`);
  if (document.querySelectorAll("main").length !== 1) found.push("there is not exactly one main");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) found.push(`two elements are #${id}`);
  // Taking a picture leaves an empty one on each field.
  for (const element of document.querySelectorAll("[style]:not([style=''])")) found.push(`${describe(element)} has a style attribute`);
  for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      for (const id of element.getAttribute(name).split(/\s+/)) {
        if (!document.getElementById(id)) found.push(`${describe(element)}: ${name} names #${id}, which is not there`);
      }
    }
  }

  // Names
  const nameOf = (element) => {
    const labelled = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean)
      .map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(" ");
    return (labelled || element.getAttribute("aria-label") || labels || element.textContent
      || element.getAttribute("alt") || element.title || (element.type === "submit" && element.value) || "").trim();
  };
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, [role=tab], [role=menuitem], "
    + "dialog[open], svg[role=img]";
  for (const element of document.querySelectorAll(wanted)) {
    if (isShown(element) && !nameOf(element)) found.push(`${describe(element)} has no name`);
  }
  for (const image of document.querySelectorAll("img:not([alt])")) found.push(`${describe(image)} has no text`);
  for (const svg of document.querySelectorAll("svg:not([aria-hidden=true]):not(svg svg)")) {
    const isNamed = svg.getAttribute("role") === "img" || svg.querySelector("title") || svg.getAttribute("aria-label");
    if (isShown(svg) && !isNamed) {
      found.push(`${describe(svg)} is neither hidden nor named`);
    }
  }
  for (const table of document.querySelectorAll("table")) {
    if (isShown(table) && !table.querySelector("th")) found.push("a table has no headers");
  }

  // Width: nothing but marked regions scrolls sideways.
  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((element) =>
      isShown(element) && element.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(describe);
    const width = document.documentElement.scrollWidth;
    found.push(`the page is ${width} px wide on a screen of ${innerWidth} px: ${wide.join(", ")}`);
  }

  // Contrast
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return { r, g, b, a: a / 255 };
  };
  const over = (top, bottom) => ({
    r: top.r * top.a + bottom.r * (1 - top.a), g: top.g * top.a + bottom.g * (1 - top.a),
    b: top.b * top.a + bottom.b * (1 - top.a), a: 1,
  });
  const luminance = ({ r, g, b }) => {
    const linear = [r, g, b].map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const background = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color.a > 0) layers.push(color);
      if (color.a === 1) break;
    }
    return layers.reverse().reduce((bottom, top) => over(top, bottom), { r: 255, g: 255, b: 255, a: 1 });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element || seen.has(element)) continue;
    seen.add(element);
    if (modal && !modal.contains(element)) continue;
    if (["SCRIPT", "STYLE", "OPTION", "TITLE", "DESC", "title", "desc"].includes(element.tagName)) continue;
    if (!isShown(element)) continue;
    if (element.closest("[disabled], [aria-disabled=true], [aria-hidden=true]")) continue;
    const style = getComputedStyle(element);
    const behind = background(element);
    const front = over(rgba(element instanceof SVGElement ? style.fill : style.color), behind);
    const [light, dark] = [luminance(front), luminance(behind)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5) - 0.01) {
      found.push(`${describe(element)} has a contrast of ${ratio.toFixed(2)} only`);
    }
  }
  return found;
}
