"""The life of a resource without a mouse, without scripts, and on every screen."""

import pytest
from playwright.sync_api import expect

from support.control_center import LIST, TOKENS, asks, choose, menu_of, new_row, provision, wealthy_server
from support.screen import findings, screenshot, sign_in, tab_to
from support.simulator import CHAT_MODEL

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# A laptop, a small one, and a tablet held upright.
BETWEEN = [{"width": 1280, "height": 800}, {"width": 1024, "height": 768}, {"width": 820, "height": 1180}]
BOTH_WIDTHS = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
BOTH_THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


@pytest.fixture(scope="module")
def server(tmp_path_factory, simulator):
    """One of their own, as in test_control_center.py."""
    with wealthy_server(tmp_path_factory.mktemp("everywhere"), simulator) as started:
        yield started


@pytest.fixture
def page(server, new_context):
    page = new_context().new_page()
    sign_in(page, server.admin)
    return page


def test_a_resource_is_provisioned_and_ended_by_keyboard(server, page):
    page.goto(LIST)
    tab_to(page, page.get_by_role("main").get_by_role("link", name="Provision Resource"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Provision")
    tab_to(page, page.get_by_label("Display Name"))
    page.keyboard.type("By keyboard")
    tab_to(page, page.get_by_label("Environment"))
    page.keyboard.type("Test")
    tab_to(page, page.get_by_label("Mendix Cloud Region"))
    page.keyboard.type("Local")
    expect(page.get_by_label(CHAT_MODEL, exact=True)).to_be_visible()
    tab_to(page, page.get_by_label(CHAT_MODEL, exact=True))
    page.keyboard.press("Space")
    expect(page.get_by_label("Default Model").locator("option:checked")).to_have_text(CHAT_MODEL)
    tab_to(page, page.get_by_label("Cloud Tokens", exact=True))
    page.keyboard.type("1")
    asks(page, r"^1 /")
    tab_to(page, page.get_by_role("button", name="Provision Resource"))
    page.keyboard.press("Enter")
    summary = page.get_by_role("dialog", name="Resource Summary")
    expect(summary).to_be_visible()
    # Escape closes it and gives the focus back.
    page.keyboard.press("Escape")
    expect(summary).to_be_hidden()
    expect(page.get_by_role("button", name="Provision Resource")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, summary.get_by_role("button", name="Provision", exact=True))
    page.keyboard.press("Enter")
    new_row(page, "By keyboard")

    dots = page.get_by_label("Actions for By keyboard")
    tab_to(page, dots)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Edit Resource")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Edit Resource")).to_be_hidden()
    expect(dots).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name="Deprovision Resource")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    tab_to(page, dialog.get_by_role("button", name="Deprovision", exact=True))
    page.keyboard.press("Enter")
    expect(new_row(page, "By keyboard")).to_contain_text("DEPROVISIONING SCHEDULED")


