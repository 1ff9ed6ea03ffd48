// Dialogs that are part of the page open over it; a dialog that came open with the page becomes modal.
export function dialogs(root) {
  for (const dialog of root.querySelectorAll("dialog.dialog[open]")) {
    dialog.close();
    // Its heading had the focus while it still stood in the page, which the browser scrolled to it.
    if (root === document) scrollTo(0, 0);
    dialog.showModal();
    dialog.querySelector("[role=tab]")?.focus();
  }
  for (const opener of root.querySelectorAll("[data-dialog]")) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog) continue;
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  }
  // What is shown only once is not lost to a stray Escape.
  for (const dialog of root.querySelectorAll("dialog[data-keep]")) {
    dialog.addEventListener("cancel", (event) => event.preventDefault());
  }
  for (const dialog of root.querySelectorAll("dialog.dialog")) {
    // The page without its dialog is the one that closing leads to: reloading shall not open it again.
    dialog.addEventListener("close", () => {
      const rest = dialog.querySelector("a[data-close]")?.getAttribute("href");
      if (rest && !dialog.open) history.replaceState(null, "", rest);
    });
    for (const closer of dialog.querySelectorAll("[data-close]")) {
      closer.addEventListener("click", (event) => {
        // Where closing leads to another page the link is followed.
        if (closer.getAttribute("href")) return;
        event.preventDefault();
        dialog.close();
      });
    }
  }
}

// A click anywhere else closes an open row menu; so does Escape, which gives the focus back. Arrows walk through it.
export function menus(root) {
  const close = (except) => {
    for (const menu of root.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
  };
  root.addEventListener("click", (event) => close(event.target.closest("details.menu")));
  root.addEventListener("focusin", (event) => close(event.target.closest("details.menu")));
  root.addEventListener("keydown", (event) => {
    const menu = event.target.closest("details.menu[open]");
    if (event.key === "Escape") {
      menu?.querySelector("summary").focus();
      return close(null);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!menu || !step) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll("a, button")];
    const at = items.indexOf(document.activeElement);
    items[at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length].focus();
  });
}
