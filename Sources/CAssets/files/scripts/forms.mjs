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

// Coming back to a page by the browser's history finds its buttons awake.
export function waking(root) {
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of root.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  });
}
