"""The operator on the command line: a company from nothing, and tampering that is found. With a server and without."""

import json
import os
import pty
import re
import select
import sqlite3
import subprocess
import time
import urllib.parse
import uuid

import pytest

from support import paths
from support.portal import Portal
from support.server import Person, Server, run

CLUSTER = os.environ.get("PACKHOUSE_TEST_POSTGRES", "")
PASSWORD = "a staple of its own"
NOTHING, REFUSED, FOUND, WRONG = 0, 1, 2, 64


class Operator:
    """Whoever has a shell on the server, for one data folder."""

    def __init__(self, folder, database=None):
        self.environment = {"PACKHOUSE_DATABASE_URL": database} if database else {}
        self.server = Server(folder, demo=False, environment=self.environment)
        self.data, self.database = self.server.data, database

    def run(self, *arguments, answer=None):
        """Runs a command to its end; `answer` is its standard input."""
        return subprocess.run(
            [str(part) for part in (paths.PACKHOUSE, *arguments, "--data", self.data)], input=answer or "",
            capture_output=True, text=True, timeout=60, env={**os.environ, **self.environment})

    def does(self, *arguments, answer=None):
        """What a command prints as JSON, which must succeed and say nothing beside it."""
        result = self.run(*arguments, "--json", answer=answer)
        assert result.returncode == NOTHING and not result.stderr, result.stderr
        return json.loads(result.stdout)

    def refused(self, status, *arguments, answer=None):
        """What a command says that must end with `status`; it prints no result."""
        result = self.run(*arguments, answer=answer)
        assert result.returncode == status, f"{result.returncode}: {result.stdout}{result.stderr}"
        assert not result.stdout and result.stderr, result.stdout
        return result.stderr

    def found(self, *arguments):
        """What a verification prints that must find something."""
        result = self.run(*arguments, "--json")
        assert result.returncode == FOUND, f"{result.returncode}: {result.stdout}{result.stderr}"
        return json.loads(result.stdout)

    def company(self, name="Fernhill", tokens=200):
        """A new company; its admin's password is in it."""
        return self.does("company", "create", name, "--time-zone", "Europe/Amsterdam", "--admin-name", "Maud Peters",
                         "--admin-email", f"maud@{name.lower()}.example", "--cloud-tokens", tokens)

    def provision(self, name="Support assistant", order="SO-4711", kind="text", model="packhouse-extractive-1"):
        return self.does(
            "resource", "provision", "Fernhill", "--order", order, "--type", kind, "--name", name, "--environment",
            "test", "--region", "local", "--model", model, "--cloud-tokens", 30, "--user-name", "Joris Blom",
            "--user-email", "joris@fernhill.example")

    def sql(self, statement):
        """Changes the database behind the program's back."""
        if self.database:
            done = subprocess.run(["psql", "--dbname", self.database, "--command", statement], check=True,
                                  capture_output=True, text=True, timeout=30)
            assert not done.stdout.strip().endswith(" 0"), "nothing was changed"
            return
        connection = sqlite3.connect(self.data / "packhouse.sqlite", timeout=10)
        with connection:
            assert connection.execute(statement).rowcount > 0, "nothing was changed"
        connection.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def operator(request, tmp_path):
    """Nothing is there yet, but for an empty database on PostgreSQL."""
    if request.param == "sqlite":
        operator = Operator(tmp_path)
        yield operator
        operator.server.__exit__()
        return
    if not CLUSTER:
        pytest.skip("PACKHOUSE_TEST_POSTGRES names no PostgreSQL")
    name = f"conformance_{uuid.uuid4().hex[:12]}"

    def psql(statement):
        subprocess.run(["psql", "--quiet", "--dbname", CLUSTER, "--command", statement], check=True, timeout=30)

    psql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    operator = Operator(tmp_path, urllib.parse.urlsplit(CLUSTER)._replace(path=f"/{name}").geturl())
    try:
        yield operator
    finally:
        operator.server.__exit__()
        psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["running", "stopped"])
def founded(request, operator):
    """An operator with a company, while a server runs or none does."""
    operator.made = operator.company()
    if request.param == "running":
        operator.server.start()
    return operator


# A company from nothing


