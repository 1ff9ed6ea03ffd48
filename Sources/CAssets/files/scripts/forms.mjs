// A form is sent once: its buttons rest while the answer is on its way. Filters are applied as they are chosen.
export function forms(root) {
  for (const form of root.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      if (form.method === "dialog") return;
      form.dataset.sent = "yes";
      // After the browser has read the form: a disabled button's value is not sent.
      setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; }, 0);
    });
  }
  for (const select of root.querySelectorAll("form[data-filter] select")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
}

// A problem goes when its field changes: what is right now is for the server to say.
export function mending(root) {
  for (const form of root.querySelectorAll("form")) form.addEventListener("input", ({ target }) => forget(target));
}

function forget(control) {
  const error = control.closest(".field")?.querySelector(".error");
  if (!error) return;
  control.removeAttribute("aria-invalid");
  const list = control.closest("dialog, main")?.querySelector(".problems ul");
  for (const line of list?.children ?? []) if (line.textContent === error.textContent) { line.remove(); break; }
  if (list && !list.children.length) list.closest(".problems").remove();
  error.remove();
}

// After an answer that did not come: the form can be sent again.
export function wake(form) {
  delete form.dataset.sent;
  // Once the buttons rest.
  setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = false; }, 0);
}

// Coming back to a page by the browser's history finds its buttons awake.
export function waking(root) {
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of root.querySelectorAll("form[data-sent]")) wake(form);
  });
}
