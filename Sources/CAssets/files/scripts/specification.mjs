// The live "Resource Specification": asks the server, which alone decides, whenever a field changes.
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
      const answer = await fetch(form.dataset.specification, {
        method: "POST", body: new URLSearchParams(new FormData(form)), signal: running.signal,
      });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      replace(page, "specification");
      // Which models and sizes are offered depends on other fields: the server says which.
      for (const part of [...page.querySelectorAll("[data-part]")]) replace(page, part.id);
      const button = form.querySelector("[data-provision]");
      const can = document.getElementById("specification")?.dataset.canProvision;
      if (button && can) button.disabled = can !== "true";
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, pause);
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
