"""The same server on PostgreSQL: `make test` starts a throwaway one and names it in PACKHOUSE_TEST_POSTGRES."""

import os
import subprocess
import urllib.parse
import uuid

import openai
import pytest

from support.company import consumption, create_key, provision
from support.portal import Portal
from support.processes import wait_until
from support.server import Server, run, tokens
from support.simulator import CHAT_MODEL, directive

CLUSTER = os.environ.get("PACKHOUSE_TEST_POSTGRES", "")
pytestmark = pytest.mark.skipif(not CLUSTER, reason="PACKHOUSE_TEST_POSTGRES names no PostgreSQL")


@pytest.fixture
def database():
    """The URL of a new, empty database."""
    name = f"conformance_{uuid.uuid4().hex[:12]}"
    statement = f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"
    subprocess.run(["psql", "--quiet", "--dbname", CLUSTER, "--command", statement], check=True, timeout=30)
    yield urllib.parse.urlsplit(CLUSTER)._replace(path=f"/{name}").geturl()
    subprocess.run(
        ["psql", "--quiet", "--dbname", CLUSTER, "--command", f"DROP DATABASE {name} WITH (FORCE)"], check=True,
        timeout=30)


def test_the_main_job_on_postgresql(database, tmp_path, simulator):
    server = Server(tmp_path, simulator, environment={"PACKHOUSE_DATABASE_URL": database})
    try:
        server.start()
        assert not list(server.data.glob("*.sqlite*"))
        person = Portal(server.portal, server.admin)
        resource = provision(person, "text", "On PostgreSQL", region="Local", models=[CHAT_MODEL], tokens=2)
        key = create_key(person, resource, "First")
        client = openai.OpenAI(base_url=f"{server.gateway}/v1", api_key=key, max_retries=0, timeout=30)
        ids = []
        for number in range(5):
            raw = client.chat.completions.with_raw_response.create(
                model=CHAT_MODEL, messages=[{"role": "user", "content": directive(input=100 + number, output=10)}])
            ids.append(raw.headers["x-request-id"])
        # As after a crash, the facts come from database and journal.
        server.kill()
        server.start()
        entries = {entry["requestId"]: entry for entry in server.usage(resource)}
        assert sorted(entries) == sorted(ids)
        for request_id in ids:
            served = simulator.calls(request_id)[0]
            assert tokens(entries[request_id]) == {name: served[name] for name in tokens(entries[request_id])}
        person = Portal(server.portal, server.admin)
        expected = {"calls": 5, "input": 510, "output": 50}
        wait_until(lambda: consumption(person, resource) == expected, 3, lambda: str(consumption(person, resource)))
        assert server.stop() == 0
    finally:
        if server.program.process.poll() is None:
            server.kill()


def test_the_password_of_the_database_is_not_shown(database):
    url = database.replace("postgres@", "postgres:hunter2-secret@")
    shown = run("config", "show", environment={"PACKHOUSE_DATABASE_URL": url})
    assert "hunter2-secret" not in shown.stdout + shown.stderr and "postgresql://" in shown.stdout