def test_a_company_by_commands_only(founded):
    company = founded.made
    assert company["contract"]["cloudTokens"] == 200 and company["timeZone"] == "Europe/Amsterdam"
    granted = founded.does("contract", "grant", "Fernhill", "--cloud-tokens", 100, "--to", "2199-01-01")
    assert granted["balance"] == {"total": 300, "allocated": 0, "available": 300}
    assert len(founded.does("contract", "list", company["id"])) == 2
    closed = founded.does("subscription", "set", "Fernhill", "--status", "inactive")
    assert closed["hasChanged"] and closed["reasons"]
    member = founded.does("user", "create", "Fernhill", "--name", "Joris Blom", "--email", "joris@fernhill.example")
    ordered = founded.provision()
    resource = ordered["resource"]
    assert resource["orderReference"] == "SO-4711" and ordered["user"] == "onTeam"
    assert ordered["balance"]["available"] == 270
    assert [row["id"] for row in founded.does("resource", "list", "Fernhill")] == [resource["id"]]
    listed = founded.does("company", "show", "Fernhill")
    assert listed["selfServiceReasons"] and listed["statuses"] == {"ACTIVE": 1}
    assert founded.does("subscription", "set", "Fernhill", "--status", "active")["reasons"] == []
    assert [row["name"] for row in founded.does("company", "list")] == ["Fernhill"]
    assert len(founded.does("user", "list", "Fernhill")) == 2
    assert len(founded.does("subscription", "list", "Fernhill")) == 1

    if not founded.server.ready:
        founded.server.start()
    admin = Portal(founded.server.portal, Person(company["admin"]["email"], company["password"]))
    assert "Support assistant" in admin.get("/control-center/resources").text
    person = Portal(founded.server.portal, Person(member["user"]["email"], member["password"]))
    assert "Support assistant" in person.get("/").text

    ended = founded.does("resource", "deprovision", resource["id"], "--yes")
    assert [end["id"] for end in ended["ends"]] == [resource["id"]]
    assert "DEPROVISIONING SCHEDULED" in admin.get("/control-center/resources").text
    assert founded.does("resource", "cancel-deprovisioning", resource["id"])["names"] == ["Support assistant"]
    assert [report["agrees"] for report in founded.does("ledger", "verify")] == [True]
    assert [report["intact"] for report in founded.does("audit", "verify")] == [True]


def test_a_new_password_ends_what_the_old_one_opened(operator):
    operator.company()
    operator.server.start()
    created = operator.does("user", "create", "Fernhill", "--name", "Cleo Mori", "--email", "cleo@fernhill.example",
                            "--admin", "--password-stdin", answer=f"{PASSWORD}\n")
    assert "password" not in created
    person = Portal(operator.server.portal, Person("cleo@fernhill.example", PASSWORD))
    assert "sign-in" not in person.get("/control-center/resources").url
    reset = operator.does("user", "reset-password", "cleo@fernhill.example")
    assert reset["endedSessions"] == 1
    assert "sign-in" in person.get("/control-center/resources").url
    Portal(operator.server.portal, Person("cleo@fernhill.example", reset["password"])).get("/control-center/resources")


def test_any_account_can_be_closed_and_opened_again(founded):
    """P-7: never blocked, not even for the last admin."""
    person = None
    if founded.server.ready:
        person = Portal(founded.server.portal, Person(founded.made["admin"]["email"], founded.made["password"]))
        assert "sign-in" not in person.get("/control-center/resources").url
    line = ["user", "deactivate", "Fernhill", "--email", "maud@fernhill.example"]
    closed = founded.does(*line)
    assert closed["hasChanged"] and closed["user"]["status"] == "deactivated" and closed["notes"]
    if person:
        assert "sign-in" in person.get("/control-center/resources").url
    assert not founded.does(*line)["hasChanged"]
    opened = founded.does("user", "reactivate", "Fernhill", "--email", "maud@fernhill.example")
    assert opened["hasChanged"] and opened["user"]["status"] == "active" and not opened["notes"]
    said = founded.refused(REFUSED, "user", "deactivate", "Fernhill", "--email", "nobody@fernhill.example")
    assert "Nobody whose home is “Fernhill” has the address nobody@fernhill.example." in said
    assert [user["status"] for user in founded.does("user", "list", "Fernhill")] == ["active"]


def test_a_company_is_meant_by_its_id_before_any_name(founded):
    other = founded.company("Westgate")
    founded.sql(f"UPDATE companies SET name = '{founded.made['id']}' WHERE id = '{other['id']}'")
    granted = founded.does(
        "contract", "grant", founded.made["id"], "--cloud-tokens", 1, "--to", "2199-01-01")
    assert granted["companyName"] == "Fernhill"


