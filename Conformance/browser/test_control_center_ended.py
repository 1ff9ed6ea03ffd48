"""What a company admin sees once contracts ended while nobody looked: suspended and deprovisioned resources."""

import json
import re
import sqlite3

import pytest
from playwright.sync_api import expect

from support.control_center import LIST, TOKENS, menu_of
from support.screen import findings, sign_in
from support.server import Person, Server, run

DAY = 86_400_000
COLUMNS = {
    "companies": ["created_at", "settled_at"], "contracts": ["starts_at", "ends_at", "recorded_at"],
    "resources": ["provisioned_at", "changed_at"], "capacity_changes": ["effective_at", "recorded_at"],
    "deprovisionings": ["effective_at", "recorded_at"], "ledger_entries": ["effective_at"],
}


def operator(server, *arguments):
    done = run(*arguments, "--data", server.data, "--json", environment=server.environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def provision(server, name):
    return operator(
        server, "resource", "provision", "Fernhill", "--order", f"SO-{name}", "--type", "text", "--name", name,
        "--environment", "test", "--region", "local", "--model", "packhouse-extractive-1", "--cloud-tokens", "10",
        "--user-name", "Maud Peters", "--user-email", "maud@fernhill.example")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """All facts lie forty days back: the contract ended 39 days ago, and bundle months ended since."""
    with Server(tmp_path_factory.mktemp("ended"), demo=False) as started:
        made = operator(
            started, "company", "create", "Fernhill", "--admin-name", "Maud Peters", "--admin-email",
            "maud@fernhill.example", "--cloud-tokens", "30")
        ids = [provision(started, name)["resource"]["id"] for name in ("Old chat", "New chat", "Gone chat")]
        operator(started, "resource", "deprovision", ids[-1], "--yes")
        started.stop()
        with sqlite3.connect(started.data / "packhouse.sqlite") as database:
            for table, columns in COLUMNS.items():
                moved = ", ".join(f"{column} = {column} - {40 * DAY}" for column in columns)
                database.execute(f"UPDATE {table} SET {moved}")
            database.execute(f"UPDATE contracts SET ends_at = starts_at + {DAY}")
        started.start()
        started.maud = Person("maud@fernhill.example", made["password"])
        yield started


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_suspended_and_deprovisioned_resources_offer_what_is_left_to_do(server, new_context, width, theme):
    page = new_context(viewport={"width": width, "height": 900}, theme=theme).new_page()
    sign_in(page, server.maud)
    page.goto(f"{LIST}?type=text")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="New chat", exact=True))
    expect(row).to_contain_text(re.compile(r"SUSPENDED.*\d{1,2} \w+ \d{4}", re.DOTALL))
    assert menu_of(page, "New chat") == ["Edit Resource", "Deprovision Resource"]
    assert findings(page) == []
    expect(page.get_by_role("link", name="Gone chat", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Provision Resource")).to_be_disabled()
    page.goto(f"{LIST}?type=text&status=DEPROVISIONED")
    gone = page.get_by_role("row").filter(has=page.get_by_role("link", name="Gone chat", exact=True))
    expect(gone).to_contain_text("DEPROVISIONED")
    expect(gone.get_by_label("Actions for Gone chat")).to_have_count(0)


def test_the_ledger_tells_what_happened_meanwhile(server, new_context):
    page = new_context().new_page()
    sign_in(page, server.maud)
    page.goto(TOKENS)
    kinds = page.locator("td[data-label=Transaction]").all_text_contents()
    assert sorted(kinds) == ["Allocated"] * 3 + ["Expired"] + ["Granted"] + ["Released"] * 3
