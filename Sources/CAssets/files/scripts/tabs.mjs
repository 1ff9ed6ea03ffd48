// Tabs inside a page. Without script every panel is shown under its heading.
export function tabs(root) {
  for (const list of root.querySelectorAll(".tablist")) {
    const all = [...list.querySelectorAll("[role=tab]")];
    const panel = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
    const choose = (chosen) => {
      for (const tab of all) {
        const isChosen = tab === chosen;
        tab.setAttribute("aria-selected", String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
        panel(tab).hidden = !isChosen;
      }
    };
    for (const tab of all) {
      tab.addEventListener("click", () => choose(tab));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = all[(all.indexOf(tab) + step + all.length) % all.length];
        choose(next);
        next.focus();
      });
      panel(tab).querySelector("[data-tab-heading]")?.setAttribute("hidden", "");
    }
    list.hidden = false;
    choose(all[0]);
  }
}
