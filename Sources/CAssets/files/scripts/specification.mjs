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
      replace(root, page, "specification");
      // Which models and sizes are offered depends on other fields: the server says which.
      for (const part of page.querySelectorAll("[data-part]")) replace(root, page, part.id);
      const button = root.querySelector("[data-provision]");
      const can = root.getElementById("specification")?.dataset.canProvision;
      if (button && can) button.disabled = can !== "true";
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, pause);
  });
}

function replace(root, page, id) {
  const fresh = page.getElementById(id);
  const old = root.getElementById(id);
  if (!fresh || !old || old.contains(root.activeElement) && id !== "specification") return;
  old.replaceWith(fresh);
}