def test_everything_works_without_scripts(server, new_context):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, server.admin)
    page.goto(f"{LIST}/provision?type=text")
    page.get_by_label("Display Name").fill("Plain")
    page.get_by_label("Environment").select_option("Test")
    page.get_by_label("Mendix Cloud Region").select_option("Local")
    page.get_by_role("button", name="Recalculate").click()
    page.get_by_label(CHAT_MODEL, exact=True).check()
    page.get_by_label("By size").check()
    page.get_by_role("button", name="Recalculate").click()
    expect(page.get_by_label("Display Name")).to_have_value("Plain")
    page.get_by_label("By Cloud Tokens").check()
    page.get_by_role("button", name="Recalculate").click()
    page.get_by_label("Cloud Tokens", exact=True).fill("1")
    page.get_by_role("button", name="Provision Resource").click()
    summary = page.get_by_role("dialog", name="Resource Summary")
    summary.get_by_role("button", name="Back").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Cloud Tokens", exact=True)).to_have_value("1")
    page.get_by_role("button", name="Provision Resource").click()
    summary.get_by_role("button", name="Provision", exact=True).click()
    new_row(page, "Plain")

    assert menu_of(page, "Plain") == ["Edit Resource", "Deprovision Resource"]
    page.get_by_role("link", name="Edit Resource").click()
    page.get_by_label("Display Name").fill("")
    page.get_by_label("Cloud Tokens", exact=True).fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a display name.")
    expect(page.get_by_label("Cloud Tokens", exact=True)).to_have_value("2")
    page.get_by_label("Display Name").fill("Plainer")
    page.get_by_role("button", name="Save").click()
    new_row(page, "Plainer")
    choose(page, "Plainer", "Deprovision Resource")
    page.get_by_role("dialog").get_by_role("button", name="Deprovision", exact=True).click()
    expect(new_row(page, "Plainer")).to_contain_text("DEPROVISIONING SCHEDULED")
    choose(page, "Plainer", "Cancel Deprovisioning")
    page.get_by_role("dialog").get_by_role("button", name="Cancel Deprovisioning").click()
    expect(new_row(page, "Plainer")).to_contain_text("ACTIVE")


@pytest.fixture(scope="module")
def scene(server, browser):
    """Resources of every type, with something scheduled, for the pictures; their ids by name."""
    context = browser.new_context(base_url=server.portal, viewport=WIDE)
    page = context.new_page()
    sign_in(page, server.admin)
    ids = {}
    ids["Claims assistant"] = provision(page, "text", "Claims assistant", r"^30 /", size="text-s")
    page.goto(f"{LIST}/{ids['Claims assistant']}/capacity")
    page.get_by_label("Convert to Cloud Tokens").check()
    page.get_by_label("Cloud Tokens", exact=True).fill("20")
    page.get_by_role("button", name="Adjust Plan").click()
    new_row(page, "Claims assistant")
    ids["Manual search"] = provision(page, "embeddings", "Manual search", r"^1 /", tokens="1")
    ids["Manuals"] = provision(page, "knowledge-base", "Manuals", r"^48 /", embeddings=ids["Manual search"])
    context.close()
    return ids


@BOTH_WIDTHS
@BOTH_THEMES
def test_every_page_of_the_life_is_sound(server, new_context, scene, theme, viewport):
    page = new_context(viewport, theme).new_page()
    found = []

    def look(name):
        found.extend(f"{name}: {finding}" for finding in findings(page))
        screenshot(page, name, theme)
    sign_in(page, server.admin)
    claims, search = scene["Claims assistant"], scene["Manual search"]
    page.goto(f"{LIST}?done=capacity&resource={claims}")
    page.get_by_label("Actions for Claims assistant").click()
    look("row-menu")
    for name, address in {
        "adjust-plan": f"{LIST}/{claims}/capacity",
        "edit-resource": f"{LIST}/{search}/edit",
        "deprovision": f"{LIST}/{claims}/deprovisioning",
        "cancel-decrease": f"{LIST}/{claims}/capacity/cancel",
        "provision-knowledge-base": f"{LIST}/provision?type=knowledge-base",
        "resources-knowledge-base": f"{LIST}?type=knowledge-base",
    }.items():
        assert page.goto(address).status == 200, address
        look(name)
    page.goto(f"{LIST}/{search}/edit")
    page.get_by_label("Display Name").fill("")
    page.get_by_label("Cloud Tokens", exact=True).fill("1.5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("edit-problems")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("viewport", BETWEEN, ids=["1280", "1024", "820"])
def test_lists_fit_between_phone_and_desk(server, new_context, scene, viewport):
    page = new_context(viewport).new_page()
    sign_in(page, server.admin)
    found = []
    for address in (LIST, f"{LIST}?type=embeddings", f"{LIST}?type=knowledge-base", TOKENS):
        page.goto(address)
        found += [f"{address}: {finding}" for finding in findings(page)]
    assert not found, "\n".join(found)
