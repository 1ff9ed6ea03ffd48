"""The product's main job as a newcomer does it: from signing in to seeing the tokens of one's own call."""

import re

import openai
import pytest
from playwright.sync_api import expect

from support.processes import wait_until
from support.screen import findings, sign_in, tab_to
from support.server import tokens
from support.simulator import CHAT_MODEL, EMBED_MODEL, directive

METERED_SECONDS = 3
CHARTS = [
    "Monthly Bundle GenAI Units Consumption", "Monthly Bundle Input Consumption",
    "Monthly Bundle Output Consumption", "Monthly Bundle API Calls",
]


def in_rail(page, name):
    return page.get_by_role("navigation").get_by_role("link", name=name, exact=True)


def open_provisioning(page, tab):
    in_rail(page, "GenAI Resources").click()
    page.get_by_role("link", name=tab).click()
    page.get_by_role("link", name="Provision Resource").click()


def fill_form(page, name, model, tokens_wanted):
    page.get_by_label("Display Name").fill(name)
    page.get_by_label("Environment").select_option("Acceptance")
    page.get_by_label("Mendix Cloud Region").select_option("Local")
    page.get_by_label(model, exact=True).check()
    page.get_by_label("Cloud Tokens", exact=True).fill(tokens_wanted)
    page.get_by_label("User", exact=True).fill("Bram de Wit")
    page.get_by_label("Email", exact=True).fill("bram@northwind.example")


def provision(page, tab, name, model, tokens_wanted="2"):
    """Fills the form, looks at the summary, and confirms; gives the new row."""
    open_provisioning(page, tab)
    fill_form(page, name, model, tokens_wanted)
    button = page.get_by_role("button", name="Provision Resource")
    expect(button).to_be_enabled()
    button.click()
    summary = page.get_by_role("dialog", name="Resource Summary")
    expect(summary).to_be_visible()
    for part in (name, "Acceptance", "Local", model, "Bram de Wit"):
        expect(summary).to_contain_text(part)
    assert not findings(page)
    summary.get_by_role("button", name="Provision", exact=True).click()
    row = page.locator("tr.new")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(name)
    expect(row).to_contain_text("ACTIVE")
    return row


def create_key(page, description):
    """Creates a key on a resource's page and gives what the dialog shows once."""
    page.get_by_role("main").get_by_role("link", name="Keys", exact=True).first.click()
    page.get_by_role("main").get_by_role("link", name="Create Key").or_(
        page.get_by_role("button", name="Create Key")).first.click()
    dialog = page.get_by_role("dialog", name="Create Key")
    dialog.get_by_label("Description").fill(description)
    dialog.get_by_role("button", name="Create Key").click()
    return read_key(page)


