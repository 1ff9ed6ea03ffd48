// The live "Resource Specification": asks the server, which alone decides, whenever a field changes.
import { obstacle, send } from "./sending.mjs";

const pause = 200;

export function specification(root) {
  const form = root.querySelector("form[data-specification]");
  if (!form) return;
  let timer;
  let running;
  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await send(form, form.dataset.specification, null, running.signal);
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      replace(page, "specification");
      // Which models and sizes are offered depends on other fields: the server says which.
      for (const part of [...page.querySelectorAll("[data-part]")]) replace(page, part.id);
      const button = form.querySelector("[data-provision]");
      const can = document.getElementById("specification")?.dataset.canProvision;
      if (button && can) button.disabled = can !== "true";
    } catch (error) {
      if (error.name === "AbortError") return;
      // What stands there is of before: said until the next answer takes its place.
      const shown = document.getElementById("specification");
      shown?.querySelector("[role=alert]")?.remove();
      shown?.prepend(obstacle(error));
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, pause);
  });
  // Filled in before this script was there, or by the browser that came back.
  if ([...form.elements].some(isChanged)) refresh();
  // An answer that comes after the form's own would take its problems away.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    running?.abort();
  });
  form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-refresh]")) return;
    event.preventDefault();
    refresh();
  });
  // Somebody comes back from the tab in which they created what was missing.
  if (form.querySelector("[data-refresh]")) {
    const back = () => (form.isConnected ? refresh() : removeEventListener("focus", back));
    addEventListener("focus", back);
  }
}

function isChanged(control) {
  if (control.matches("input")) return control.checked !== control.defaultChecked || control.value !== control.defaultValue;
  if (!control.options) return false;
  const options = [...control.options];
  const usual = Math.max(0, options.findIndex((option) => option.defaultSelected));
  return control.selectedIndex !== usual;
}

// Leaves alone where somebody is typing; a choice or a button keeps the focus in its new place.
function replace(page, id) {
  const fresh = page.getElementById(id);
  const old = document.getElementById(id);
  if (!fresh || !old || fresh.outerHTML === old.outerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const isTyping = focused?.matches("input:not([type=checkbox], [type=radio])");
  if (isTyping) return;
  const again = focused?.id ? `#${CSS.escape(focused.id)}`
    : focused?.name ? `[name="${CSS.escape(focused.name)}"][value="${CSS.escape(focused.value)}"]` : null;
  old.replaceWith(fresh);
  if (again) fresh.querySelector(again)?.focus();
}
