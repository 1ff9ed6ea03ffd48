"""The life of a resource as a company admin leads it in the Control Center, on a server of its own."""

import re

import pytest
from playwright.sync_api import expect

from support.control_center import (
    LIST, TOKENS, asks, available, choose, fill, menu_of, new_row, provision, summary_of, wealthy_server)
from support.screen import findings, sign_in
from support.simulator import CHAT_MODEL, EMBED_MODEL

DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"


@pytest.fixture(scope="module")
def server(tmp_path_factory, simulator):
    """Balances are compared here, so nobody else may spend tokens."""
    with wealthy_server(tmp_path_factory.mktemp("control-center"), simulator) as started:
        yield started


@pytest.fixture
def page(server, new_context):
    page = new_context().new_page()
    sign_in(page, server.admin)
    return page


# Provisioning


def test_each_type_is_provisioned_with_its_specification_and_summary(page):
    before = available(page)
    fill(page, "text", "Sized chat", size="text-s")
    asks(page, rf"^30 / {before}$")
    expect(page.locator("#specification")).to_contain_text("2.5M input and 1.25M output tokens")
    summary = summary_of(page)
    for part in ("Sized chat", "Test", "Local", CHAT_MODEL, "Bram de Wit (bram@northwind.example)", "30"):
        expect(summary).to_contain_text(part)
    # Back to the form, and nothing is lost.
    summary.get_by_role("button", name="Back").click()
    expect(summary).to_be_hidden()
    expect(page.get_by_label("Display Name")).to_have_value("Sized chat")
    summary_of(page).get_by_role("button", name="Provision", exact=True).click()
    expect(new_row(page, "Sized chat")).to_contain_text(re.compile("ACTIVE.*S.*30 Cloud Tokens"))
    expect(page.get_by_role("status")).to_contain_text("“Sized chat” was provisioned")

    provision(page, "text", "Chat by units", r"^4 /", tokens="4")
    expect(new_row(page, "Chat by units")).to_contain_text("400 GenAI Units")
    search = provision(page, "embeddings", "Search", r"^1 /", tokens="1")
    provision(page, "knowledge-base", "Manuals", r"^48 /", embeddings=search)
    row = new_row(page, "Manuals")
    for part in ("Standard", "48 Cloud Tokens", "Search", EMBED_MODEL):
        expect(row).to_contain_text(part)
    assert available(page) == before - 30 - 4 - 1 - 48


def test_too_many_tokens_turn_the_specification_red_and_rest_the_button(page):
    fill(page, "text", "Too much", tokens="9999")
    asks(page, r"^9,999 /")
    expect(page.locator("#specification .sum .over")).to_be_visible()
    button = page.get_by_role("button", name="Provision Resource")
    expect(button).to_be_disabled()
    expect(page.locator("#specification")).to_contain_text("too few")
    page.get_by_label("Cloud Tokens", exact=True).fill("1")
    expect(button).to_be_enabled()
    expect(page.locator("#specification .over")).to_have_count(0)
    # The server decides again: somebody else may have been quicker.
    page.get_by_label("Cloud Tokens", exact=True).fill("9999")
    expect(button).to_be_disabled()
    button.evaluate("button => button.disabled = false")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("too few")
    expect(page.get_by_label("Display Name")).to_have_value("Too much")
    assert not findings(page)


def test_a_knowledge_base_gets_its_embeddings_resource_in_the_same_flow(page):
    fill(page, "knowledge-base", "Laws", environment="Production")
    link = page.get_by_role("link", name="Create an embeddings resource in a new tab")
    expect(link).to_have_attribute("href", re.compile("region=local&environment=Production"))
    with page.context.expect_page() as opened:
        link.click()
    beside = opened.value
    expect(beside.get_by_label("Environment")).to_have_value("Production")
    expect(beside.get_by_label("Mendix Cloud Region")).to_have_value("local")
    beside.get_by_label("Display Name").fill("Search of laws")
    beside.get_by_label(EMBED_MODEL, exact=True).check()
    beside.get_by_label("Cloud Tokens", exact=True).fill("1")
    summary_of(beside).get_by_role("button", name="Provision", exact=True).click()
    expect(beside.get_by_role("status")).to_contain_text("a knowledge base that is open in another tab offers it now")
    beside.close()
    # Back in the first tab everything stands as it was, and the new one is chosen.
    page.bring_to_front()
    page.get_by_role("button", name="Refresh list").click()
    expect(page.get_by_label("Embeddings Resource").locator("option:checked")).to_contain_text("Search of laws")
    expect(page.get_by_label("Embeddings Model").locator("option:checked")).to_contain_text(EMBED_MODEL)
    expect(page.get_by_label("Display Name")).to_have_value("Laws")
    expect(page.locator("#specification")).to_contain_text(EMBED_MODEL)
    summary = summary_of(page)
    expect(summary).to_contain_text("Search of laws")
    assert not findings(page)


