// Reads a chart out in a fixed place: by pointer, by focus, by arrow keys.
export function charts(root) {
  for (const chart of root.querySelectorAll(".chart")) {
    const slots = [...chart.querySelectorAll(".slot")];
    const readout = chart.querySelector(".readout");
    const drawing = chart.querySelector(".plot > svg");
    if (!readout || !drawing || slots.length === 0) continue;
    const resting = [...readout.childNodes];
    // As an attribute the title is no floating tooltip over the bars.
    const title = drawing.querySelector("title");
    drawing.setAttribute("aria-label", title?.textContent ?? "");
    drawing.removeAttribute("aria-labelledby");
    title?.remove();
    const show = (slot) => {
      for (const other of slots) other.classList.toggle("here", other === slot);
      readout.replaceChildren(...(slot ? lines(slot.getAttribute("aria-label")) : resting));
    };
    for (const [index, slot] of slots.entries()) {
      slot.addEventListener("pointerenter", () => show(slot));
      slot.addEventListener("focus", () => show(slot));
      slot.addEventListener("keydown", (event) => {
        const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: slots.length - 1 }[event.key];
        if (target === undefined || !slots[target]) return;
        event.preventDefault();
        for (const other of slots) other.setAttribute("tabindex", other === slots[target] ? "0" : "-1");
        slots[target].focus();
      });
    }
    const rest = () => show(slots.find((slot) => slot === root.activeElement));
    drawing.addEventListener("pointerleave", rest);
    drawing.addEventListener("focusout", () => show(null));
  }
}

// "Monday 12 October 2026: 58 calls, previous 46" as two lines, the height of the text at rest.
function lines(reading) {
  const [day, ...figures] = reading.split(": ");
  const [first, second] = [document.createElement("span"), document.createElement("span")];
  first.append(Object.assign(document.createElement("strong"), { textContent: day }));
  second.textContent = figures.join(": ");
  return [first, " ", second];
}
