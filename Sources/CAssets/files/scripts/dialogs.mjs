// Dialogs that are part of the page open over it; a dialog that came open with the page becomes modal.
export function dialogs(root) {
  for (const dialog of root.querySelectorAll("dialog.dialog[open]")) {
    dialog.close();
    dialog.showModal();
    dialog.querySelector("[role=tab]")?.focus();
  }
  for (const opener of root.querySelectorAll("[data-dialog]")) {
    const dialog = root.getElementById(opener.dataset.dialog);
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
    for (const closer of dialog.querySelectorAll("[data-close]")) {
      closer.addEventListener("click", (event) => {
        // Where closing leads to another page the link is followed.
        if (closer.getAttribute("href")) return;
        event.preventDefault();
        dialog.close();
      });
    }
  }
  // A click anywhere else closes an open row menu, and so does Escape.
  const closeMenus = (except) => {
    for (const menu of root.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
  };
  root.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  root.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(null); });
}
