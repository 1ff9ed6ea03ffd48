// Forms with data-in-place are sent without leaving the page: the answer takes the place of what is shown, so that going
// back in the browser never sends a form again. Where the answer leads on, so does the browser.
import { wake } from "./forms.mjs";
import { obstacle, send } from "./sending.mjs";

export function answers(root, enhance) {
  for (const form of root.querySelectorAll("form[data-in-place]")) {
    form.addEventListener("submit", async (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      const { submitter } = event;
      // A field may be called "action": the attributes say where to send.
      const target = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
      try {
        const answer = await send(form, target, submitter);
        if (answer.redirected) return location.assign(answer.url);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const main = page.querySelector("main#content");
        if (!main) throw new Error("no page");
        document.querySelector("main").replaceWith(main);
        // The button keeps the focus in its new place: a dialog that opens gives it back there.
        if (submitter?.name) main.querySelector(`[name="${submitter.name}"][value="${submitter.value}"]`)?.focus();
        enhance(main);
        const first = main.querySelector("[role=alert]");
        if (first) { first.focus(); first.scrollIntoView({ block: "center" }); }
      } catch (error) {
        form.querySelector("[data-obstacle]")?.remove();
        const told = obstacle(error);
        told.dataset.obstacle = "";
        form.prepend(told);
        wake(form);
        told.focus();
        told.scrollIntoView({ block: "center" });
      }
    });
  }
}