def read_key(page):
    shown = page.get_by_role("dialog")
    shown.get_by_role("tab", name="Plain key").click()
    panel = shown.get_by_role("tabpanel", name="Plain key")
    key = re.search(r"phk_\w+", panel.inner_text()).group()
    panel.get_by_role("button", name="Copy").click()
    expect(panel.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == key
    return key


def row_of(page, name):
    return page.get_by_role("row").filter(has_text=name)


def resource_id(page):
    return re.search(r"/resources/([0-9a-z]{10})", page.url).group(1)


def test_a_newcomer_does_the_main_job(server, simulator, client, new_context):
    context = new_context()
    page = context.new_page()
    sign_in(page, server.admin)
    expect(page.get_by_role("main")).to_contain_text("Support assistant")
    expect(page.get_by_role("main")).to_contain_text("Document search")

    # Provision, with a look at what is too much.
    in_rail(page, "GenAI Resources").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("GenAI Resources")
    open_provisioning(page, "Text Generation Resources")
    fill_form(page, "Too much", CHAT_MODEL, "9999")
    specification = page.locator("#specification")
    expect(specification).to_contain_text("Resource Specification")
    expect(specification.locator(".over")).to_contain_text(re.compile("9,?999"))
    expect(page.get_by_role("button", name="Provision Resource")).to_be_disabled()
    page.get_by_label("Default Model").select_option(CHAT_MODEL)
    page.get_by_label("Cloud Tokens", exact=True).fill("3")
    expect(specification.locator(".over")).to_have_count(0)
    expect(specification).to_contain_text("300 GenAI Units")
    expect(page.get_by_role("button", name="Provision Resource")).to_be_enabled()

    row = provision(page, "Text Generation Resources", "Newcomer chat", CHAT_MODEL, "3")
    with context.expect_page() as opened:
        row.get_by_role("link", name="Newcomer chat").click()
    resource_page = opened.value
    resource = resource_id(resource_page)
    key = create_key(resource_page, "My first key")
    assert not findings(resource_page)

    # Call it, as the application would.
    raw = client(key).chat.completions.with_raw_response.create(
        model=CHAT_MODEL, messages=[{"role": "user", "content": directive(input=1234, output=567)}])
    usage = raw.parse().usage
    assert (usage.prompt_tokens, usage.completion_tokens) == (1234, 567)
    assert tokens(server.entry(resource, raw.headers["x-request-id"]))["outputTokens"] == 567

    # See exactly these tokens.
    see_consumption(resource_page, resource, {CHARTS[1]: "1,234", CHARTS[2]: "567", CHARTS[3]: "1"})

    # The tokens are allocated.
    in_rail(page, "Cloud Tokens").click()
    transactions = page.get_by_role("table").filter(has=page.get_by_role("columnheader", name="Tokens Remaining"))
    cells = transactions.get_by_role("row").filter(has_text="Newcomer chat").get_by_role("cell").all_text_contents()
    assert "Newcomer chat" in cells and cells[-2].strip(" -−") == "3", cells
    assert int(cells[-1]) <= 200 - 36 - 3
    assert not findings(page)

    # Embeddings, the same way.
    row = provision(page, "Embeddings Generation Resources", "Newcomer search", EMBED_MODEL, "1")
    with context.expect_page() as opened:
        row.get_by_role("link", name="Newcomer search").click()
    embeddings_page = opened.value
    key = create_key(embeddings_page, "My second key")
    answer = client(key).embeddings.create(model=EMBED_MODEL, input=["one two three", "four"])
    assert answer.usage.prompt_tokens == 4
    see_consumption(embeddings_page, resource_id(embeddings_page), {CHARTS[1]: "4", CHARTS[2]: "0", CHARTS[3]: "1"})

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.goto(f"/resources/{resource}")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def see_consumption(page, resource, expected):
    """Waits until the consumption page shows the figures, in its summary, its four charts and their tables."""
    page.goto(f"/resources/{resource}")
    for name in CHARTS:
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        expect(page.get_by_role("group", name=name)).to_be_visible()

    def agree():
        page.reload()
        return {name: figures(page, name) for name in expected} == expected
    wait_until(agree, METERED_SECONDS, lambda: f"the tables show {[figures(page, name) for name in CHARTS]}")
    assert not findings(page)
    # The table opens, and the bar of today says its figure in a fixed place to somebody without a mouse.
    section = chart_section(page, CHARTS[1])
    section.get_by_text("Show table").click()
    expect(section.get_by_role("cell", name=expected[CHARTS[1]], exact=True).first).to_be_visible()
    slot = section.locator(".slot[tabindex='0']")
    slot.focus()
    expect(section.locator(".readout")).to_contain_text(expected[CHARTS[1]])
    slot.press("Home")
    expect(section.locator(".slot").first).to_be_focused()


def chart_section(page, name):
    return page.locator("section").filter(has=page.get_by_role("heading", name=name))


def figures(page, name):
    """What the table behind a chart adds up to."""
    cells = chart_section(page, name).locator("table").first.locator("tbody tr > :nth-child(2)").all_text_contents()
    return f"{sum(int(cell.replace(',', '')) for cell in cells if cell.strip(' –')):,}"


def test_a_member_sees_their_teams_resources_only(server, new_context):
    admin_page = new_context().new_page()
    sign_in(admin_page, server.admin)
    open_provisioning(admin_page, "Text Generation Resources")
    fill_form(admin_page, "Not for Bram", CHAT_MODEL, "1")
    admin_page.get_by_label("User", exact=True).fill("Ada Okafor")
    admin_page.get_by_label("Email", exact=True).fill(server.admin.email)
    admin_page.get_by_role("button", name="Provision Resource").click()
    summary = admin_page.get_by_role("dialog", name="Resource Summary")
    summary.get_by_role("button", name="Provision", exact=True).click()
    row = admin_page.locator("tr.new")
    expect(row).to_contain_text("Not for Bram")
    hidden = row.get_by_role("link", name="Not for Bram").get_attribute("href")

    page = new_context().new_page()
    sign_in(page, server.member)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Support assistant")
    expect(main).not_to_contain_text("Not for Bram")
    expect(in_rail(page, "GenAI Resources")).to_have_count(0)
    for address in (hidden, "/control-center/resources", "/control-center/cloud-tokens"):
        answer = page.goto(address)
        assert answer.status in (403, 404), address
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert not findings(page)


def test_everything_is_done_by_keyboard(server, page):
    page.goto("/")
    # The first field is ready to type in, or one Tab away.
    tab_to(page, page.get_by_label("Email"))
    page.keyboard.type(server.member.email)
    page.keyboard.press("Tab")
    page.keyboard.type(server.member.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()

    tab_to(page, page.get_by_role("main").get_by_role("link", name="Support assistant"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("main").get_by_role("link", name="Keys", exact=True).first)
    page.keyboard.press("Enter")
    opener = page.get_by_role("main").get_by_role("link", name="Create Key").first
    tab_to(page, opener)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Create Key")
    expect(dialog).to_be_visible()
    # Escape closes it and gives the focus back.
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    field = dialog.get_by_label("Description")
    if not field.evaluate("element => element === document.activeElement"):
        tab_to(page, field)
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    shown = page.get_by_role("dialog")
    expect(shown).to_contain_text("phk_")
    first = shown.get_by_role("tab").first
    if not first.evaluate("element => element === document.activeElement"):
        tab_to(page, first)
    page.keyboard.press("ArrowRight")
    expect(shown.get_by_role("tab").nth(1)).to_be_focused()
    expect(shown.get_by_role("tab").nth(1)).to_have_attribute("aria-selected", "true")


def test_a_key_is_shown_once(server, page):
    sign_in(page, server.member)
    page.get_by_role("main").get_by_role("link", name="Support assistant").first.click()
    create_key(page, "Shown once")
    shown = page.get_by_role("dialog")
    texts = {}
    for name in ("Mendix", "Plain key", "curl", "Python"):
        shown.get_by_role("tab", name=name).click()
        texts[name] = shown.get_by_role("tabpanel", name=name).inner_text()
    assert server.gateway in texts["curl"] and server.gateway in texts["Python"] and "openai" in texts["Python"]
    key = re.search(r"phk_\w+", texts["Plain key"]).group()
    assert key in texts["curl"] and key in texts["Python"]
    # Sending the same form again makes no second key and shows nothing.
    page.reload()
    expect(page.get_by_role("main")).not_to_contain_text(key)
    page.goto(re.sub(r"(/resources/\w+).*", r"\1/keys", page.url))
    assert row_of(page, "Shown once").count() == 1
    assert key not in page.content()


def test_a_revoked_key_says_so(server, client, page):
    sign_in(page, server.member)
    page.get_by_role("main").get_by_role("link", name="Support assistant").first.click()
    key = create_key(page, "Soon revoked")
    assert client(key).models.list().data
    page.goto(re.sub(r"(/resources/\w+).*", r"\1/keys", page.url))
    row = row_of(page, "Soon revoked")
    expect(row).to_contain_text("ACTIVE")
    row.get_by_role("button", name=re.compile("Revoke")).or_(row.get_by_role("link", name=re.compile("Revoke"))).click()
    dialog = page.get_by_role("dialog", name=re.compile("Revoke"))
    expect(dialog).to_contain_text("Soon revoked")
    dialog.get_by_role("button", name=re.compile("Revoke")).click()
    expect(row_of(page, "Soon revoked")).to_contain_text("REVOKED")

    def is_refused():
        try:
            client(key).models.list()
        except openai.PermissionDeniedError:
            return True
        return False
    wait_until(is_refused, 1.5, "the revoked key still works after a second")


@pytest.mark.parametrize("wrong", ["email", "password"])
def test_a_wrong_sign_in_is_refused_in_the_same_words(server, page, wrong):
    page.goto("/")
    page.get_by_label("Email").fill("nobody@northwind.example" if wrong == "email" else server.admin.email)
    page.get_by_label("Password").fill("wrong-password-here")
    page.get_by_role("button", name="Sign in").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible()
    expect(page.get_by_label("Email")).not_to_have_value("")
    assert "wrong-password-here" not in page.content()
    assert not findings(page)


def test_the_form_keeps_what_was_entered_and_says_what_is_wrong(server, page):
    sign_in(page, server.admin)
    open_provisioning(page, "Text Generation Resources")
    page.get_by_label("Display Name").fill("Half a form")
    page.evaluate("document.querySelector('[data-provision]').disabled = false")
    page.get_by_role("button", name="Provision Resource").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Display Name")).to_have_value("Half a form")
    assert not findings(page)


def test_a_phone_has_everything_in_its_menu(server, new_context):
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    sign_in(page, server.admin)
    expect(in_rail(page, "Cloud Tokens")).to_be_hidden()
    page.get_by_label("Menu").or_(page.get_by_text("Menu", exact=True)).first.click(force=True)
    expect(in_rail(page, "Cloud Tokens")).to_be_visible()
    assert not findings(page)
    in_rail(page, "Cloud Tokens").click()
    expect(page.get_by_role("heading", level=1, name="Cloud Tokens")).to_be_visible()
    # By keyboard too.
    menu = page.get_by_role("checkbox", name="Menu").or_(page.get_by_role("button", name="Menu")).first
    menu.focus()
    menu.press("Space")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