def test_what_was_done_with_a_server_stays_without_one(operator):
    operator.company()
    operator.server.start()
    resource = operator.provision()["resource"]["id"]
    assert operator.server.stop() == 0
    assert [row["id"] for row in operator.does("resource", "list", "Fernhill")] == [resource]
    operator.does("resource", "deprovision", resource, "--yes")
    operator.server.start()
    said = operator.refused(REFUSED, "resource", "deprovision", resource, "--yes")
    assert "“Support assistant” is scheduled for deprovisioning already." in said
    assert operator.does("ledger", "verify")[0]["agrees"]


# Mistakes


def test_every_mistake_is_told_at_once_and_nothing_is_done(founded):
    before = founded.does("company", "list")
    said = founded.refused(
        WRONG, "resource", "provision", "Fernhill", "--order", "", "--type", "video", "--environment", "live",
        "--region", "local", "--cloud-tokens", "0", "--user-name", "", "--user-email", "x", "--bogus", "--log-level",
        "loud")
    for part in ["--order: ", "--type: ", "--name: ", "--environment: ", "--cloud-tokens: ", "--user-name: ",
                 "--user-email: ", "--model: ", "no option --bogus", "log.level"]:
        assert part in said, part
    said = founded.refused(
        WRONG, "resource", "provision", "Fernhill", "--order", "S", "--type", "text", "--name", "N", "--environment",
        "test", "--region", "nowhere", "--model", "gpt", "--cloud-tokens", 1, "--user-name", "U", "--user-email",
        "u@x.example")
    assert "--region: " in said and "--model: " in said
    for status, arguments, sentence in [
        (REFUSED, ["company", "create", "Fernhill", "--admin-name", "A", "--admin-email", "a@b.example"],
         "There is a company “Fernhill” already"),
        (REFUSED, ["user", "create", "Fernhill", "--name", "M", "--email", "MAUD@fernhill.example"],
         "maud@fernhill.example has an account already"),
        (REFUSED, ["contract", "grant", "Nowhere", "--cloud-tokens", 1, "--to", "2199-01-01"],
         "There is no company “Nowhere”."),
        (WRONG, ["contract", "grant", "Fernhill", "--cloud-tokens", 1, "--to", "2020-01-01"],
         "--to: The contract would be over already"),
        (REFUSED, ["user", "reset-password", "nobody@fernhill.example"], "Nobody has an account"),
        (REFUSED, ["resource", "deprovision", "zzzzzzzzzz", "--yes"], "There is no resource zzzzzzzzzz."),
        (REFUSED, ["company", "show", "Nowhere"], "There is no company “Nowhere”."),
        (WRONG, ["subscription", "set", "Fernhill", "--kind", "huge"], "--kind: “huge” is not possible."),
        (WRONG, ["audit", "verify", "--since-head", "x"], "--since-head: "),
        (WRONG, ["user", "create", "Fernhill", "--name", "X", "--email", "x@y.example", "--password", PASSWORD],
         "There is no option --password."),
    ]:
        said = founded.refused(status, *arguments)
        assert sentence in said and PASSWORD not in said, said
    assert founded.does("company", "list") == before


def test_a_short_password_is_refused_and_not_printed(founded):
    said = founded.refused(WRONG, "user", "create", "Fernhill", "--name", "X", "--email", "x@y.example",
                           "--password-stdin", answer="hunter2\n")
    assert "--password-stdin: Choose a password of at least 12 characters." in said and "hunter2" not in said


def test_nobody_is_asked_where_nobody_sits(founded):
    resource = founded.provision()["resource"]["id"]
    said = founded.refused(REFUSED, "resource", "deprovision", resource)
    assert "This would end" in said and "add --yes" in said
    assert founded.does("resource", "list", "Fernhill")[0]["status"] == "ACTIVE"
    assert founded.does("resource", "deprovision", resource, "--dry-run")["dryRun"]
    assert founded.does("resource", "list", "Fernhill")[0]["status"] == "ACTIVE"


def test_a_repeat_with_the_same_key_does_nothing_and_another_request_is_refused(founded):
    line = ["contract", "grant", "Fernhill", "--to", "2199-01-01", "--idempotency-key", "renewal"]
    first = founded.does(*line, "--cloud-tokens", 50)
    again = founded.does(*line, "--cloud-tokens", 50)
    assert again.pop("wasRepeated") and not first.pop("wasRepeated") and first == again
    assert "used for something else" in founded.refused(REFUSED, *line, "--cloud-tokens", 51)
    assert founded.does("company", "show", "Fernhill")["company"]["balance"]["total"] == 250


