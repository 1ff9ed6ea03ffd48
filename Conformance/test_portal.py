"""What the portal's forms do and refuse, without a browser: set-up, provisioning, rights, sign-in."""

import re

import pytest

from support.company import create_key, provision
from support.portal import Portal
from support.processes import wait_until
from support.server import Server
from support.simulator import CHAT_MODEL, DEAR_MODEL

ADMIN_PAGES = ["/control-center/resources", "/control-center/resources/provision", "/control-center/cloud-tokens"]


@pytest.fixture(scope="module")
def admin(server):
    return Portal(server.portal, server.admin)


@pytest.fixture(scope="module")
def member(server):
    return Portal(server.portal, server.member)


def filled(person, name, tokens):
    """The form of a text resource in Local, ready for its summary."""
    page = person.get("/control-center/resources/provision?type=text")
    form = page.form("Recalculate").fill("Mendix Cloud Region", "Local").submit().form("Provision Resource")
    form.fill("Display Name", name).fill("Environment", "Test").fill("Cloud Tokens", str(tokens)).check(CHAT_MODEL)
    return form


def named(person, name):
    """The rows of the list with this name."""
    page = person.get("/control-center/resources?type=text")
    return [row for row in page.html.select("tbody tr") if name in row.get_text()]


# Provisioning


def test_a_double_submit_provisions_once(admin):
    form = filled(admin, "Sent twice", 1).submit().form("Provision")
    first, second = form.submit(), form.submit()
    assert first.status == second.status == 200 and first.url == second.url
    assert len(named(admin, "Sent twice")) == 1


def test_more_than_the_balance_is_refused_by_the_server_too(admin):
    page = filled(admin, "Too dear", 5_000).submit()
    assert page.status in (409, 422) and "Cloud Tokens" in page.text
    assert "Resource Summary" not in page.text and not named(admin, "Too dear")
    # Even for somebody who skips the summary.
    form = filled(admin, "Too dear", 2).submit().form("Provision")
    form.values = [(name, "5000" if name == "cloudTokens" else value) for name, value in form.values]
    assert form.submit().status in (409, 422) and not named(admin, "Too dear")


@pytest.mark.parametrize("label, value, part", [
    ("Display Name", "", "display name"), ("Cloud Tokens", "0", "tokens"), ("Cloud Tokens", "1.5", "tokens"),
    ("Email", "nobody", "email"), ("User", "", "user"), ("Environment", "Choose", "environment"),
])
def test_wrong_fields_are_named_and_the_rest_is_kept(admin, label, value, part):
    form = filled(admin, "Half right", 1).fill(label, value)
    page = form.submit()
    assert page.status == 422, page.text[:300]
    alert = page.html.find(attrs={"role": "alert"})
    assert part.lower() in alert.get_text().lower()
    if label != "Display Name":
        assert page.form("Recalculate").field("Display Name")["value"] == "Half right"


def test_a_plan_is_offered_by_size(admin):
    page = admin.get("/control-center/resources/provision?type=text")
    form = page.form("Recalculate").fill("Mendix Cloud Region", "Local").submit().form("Recalculate").check(CHAT_MODEL)
    form.values = [(name, "plan" if name == "capacityKind" else value) for name, value in form.values]
    form = form.submit().form("Provision Resource")
    sizes = [option.get_text() for option in form.field("Size").find_all("option")]
    assert [size for size in sizes if re.match(r"[SML]\b", size)], sizes
    small = next(size for size in sizes if size.startswith("S"))
    form.fill("Size", " ".join(small.split())).fill("Display Name", "By size").fill("Environment", "Test")
    page = form.submit()
    assert "2.5M input and 1.25M output tokens" in page.text and "30 / " in page.text


# Rights


@pytest.mark.parametrize("address", ADMIN_PAGES)
def test_members_have_no_control_center(member, admin, address):
    assert member.get(address).status in (403, 404)
    assert admin.get(address).status == 200


