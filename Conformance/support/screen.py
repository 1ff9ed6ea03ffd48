"""What a browser shows: signing in, watching for trouble in the background, and checks that need no eyes."""

import pathlib
import re

from playwright.sync_api import expect

from . import paths

TAB_LIMIT = 80
FOCUS_SHOWS = """element => {
  const style = getComputedStyle(element);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== "none";
}"""
CHECKS = pathlib.Path(__file__).with_name("page_checks.js").read_text()


class Watch:
    """Notes console errors, script errors, requests to other origins and what the security policy blocks."""

    def __init__(self, context, origin):
        self.problems, self.origin = [], origin
        context.expose_binding("notePolicyViolation", lambda source, what: self._note("blocked by policy", what))
        context.add_init_script("""
            addEventListener("securitypolicyviolation", (event) =>
              window.notePolicyViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`));
        """)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note("script error", str(error.error)))
        context.on("request", self._request)

    def _note(self, kind, what):
        self.problems.append(f"{kind}: {what}")

    def _console(self, message):
        # A page that answers 404 or 403 on purpose is logged by the browser as a failed resource.
        if message.type in ("error", "warning") and not re.match(r"Failed to load resource.* 4\d\d", message.text):
            self._note(f"console {message.type}", f"{message.text} on {message.page.url if message.page else '?'}")

    def _request(self, request):
        if not request.url.startswith(("data:", "blob:", "about:")) and f"://{self.origin}/" not in request.url:
            self._note("request to another origin", request.url)


def sign_in(page, person):
    page.goto("/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()


def tab_to(page, target):
    """Presses Tab until the element has the focus, as somebody without a mouse does, and sees that it shows."""
    for _ in range(TAB_LIMIT):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            assert target.evaluate(FOCUS_SHOWS), f"the focus does not show on {target}"
            return target
    raise AssertionError(f"{TAB_LIMIT} presses of Tab do not reach {target}")


def screenshot(page, name, theme):
    """Writes build/screenshots/NAME-THEME-WIDTH.png, the whole page."""
    paths.SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=paths.SCREENSHOTS / f"{name}-{theme}-{page.viewport_size['width']}.png", full_page=True)


def findings(page):
    """What is wrong with the page for somebody who cannot see it well, or at all."""
    return page.evaluate(CHECKS)