def test_a_repeated_order_with_any_other_option_is_refused(founded):
    line = ["resource", "provision", "Fernhill", "--order", "SO-1", "--type", "text", "--environment", "test",
            "--region", "local", "--model", "packhouse-extractive-1", "--user-name", "Joris Blom", "--user-email",
            "joris@fernhill.example", "--idempotency-key", "order-1"]
    first = founded.does(*line, "--name", "One", "--cloud-tokens", 10)
    again = founded.does(*line, "--name", "One", "--cloud-tokens", 10)
    assert again.pop("wasRepeated") and not first.pop("wasRepeated") and first == again
    for other in (["--name", "Two", "--cloud-tokens", 10], ["--name", "One", "--cloud-tokens", 11],
                  ["--name", "One", "--size", "S"]):
        assert "used for something else" in founded.refused(REFUSED, *line, *other)
    assert len(founded.does("resource", "list", "Fernhill")) == 1


def test_an_account_that_is_not_there_cannot_be_removed(founded):
    said = founded.refused(WRONG, "subscription", "set", "Fernhill", "--remove-account", "second")
    assert "--remove-account: The company has no platform account “second”. It has: main." in said


def test_a_history_is_not_written_beside_a_server(operator):
    history = paths.BINARIES / "company-history"
    if not history.exists():
        pytest.skip("company-history is not built")
    line = [str(part) for part in (
        history, "--data", operator.data, "--resources", 20, "--entries", 40, "--end", 1_780_000_000_000,
        *(["--database", operator.database] if operator.database else []))]
    operator.company()
    operator.server.start()
    beside = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert beside.returncode != 0 and "is in use by process" in beside.stderr, beside.stderr
    assert operator.server.stop() == 0
    alone = subprocess.run([*line, "--name", "Old"], capture_output=True, text=True, timeout=60)
    assert alone.returncode == 0, alone.stderr
    assert [row["name"] for row in operator.does("company", "list")] == ["Fernhill", "Old"]


def test_a_folder_without_an_installation_is_left_alone(tmp_path):
    operator = Operator(tmp_path)
    for arguments in (["company", "list"], ["ledger", "verify"], ["user", "reset-password", "a@b.example"]):
        assert "There is no installation in the data folder" in operator.refused(REFUSED, *arguments)
    assert not operator.data.exists()


def test_a_database_with_companies_is_not_given_a_second_data_folder(operator, tmp_path):
    if not operator.database:
        pytest.skip("with SQLite the database lies in the data folder")
    operator.company()
    other = Operator(tmp_path / "other", operator.database)
    said = other.refused(REFUSED, "company", "create", "Second", "--admin-name", "A", "--admin-email", "a@b.example")
    assert "There is no installation in the data folder" in said and not other.data.exists()


def test_help_is_a_manual():
    for command in (["company", "create"], ["resource", "provision"], ["audit", "verify"]):
        for line in ([*command, "--help"], ["help", *command]):
            result = run(*line)
            assert result.returncode == 0, result.stderr
            for part in ("OPTIONS", "EXAMPLES", "EXIT STATUS", "SETTINGS"):
                assert part in result.stdout, f"{line}: {part}"
            assert all(len(row) <= 80 or " " not in row.strip() for row in result.stdout.splitlines()), line
    assert run("company", "creat").returncode == WRONG
    version = run("--version")
    assert version.returncode == 0 and re.fullmatch(r"\d+\.\d+\.\d+\n", version.stdout)


# At a terminal


def at_a_terminal(command, answers):
    """Runs a command on a terminal, answers its questions one after the other, and gives what stood there."""
    process, terminal = pty.fork()
    if process == 0:
        os.execv(command[0], command)
    shown, end = "", time.monotonic() + 30
    waiting = list(answers)
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                part = os.read(terminal, 4096).decode()
            except OSError:
                break
            if not part:
                break
            shown += part
        if waiting and shown.rstrip().endswith(waiting[0][0]):
            # The echo is switched off after the question was written.
            time.sleep(0.3)
            os.write(terminal, f"{waiting.pop(0)[1]}\n".encode())
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown


def test_a_password_is_asked_for_twice_and_not_shown(founded):
    line = [str(part) for part in (
        paths.PACKHOUSE, "user", "create", "Fernhill", "--name", "Cleo", "--email", "cleo@fernhill.example",
        "--password-stdin", "--data", founded.data, *(["--database", founded.database] if founded.database else []))]
    status, shown = at_a_terminal(line, [("Password:", PASSWORD), ("The same again:", "something else instead")])
    assert status == WRONG and "The two passwords are not the same." in shown and PASSWORD not in shown
    status, shown = at_a_terminal(line, [("Password:", PASSWORD), ("The same again:", PASSWORD)])
    assert status == NOTHING and "Created an account for Cleo" in shown and PASSWORD not in shown


