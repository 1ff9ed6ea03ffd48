"""What people do at the portal, by its forms: for checks that need a resource or a key of their own."""

import base64
import json
import re

CHARTS = {
    "calls": "Monthly Bundle API Calls",
    "input": "Monthly Bundle Input Consumption",
    "output": "Monthly Bundle Output Consumption",
}


def provision(person, kind, name, region, models, tokens, environment="Test"):
    """Provisions a resource through form and summary, and gives its id."""
    page = person.get(f"/control-center/resources/provision?type={kind}")
    # Another region offers other models, other models ask for other terms: the server says which.
    page = page.form("Recalculate").fill("Mendix Cloud Region", region).submit()
    form = page.form("Recalculate")
    for model in models:
        form.check(model)
    form = form.submit().form("Provision Resource")
    form.fill("Display Name", name).fill("Environment", environment).fill("Cloud Tokens", str(tokens))
    form.fill("User", "Ada Okafor").fill("Email", "ada@northwind.example").check_all("terms")
    if kind == "text":
        form.fill("Default Model", models[0])
    done = form.submit().form("Provision").submit()
    row = done.html.select_one("tr.new a[href*='/resources/']")
    assert row and name in row.get_text(), f"no new row for {name} on {done.url}: {done.text[:800]}"
    return re.search(r"/resources/([0-9a-z]{10})", row["href"]).group(1)


def created_key(person, resource, description, monthly_limit=""):
    """Creates a key; gives the page that shows it once."""
    form = person.get(f"/resources/{resource}/keys/create").form("Create Key").fill("Description", description)
    if monthly_limit:
        form.fill("Monthly limit in GenAI Units (optional)", monthly_limit)
    page = form.submit()
    assert page.status == 200 and page.response.headers["cache-control"] == "no-store", page.text[:500]
    return page


def create_key(person, resource, description, monthly_limit=""):
    """The plain key."""
    return re.search(r"phk_[0-9a-z]+_\w+", created_key(person, resource, description, monthly_limit).text).group()


def create_configuration_key(person, resource, description):
    """What the configuration key for Mendix holds."""
    text = created_key(person, resource, description).html.get_text(" ")
    for word in re.findall(r"[A-Za-z0-9+/]{200,}={0,2}", text):
        return json.loads(base64.b64decode(word))
    raise AssertionError("no configuration key is shown")


def revoke_key(person, resource, description):
    page = person.get(f"/resources/{resource}/keys")
    row = next(row for row in page.html.find_all("tr") if description in row.get_text())
    done = person.get(row.find("a", href=re.compile("revoke"))["href"]).form("Revoke").submit()
    assert done.status == 200, done.text[:500]


def consumption(person, resource):
    """What the tables behind the consumption page's charts add up to."""
    page = person.get(f"/resources/{resource}")
    return {name: table_sum(page.section(heading)) for name, heading in CHARTS.items()}


def table_sum(section):
    rows = section.find("table").find("tbody").find_all("tr")
    values = [row.find_all(["th", "td"])[1].get_text() for row in rows]
    return sum(int(re.sub(r"\D", "", value) or 0) for value in values)