def test_members_cannot_provision_by_hand(member, admin):
    form = filled(admin, "By hand", 1)
    token = dict(member.get("/").form("Sign out").values)["csrf"]
    values = [(name, token if name == "csrf" else value) for name, value in form.values]
    for target in ("/control-center/resources", "/control-center/resources/provision",
                   "/control-center/resources/specification"):
        assert member.request("POST", member.base + target, values).status in (403, 404)
    assert not named(admin, "By hand")


def test_a_resource_of_another_team_is_not_there(server, member, admin):
    hidden = provision(admin, "text", "Hidden", region="Local", models=[DEAR_MODEL], tokens=1)
    create_key(admin, hidden, "Hidden key")
    for path in ("", "/keys", "/keys/create", "/settings"):
        assert member.get(f"/resources/{hidden}{path}").status == 404
        # The control: what the member may see is there at the same address.
        assert member.get(f"/resources/{server.ready['textResource']}{path}").status == 200
    assert "Hidden" not in member.get("/").text and "Hidden" not in member.get("/docs").text
    assert member.get("/resources/zzzzzzzzzz").status == 404


@pytest.mark.parametrize("address", ["/", "/docs", "/account/sessions", *ADMIN_PAGES])
def test_strangers_are_led_to_the_sign_in(server, address):
    page = Portal(server.portal).get(address)
    assert "/sign-in" in page.url and page.form("Sign in")
    assert "Northwind" not in page.text


# Signing in


def test_sessions_are_listed_and_ended(server):
    first, second = Portal(server.portal, server.member), Portal(server.portal, server.member)
    page = first.get("/account/sessions")
    assert "THIS ONE" in page.text
    page.form("End all others").submit()
    assert "/sign-in" in second.get("/").url
    assert "/sign-in" not in first.get("/").url
    first.get("/").form("Sign out").submit()
    assert "/sign-in" in first.get("/").url


def test_signing_in_leads_on_within_the_portal_only(server):
    for target, expected in (("/docs", "/docs"), ("//elsewhere.invalid/", "/"), ("https://elsewhere.invalid/", "/")):
        person = Portal(server.portal)
        form = person.get(f"/sign-in?next={target}").form("Sign in")
        page = form.fill("Email", server.member.email).fill("Password", server.member.password).submit()
        assert page.url == server.portal + expected


def test_guessing_is_slowed_and_set_up_works_once(tmp_path):
    """One server of its own: these would get in the way of everybody else."""
    with Server(tmp_path, demo=False) as server:
        output = wait_until(lambda: re.search(r"http\S+/set-up\?token=\S+", server.program.output), 5, "no link")
        link = output.group()
        person = Portal(server.portal)
        form = person.get(link).form("Set up")
        form.fill("Company", "Lakeside").fill("Time zone", "Europe/Amsterdam").fill("Your name", "Mia Lind")
        page = form.fill("Your email", "mia@lakeside.example").fill("Password", "short").submit()
        assert page.status == 422 and "12" in page.html.find(attrs={"role": "alert"}).get_text()
        page = page.form("Set up").fill("Password", "correct horse battery").submit()
        assert page.status == 200 and "Provision Resource" in page.text
        assert "No resources yet" in person.get("/").text
        assert "Europe/Amsterdam" in person.get("/control-center/cloud-tokens").text
        # The link is spent.
        assert Portal(server.portal).get(link).status in (403, 404, 409, 410)
        # A first resource without any provider account: the offline models.
        resource = provision(
            person, "text", "First", region="Local", models=["Packhouse Extractive 1 (not a language model)"], tokens=1)
        assert create_key(person, resource, "First key").startswith("phk_")

        def attempt(password):
            stranger = Portal(server.portal)
            return stranger.get("/sign-in").form("Sign in").fill("Email", "mia@lakeside.example").fill(
                "Password", password).submit()
        # On a busy machine the wait may be over before the right password comes: then all begins anew.
        for _ in range(4):
            statuses = [attempt("wrong password").status for _ in range(7)]
            assert statuses[0] == 401 and 429 in statuses, statuses
            refused = attempt("correct horse battery")
            if refused.status == 429:
                break
        assert refused.status == 429 and int(refused.response.headers["retry-after"]) > 0
        # Who is in stays in.
        assert person.get("/").title == "Overview"
