"""Every page, on a phone and a desk, light and dark: nothing wrong that can be measured, and a picture for a person."""

import pytest
import requests
from playwright.sync_api import expect

from support.company import create_key, provision
from support.portal import Portal
from support.screen import findings, screenshot, sign_in
from support.simulator import directive

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PAGE_WEIGHT = 60_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'")


FRANKFURT = "Europe (Frankfurt) - eu-central-1"


def addresses(server, text=None):
    """The pages of an admin by the names of their pictures."""
    text = f"/resources/{text or server.ready['textResource']}"
    return {
        "overview": "/",
        "consumption": text,
        "keys": f"{text}/keys",
        "create-key": f"{text}/keys/create",
        "settings": f"{text}/settings",
        "consumption-embeddings": f"/resources/{server.ready['embeddingsResource']}",
        "resources-text": "/control-center/resources",
        "resources-embeddings": "/control-center/resources?type=embeddings",
        "provision-text": "/control-center/resources/provision?type=text",
        "provision-embeddings": "/control-center/resources/provision?type=embeddings",
        "cloud-tokens": "/control-center/cloud-tokens",
        "status": "/control-center/status",
        "sessions": "/account/sessions",
        "documentation": "/docs",
        "not-found": "/nowhere",
    }


@pytest.fixture(scope="module")
def used(client, server):
    """A resource with models that people know and most of its allowance used, as the pictures should show it."""
    person = Portal(server.portal, server.admin)
    models = ["Claude Sonnet 4.6", "Claude Haiku 4.5", "Claude Opus 4.8"]
    resource = provision(
        person, "text", "Order assistant", region=FRANKFURT, models=models, tokens=16, environment="Production")
    key = create_key(person, resource, "Order app, production")
    for model, tokens in (("claude-sonnet-4-6", 8_900_000), ("claude-haiku-4-5", 9_700_000)):
        client(key).chat.completions.create(
            model=model, messages=[{"role": "user", "content": directive(input=tokens, output=98_000)}],
            max_tokens=100_000, timeout=60)
    return resource


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_sound(server, new_context, used, theme, viewport):
    page = new_context(viewport, theme).new_page()
    found = []

    def look(name):
        found.extend(f"{name}: {finding}" for finding in findings(page))
        screenshot(page, name, theme)
    page.goto("/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    look("sign-in")
    sign_in(page, server.admin)
    for name, address in addresses(server, used).items():
        answer = page.goto(address)
        assert answer.status == (404 if name == "not-found" else 200), address
        look(name)
    look_at_dialogs(page, used, look)
    assert not found, "\n".join(found)


def look_at_dialogs(page, resource, look):
    page.goto("/control-center/resources/provision?type=text")
    page.get_by_label("Display Name").fill("Invoice reader")
    page.get_by_label("Environment").select_option("Production")
    page.get_by_label("Mendix Cloud Region").select_option(FRANKFURT)
    page.get_by_label("Claude Sonnet 4.6", exact=True).check()
    page.get_by_label("Cloud Tokens", exact=True).fill("9000")
    specification = page.locator("#specification")
    expect(specification.locator(".over")).to_be_visible()
    for box in page.get_by_role("checkbox", name="I have read and accept").all():
        box.check()
    look("provision-too-much")
    page.get_by_label("Cloud Tokens", exact=True).fill("9")
    expect(specification.locator(".over")).to_have_count(0)
    page.get_by_role("button", name="Provision Resource").click()
    expect(page.get_by_role("dialog", name="Resource Summary")).to_be_visible()
    look("resource-summary")
    page.goto(f"/resources/{resource}/keys/create")
    dialog = page.get_by_role("dialog", name="Create Key")
    dialog.get_by_label("Description").fill("Picture")
    dialog.get_by_role("button", name="Create Key").click()
    expect(page.get_by_role("dialog")).to_contain_text("shown only this once")
    look("key-shown")


def test_the_theme_switch_wins_over_the_system(server, new_context):
    page = new_context(theme="light").new_page()
    sign_in(page, server.member)
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_label("Theme").or_(page.get_by_role("group", name="Theme")).first.wait_for()
    choose_theme(page, "Dark")
    assert page.evaluate(background) != light
    page.goto("/")
    assert page.evaluate(background) != light
    choose_theme(page, "Light")
    assert page.evaluate(background) == light


def choose_theme(page, name):
    """A select or buttons, whichever the rail has."""
    select = page.locator("select[name=theme]")
    with page.expect_navigation():
        if select.count():
            select.select_option(label=name)
            if page.get_by_role("button", name="Apply").is_visible():
                page.get_by_role("button", name="Apply").click()
        else:
            page.get_by_role("button", name=name, exact=True).click()


def test_the_first_page_is_light(server, browser):
    """Everything that a first visit loads, as it travels: markup, style, scripts, icons."""
    context = browser.new_context(base_url=server.portal)
    answers = {}
    page = context.new_page()
    page.on("response", lambda answer: answers.__setitem__(answer.url, answer))
    sign_in(page, server.admin)
    page.wait_for_load_state("networkidle")
    weights = {url: len(answer.body()) for url, answer in answers.items() if answer.status == 200}
    context.close()
    assert len(weights) >= 4 and sum(weights.values()) < PAGE_WEIGHT, weights


def test_the_security_headers_are_exact(server):
    person = Portal(server.portal, server.admin)
    for address in [*addresses(server).values(), "/sign-in"]:
        headers = person.get(address).response.headers
        assert headers["content-security-policy"] == POLICY, address
        assert headers["x-content-type-options"] == "nosniff", address
    answer = requests.get(f"{server.portal}/", timeout=10, allow_redirects=False)
    assert answer.status_code in (302, 303, 401) and "content-security-policy" in answer.headers


def test_the_session_cookie_is_out_of_reach(server, new_context):
    context = new_context()
    sign_in(context.new_page(), server.member)
    cookies = [cookie for cookie in context.cookies() if cookie["httpOnly"]]
    assert cookies and all(cookie["sameSite"] in ("Lax", "Strict") for cookie in cookies)


def test_a_form_from_elsewhere_is_refused(server):
    """Protection against forged requests: the same form without its token, or with another origin."""
    person = Portal(server.portal, server.member)
    form = person.get(f"/resources/{server.ready['textResource']}/keys/create").form("Create Key")
    form.fill("Description", "Forged")
    tokens = [name for name, _ in form.values if "csrf" in name.lower()]
    assert tokens, f"no token among {form.values}"
    form.values = [(name, "forged" if name in tokens else value) for name, value in form.values]
    assert form.submit().status == 403
    keys = person.get(f"/resources/{server.ready['textResource']}/keys")
    assert "Forged" not in keys.text


# The checks themselves are checked: each planted fault is found.


PLANTED = """
    document.body.insertAdjacentHTML("beforeend", `
      <p id="twice" class="planted">low contrast</p><p id="twice">twice</p>
      <input type="text" aria-describedby="nowhere"><button></button><h1>second</h1>
      <div class="wide">wide</div>`);
    document.querySelector(".planted").style.color = "rgb(250, 250, 250)";
    document.querySelector(".planted").style.backgroundColor = "rgb(255, 255, 255)";
    document.querySelector(".wide").style.width = "5000px";
"""


def test_planted_faults_are_found(server, new_context):
    context = new_context(watched=False)
    page = context.new_page()
    page.goto("/")
    assert not findings(page)
    page.evaluate(PLANTED)
    found = "\n".join(findings(page))
    for part in (
            "contrast", "two elements are #twice", "has no name", "nowhere", "2 headings", "px wide",
            "style attribute"):
        assert part in found, f"{part} is not found: {found}"


def test_planted_trouble_is_watched(server, new_context):
    context = new_context(watched=False)
    page = context.new_page()
    page.goto("/")
    page.evaluate("console.error('planted'); setTimeout(() => { throw new Error('planted script error') })")
    page.evaluate("fetch('http://elsewhere.invalid/').catch(() => {})")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    page.wait_for_timeout(500)
    noted = "\n".join(context.watch.problems)
    for part in ("console error: planted", "planted script error", "blocked by policy"):
        assert part in noted, f"{part} is not noted: {noted}"