def test_everything_wrong_is_said_beside_its_field_and_nothing_is_lost(page):
    page.goto(f"{LIST}/provision?type=text")
    page.get_by_label("Display Name").fill("Half a form")
    page.get_by_label("Cloud Tokens", exact=True).fill("0")
    page.get_by_label("Email", exact=True).fill("nobody")
    page.get_by_role("button", name="Provision Resource").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    for problem in ("Choose an environment", "Choose a region", "Choose at least one model", "whole number", "email"):
        expect(alert).to_contain_text(problem)
    assert page.locator(".error:visible").count() >= 5
    expect(page.get_by_label("Display Name")).to_have_value("Half a form")
    expect(page.get_by_label("Cloud Tokens", exact=True)).to_have_value("0")
    expect(page.get_by_label("Email", exact=True)).to_have_value("nobody")
    assert not findings(page)
    # It goes on from there.
    page.get_by_label("Mendix Cloud Region").select_option("Local")
    expect(page.get_by_label(CHAT_MODEL, exact=True)).to_be_visible()


# Changing


def test_a_plan_is_upgraded_downgraded_and_kept(page):
    provision(page, "text", "Plan", r"^30 /", size="text-s")
    before = available(page)
    page.goto(LIST)
    assert menu_of(page, "Plan") == ["Adjust Plan Size", "Deprovision Resource"]
    page.get_by_role("link", name="Adjust Plan Size").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Adjust Plan Size GenAI Resource")
    page.get_by_label("Size", exact=True).select_option("text-m")
    asks(page, rf"^\+30 / {before}$")
    expect(page.locator("#specification")).to_contain_text("Immediately")
    page.get_by_role("button", name="Adjust Plan").click()
    expect(page.get_by_role("status")).to_contain_text("“Plan” was saved: 5M input and 2.5M output tokens")
    assert available(page) == before - 30

    page.goto(LIST)
    choose(page, "Plan", "Adjust Plan Size")
    page.get_by_label("Size", exact=True).select_option("text-s")
    expect(page.locator("#specification")).to_contain_text(re.compile(f"On {DATE}, with the next bundle month"))
    page.get_by_role("button", name="Adjust Plan").click()
    row = new_row(page, "Plan")
    expect(row).to_contain_text(re.compile(f"PLAN DOWNGRADE SCHEDULED\\s*to S on {DATE}"))
    assert available(page) == before - 30

    page.goto(LIST)
    assert menu_of(page, "Plan") == ["Adjust Plan Size", "Cancel Plan Downgrade", "Deprovision Resource"]
    page.get_by_role("link", name="Cancel Plan Downgrade").click()
    dialog = page.get_by_role("dialog", name="Cancel Plan Downgrade")
    expect(dialog).to_contain_text(re.compile(f"does not change to S .* on {DATE}"))
    assert not findings(page)
    dialog.get_by_role("button", name="Cancel Plan Downgrade").click()
    expect(new_row(page, "Plan")).to_contain_text("ACTIVE")
    expect(page.get_by_role("status")).to_contain_text("The scheduled change was cancelled.")


def test_a_plan_is_converted_after_saying_that_there_is_no_way_back(page):
    provision(page, "embeddings", "Convert", r"^6 /", size="embeddings-s")
    choose(page, "Convert", "Adjust Plan Size")
    page.get_by_label("Convert to Cloud Tokens").check()
    expect(page.get_by_text("there is no way back to a size")).to_be_visible()
    page.get_by_label("Cloud Tokens", exact=True).fill("7")
    expect(page.locator("#specification")).to_contain_text("may cost at most what the plan costs")
    page.get_by_role("button", name="Adjust Plan").click()
    expect(page.locator(".error")).to_contain_text("may cost at most what the plan costs")
    page.get_by_label("Cloud Tokens", exact=True).fill("6")
    page.get_by_role("button", name="Adjust Plan").click()
    expect(new_row(page, "Convert")).to_contain_text(re.compile(f"ACTIVE\\s*converts to 600 GenAI Units on {DATE}"))
    assert menu_of(page, "Convert") == ["Adjust Plan Size", "Cancel Conversion", "Deprovision Resource"]


def test_units_are_edited_at_once_and_an_older_form_says_so(page):
    provision(page, "text", "Units", r"^2 /", tokens="2")
    before = available(page)
    page.goto(LIST)
    assert menu_of(page, "Units") == ["Edit Resource", "Deprovision Resource"]
    page.get_by_role("link", name="Edit Resource").click()
    older = page.context.new_page()
    older.goto(page.url)
    page.get_by_label("Display Name").fill("Units, renamed")
    page.get_by_label("Environment").select_option("Production")
    page.get_by_label("Cloud Tokens", exact=True).fill("3")
    asks(page, rf"^\+1 / {before}$")
    page.get_by_role("button", name="Save").click()
    row = new_row(page, "Units, renamed")
    expect(row).to_contain_text("300 GenAI Units")
    expect(row).to_contain_text("Production")
    assert available(page) == before - 1

    older.get_by_label("Display Name").fill("Typed in the older form")
    older.get_by_role("button", name="Save").click()
    expect(older.get_by_role("alert")).to_contain_text("was changed while this form was open")
    expect(older.get_by_label("Display Name")).to_have_value("Typed in the older form")
    older.get_by_label("Cloud Tokens", exact=True).fill("1")
    asks(older, r"^−2 /")
    older.get_by_role("button", name="Save").click()
    expect(new_row(older, "Typed in the older form")).to_contain_text("100 GenAI Units")
    older.close()
    assert available(page) == before + 1


