// Sends a form without leaving the page. The form's token belongs to a session: whoever signed out and in again in
// another tab goes on here with a new one, and nothing typed is lost.
export async function send(form, target, submitter, signal) {
  // Read once: buttons rest from now on, and one that rests is no part of its form.
  const body = new URLSearchParams(new FormData(form, submitter));
  const post = () => fetch(target, { method: "POST", body, signal });
  const answer = await post();
  if (answer.status !== 403) return answer;
  const page = await fetch(location.href, { signal });
  if (new URL(page.url).pathname === "/sign-in") throw new SignedOut();
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("input[name=csrf]")?.value;
  if (!fresh || fresh === body.get("csrf")) return answer;
  body.set("csrf", fresh);
  for (const field of document.querySelectorAll("input[name=csrf]")) field.value = fresh;
  return post();
}

class SignedOut extends Error {}

// What keeps a form from being sent, with what to do.
export function obstacle(error) {
  const box = Object.assign(document.createElement("div"), { className: "problems", tabIndex: -1 });
  box.setAttribute("role", "alert");
  if (error instanceof SignedOut) {
    const link = Object.assign(document.createElement("a"),
      { href: "/sign-in", target: "_blank", rel: "noopener", textContent: "Sign in in a new tab" });
    box.append("You are signed out. ", link, ", then come back: what you filled in stays here.");
  } else {
    box.append("The server does not answer. What you filled in stays here: try again in a moment.");
  }
  return box;
}
