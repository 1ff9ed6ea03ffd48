"""Forms outlive what happens around them: a server that is away, a session that ended, an answer that comes too late."""

import pytest
from playwright.sync_api import expect

from support.control_center import LIST, asks, fill, summary_of
from support.screen import sign_in


@pytest.fixture
def page(server, new_context):
    # What goes wrong here on purpose is no problem of the page.
    page = new_context(watched=False).new_page()
    sign_in(page, server.admin)
    return page


def test_a_server_that_is_away_takes_nothing_that_was_typed(page):
    fill(page, "text", "Unplugged", tokens="3")
    asks(page, r"^3 /")
    page.route("**/control-center/**", lambda route: route.abort())
    page.get_by_label("Cloud Tokens", exact=True).fill("4")
    expect(page.locator("#specification").get_by_role("alert")).to_contain_text("The server does not answer")
    page.get_by_role("button", name="Provision Resource").click()
    told = page.locator("form > [role=alert]")
    expect(told).to_contain_text("What you filled in stays here")
    expect(told).to_be_focused()
    expect(page.get_by_label("Display Name")).to_have_value("Unplugged")
    page.unroute("**/control-center/**")
    page.get_by_label("Cloud Tokens", exact=True).fill("5")
    asks(page, r"^5 /")
    expect(page.locator("#specification").get_by_role("alert")).to_have_count(0)
    expect(summary_of(page)).to_contain_text("Unplugged")


def test_somebody_who_signed_out_elsewhere_signs_in_and_goes_on(page, server):
    fill(page, "text", "Signed out", tokens="2")
    asks(page, r"^2 /")
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Provision Resource").click()
    told = page.locator("form > [role=alert]")
    expect(told).to_contain_text("You are signed out")
    expect(told.get_by_role("link", name="Sign in in a new tab")).to_have_attribute("href", "/sign-in")
    sign_in(other, server.admin)
    expect(summary_of(page)).to_contain_text("Signed out")


def test_a_problem_goes_when_its_field_changes_and_a_late_answer_takes_none_away(page):
    page.goto(f"{LIST}/provision?type=text")
    page.get_by_label("Display Name").press_sequentially("x")
    page.get_by_label("Display Name").fill("")
    page.get_by_role("button", name="Provision Resource").click()
    problems = page.locator(".problems li")
    expect(problems.filter(has_text="name")).to_have_count(1)
    # Longer than the specification's answer takes.
    page.wait_for_timeout(800)
    note = page.locator(".field", has=page.get_by_label("Display Name")).locator(".error")
    expect(note).to_have_count(1)
    before = problems.count()
    page.get_by_label("Display Name").fill("Mended")
    expect(note).to_have_count(0)
    expect(problems).to_have_count(before - 1)
    expect(page.get_by_label("Display Name")).not_to_have_attribute("aria-invalid", "true")