# Ending


def test_deprovisioning_is_asked_scheduled_and_cancelled(page):
    provision(page, "text", "Ending", r"^1 /", tokens="1")
    choose(page, "Ending", "Deprovision Resource")
    dialog = page.get_by_role("dialog", name="Deprovision “Ending”?")
    for part in ("Text generation", "Test", CHAT_MODEL, "1 Cloud Token", "Bram de Wit"):
        expect(dialog).to_contain_text(part)
    expect(dialog).to_contain_text(re.compile(DATE))
    assert not findings(page)
    # Closing it leaves everything as it was; so does reloading afterwards.
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    # The address follows a moment later, sooner than anybody reloads.
    expect(page).not_to_have_url(re.compile("deprovisioning"))
    page.reload()
    expect(page.get_by_role("dialog")).to_have_count(0)
    choose(page, "Ending", "Deprovision Resource")
    page.get_by_role("dialog").get_by_role("button", name="Deprovision", exact=True).click()
    expect(new_row(page, "Ending")).to_contain_text(re.compile(f"DEPROVISIONING SCHEDULED\\s*on {DATE}"))
    expect(page.get_by_role("status")).to_contain_text("Until then everything works")

    page.goto(f"{LIST}?status=DEPROVISIONING+SCHEDULED")
    assert menu_of(page, "Ending") == ["Edit Resource", "Cancel Deprovisioning"]
    page.get_by_role("link", name="Cancel Deprovisioning").click()
    dialog = page.get_by_role("dialog", name="Cancel the deprovisioning of “Ending”?")
    dialog.get_by_role("button", name="Cancel Deprovisioning").click()
    expect(page.get_by_role("status")).to_contain_text("The deprovisioning of “Ending” was cancelled.")
    page.goto(LIST)
    assert "Deprovision Resource" in menu_of(page, "Ending")


def test_an_embeddings_resource_ends_together_with_its_knowledge_bases(page):
    search = provision(page, "embeddings", "Shared search", r"^1 /", tokens="1")
    provision(page, "knowledge-base", "Cases", r"^48 /", embeddings=search)
    page.goto(f"{LIST}?type=embeddings")
    choose(page, "Shared search", "Deprovision Resource")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("row").filter(has_text="Cases")).to_contain_text(re.compile(DATE))
    dialog.get_by_label(re.compile("Deprovision the knowledge base as well")).check()
    dialog.get_by_role("button", name="Deprovision", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("“Cases” is deprovisioned on")
    page.goto(f"{LIST}?type=knowledge-base")
    choose(page, "Cases", "Cancel Deprovisioning")
    expect(page.get_by_role("dialog")).to_contain_text("the deprovisioning of “Shared search” is cancelled as well")
    page.get_by_role("dialog").get_by_role("button", name="Cancel Deprovisioning").click()
    page.goto(f"{LIST}?type=embeddings")
    row = page.get_by_role("row").filter(has_text="Shared search")
    expect(row).to_contain_text("ACTIVE")


# Cloud Tokens


def test_transactions_are_filtered_sorted_and_paged(server, page):
    provision(page, "text", "Many 0", r"^1 /", tokens="1")
    # Increases and decreases of one resource make many transactions and keep none of the tokens.
    choose(page, "Many 0", "Edit Resource")
    address = page.url
    for tokens in ["2", "1"] * 13:
        page.goto(address)
        page.get_by_label("Cloud Tokens", exact=True).fill(tokens)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_contain_text("was saved")
    page.goto(TOKENS)
    expect(page.get_by_text(re.compile(r"Page 1 of \d"))).to_be_visible()
    newest = page.locator("[data-label=App]").first.inner_text()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text(re.compile(r"Page 2 of \d"))).to_be_visible()
    assert newest == "Many 0"
    # Choosing a filter is enough; it stays while sorting.
    page.get_by_label("Transaction").select_option(label="Released")
    expect(page.locator("[data-label=Transaction]").first).to_have_text("Released")
    assert set(page.locator("[data-label=Transaction]").all_inner_texts()) == {"Released"}
    assert all(text.startswith("+") for text in page.locator("td.num[data-label='Cloud Tokens']").all_inner_texts()[-5:])
    page.get_by_role("link", name="Tokens Remaining").click()
    expect(page.get_by_role("columnheader", name="Tokens Remaining")).to_have_attribute("aria-sort", "ascending")
    remaining = [int(text) for text in page.locator("[data-label='Tokens Remaining']").all_inner_texts()]
    assert remaining == sorted(remaining) and len(remaining) > 5
    expect(page.get_by_label("Transaction")).to_have_value("released")
    assert not findings(page)