def test_a_deprovisioning_is_confirmed(founded):
    resource = founded.provision()["resource"]["id"]
    line = [str(part) for part in (
        paths.PACKHOUSE, "resource", "deprovision", resource, "--data", founded.data,
        *(["--database", founded.database] if founded.database else []))]
    status, shown = at_a_terminal(line, [("Type yes to go on:", "no")])
    assert status == REFUSED and "Nothing was changed." in shown
    assert founded.does("resource", "list", "Fernhill")[0]["status"] == "ACTIVE"
    line += ["--idempotency-key", "the end"]
    status, shown = at_a_terminal(line, [("Type yes to go on:", "yes")])
    assert status == NOTHING and "Scheduled to end" in shown
    assert founded.does("resource", "list", "Fernhill")[0]["status"] == "DEPROVISIONING SCHEDULED"
    # A repeat has nothing left to be asked.
    status, shown = at_a_terminal(line, [])
    assert status == NOTHING and "Nothing was done again" in shown and "Type yes" not in shown, shown


# Tampering


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_entries SET amount = amount + 1, remaining = remaining + 1 WHERE kind = 'granted' AND {own}",
    "UPDATE ledger_entries SET remaining = remaining + 10 WHERE kind = 'allocated' AND {own}",
    "UPDATE ledger_entries SET amount = amount - 1 WHERE kind = 'allocated' AND {own}",
    "DELETE FROM ledger_entries WHERE kind = 'allocated' AND {own}",
    "UPDATE contracts SET tokens = tokens * 10 WHERE {own}",
    "UPDATE capacity_changes SET tokens = 1 WHERE resource_id IN (SELECT id FROM resources WHERE {own})",
])
def test_a_changed_ledger_or_fact_is_found(founded, statement):
    founded.provision()
    other = founded.company("Westgate")
    assert all(report["agrees"] for report in founded.does("ledger", "verify"))
    founded.sql(statement.format(own=f"company_id = '{founded.made['id']}'"))
    reports = {report["companyName"]: report for report in founded.found("ledger", "verify")}
    assert not reports["Fernhill"]["agrees"] and reports["Fernhill"]["differences"]
    assert reports["Westgate"]["agrees"]
    assert founded.does("ledger", "verify", other["id"])[0]["agrees"]
    text = founded.run("ledger", "verify", "Fernhill")
    assert text.returncode == FOUND and re.search(r"\d+ differences?\n  \w", text.stdout)


@pytest.mark.parametrize("statement", [
    "UPDATE activity_entries SET sentence = 'Nothing happened' WHERE position = 2",
    "UPDATE activity_entries SET at = at - 1 WHERE position = 2",
    "UPDATE activity_entries SET hash = previous_hash WHERE position = 2",
    "DELETE FROM activity_entries WHERE position = 2",
    "DELETE FROM activity_entries WHERE position = 1",
])
def test_changed_activity_is_found(founded, statement):
    founded.provision()
    founded.does("contract", "grant", "Fernhill", "--cloud-tokens", 1, "--to", "2199-01-01")
    assert founded.does("audit", "verify")[0]["intact"]
    founded.sql(statement)
    finding, = founded.found("audit", "verify")
    assert not finding["intact"] and finding["problems"] and "head" not in finding


def test_a_head_that_was_written_down_proves_that_the_end_was_cut_off(founded):
    founded.provision()
    founded.does("contract", "grant", "Fernhill", "--cloud-tokens", 1, "--to", "2199-01-01")
    head, = founded.does("audit", "head", "Fernhill")
    assert founded.does("audit", "verify", "--since-head", head["head"])[0]["intact"]
    founded.sql(f"DELETE FROM activity_entries WHERE position = {head['lines']}")
    # By itself the rest is in order; the head knows better.
    assert founded.does("audit", "verify")[0]["intact"]
    finding, = founded.found("audit", "verify", "--since-head", head["head"])
    assert finding["problems"]
    forged = head["head"][:-1] + ("0" if head["head"][-1] != "0" else "1")
    finding, = founded.found("audit", "verify", "--since-head", forged)
    assert finding["problems"]


def test_without_the_master_key_nothing_is_vouched_for(operator):
    operator.company()
    (operator.data / "master.key").unlink()
    assert "There is no master key at" in operator.refused(WRONG, "audit", "head")
    assert not (operator.data / "master.key").exists()
