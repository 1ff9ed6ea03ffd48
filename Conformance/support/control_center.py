"""What a company admin does in the Control Center with a browser, and a server on which nobody else spends tokens."""

import contextlib
import re

from playwright.sync_api import expect

from .server import Server, run
from .simulator import CHAT_MODEL, EMBED_MODEL

LIST = "/control-center/resources"
TOKENS = "/control-center/cloud-tokens"
MODELS = {"text": CHAT_MODEL, "embeddings": EMBED_MODEL}


@contextlib.contextmanager
def wealthy_server(folder, simulator):
    """A server with the demo company and enough Cloud Tokens for many resources."""
    with Server(folder, simulator) as started:
        granted = run(
            "contract", "grant", "Northwind", "--cloud-tokens", "500", "--to", "2090-01-01", "--data", started.data,
            environment=started.environment)
        assert granted.returncode == 0, granted.stderr
        yield started


def fill(page, kind, name, size=None, tokens=None, environment="Test", embeddings=None):
    page.goto(f"{LIST}/provision?type={kind}")
    page.get_by_label("Display Name").fill(name)
    page.get_by_label("Environment").select_option(environment)
    page.get_by_label("Mendix Cloud Region").select_option("Local")
    if kind in MODELS:
        page.get_by_label(MODELS[kind], exact=True).check()
    if size:
        page.get_by_label("By size").check()
        page.get_by_label("Size", exact=True).select_option(size)
    if tokens:
        page.get_by_label("Cloud Tokens", exact=True).fill(tokens)
    if embeddings:
        page.get_by_label("Embeddings Resource").select_option(embeddings)
        expect(page.get_by_label("Embeddings Model")).to_contain_text(EMBED_MODEL)
    page.get_by_label("User", exact=True).fill("Bram de Wit")
    page.get_by_label("Email", exact=True).fill("bram@northwind.example")


def asks(page, consumption):
    expect(page.locator("#specification .sum dd")).to_contain_text(re.compile(consumption))


def summary_of(page):
    page.get_by_role("button", name="Provision Resource").click()
    summary = page.get_by_role("dialog", name="Resource Summary")
    expect(summary).to_be_visible()
    return summary


def new_row(page, name):
    row = page.locator("tr.new")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(name)
    return row


def id_of(row):
    address = row.get_by_role("link").first.get_attribute("href")
    return re.search(r"/resources/([0-9a-z]{10})", address).group(1)


def provision(page, kind, name, consumption, **fields):
    """By form and summary; gives the new resource's id."""
    fill(page, kind, name, **fields)
    asks(page, consumption)
    summary_of(page).get_by_role("button", name="Provision", exact=True).click()
    return id_of(new_row(page, name))


def menu_of(page, name):
    """Opens the three dots of a row and gives what they offer."""
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))
    row.get_by_label(f"Actions for {name}").click()
    expect(row.get_by_role("link").last).to_be_visible()
    return row.locator("details.menu a").all_text_contents()


def choose(page, name, item):
    menu_of(page, name)
    page.locator("details.menu[open]").get_by_role("link", name=item).click()


def available(page):
    page.goto(TOKENS)
    return int(page.locator(".figure").first.inner_text().replace(",", ""))
