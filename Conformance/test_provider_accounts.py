"""Provider accounts that the operator enters: they work at once, and nobody sees their secrets again. Rule N-1."""

import base64
import contextlib
import json
import os
import pathlib
import re
import socket
import sqlite3
import subprocess
import time
import uuid

import openai
import pytest
import requests

from support import paths
from support.company import create_key
from support.portal import Portal
from support.processes import wait_until
from support.server import Server, run
from support.simulator import REGION, Simulator, directive

MODEL = "claude-sonnet-4-6"
EFFECT_SECONDS = 5  # A second is promised; a machine that is busy with other checks gets more.
COMMAND_SECONDS = 60


class Installation:
    """A server without a providers file, its simulator, and the operator's commands."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.simulator = Simulator(self.folder)
        self.server = Server(self.folder)
        self.data = self.server.data

    def command(self, *arguments, secret="", providers=None):
        line = [str(part) for part in (paths.PACKHOUSE, "provider", *arguments, "--data", self.data)]
        if providers:
            line += ["--providers", str(providers)]
        return subprocess.run(line, input=secret, capture_output=True, text=True, timeout=COMMAND_SECONDS)

    def does(self, *arguments, secret="", providers=None):
        done = self.command(*arguments, "--json", secret=secret, providers=providers)
        assert done.returncode == 0 and not done.stderr, done.stderr
        return json.loads(done.stdout)

    def refused(self, *arguments, secret=""):
        done = self.command(*arguments, secret=secret)
        assert done.returncode in (1, 64) and done.stderr and not done.stdout, done.stdout
        return done.stderr

    def rejects(self, key):
        """The simulator answers calls with this key as providers do that do not know it."""
        requests.put(f"{self.simulator.url}/behavior", json={"rejected_key": key}, timeout=10).raise_for_status()

    def start(self):
        self.server.start()
        # Ordered by the operator: the portal's form offers no model that nothing serves yet.
        ordered = run(
            "resource", "provision", "Northwind", "--order", "SO-1", "--type", "text", "--name", "Frankfurt",
            "--environment", "test", "--region", REGION, "--model", MODEL, "--cloud-tokens", "6", "--user-name",
            "Ada Okafor", "--user-email", self.server.admin.email, "--data", self.data, "--json")
        assert ordered.returncode == 0, ordered.stderr
        person = Portal(self.server.portal, self.server.admin)
        self.resource = json.loads(ordered.stdout)["resource"]["id"]
        self.key = create_key(person, self.resource, "Accounts")

    def ask(self, text="hello [sim output=3]"):
        client = openai.OpenAI(base_url=f"{self.server.gateway}/v1", api_key=self.key, max_retries=0, timeout=60)
        return client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}], max_tokens=50)

    def fails(self):
        """What a call is told that fails for the operator to mend; nothing where it works."""
        try:
            self.ask()
        except openai.InternalServerError as problem:
            assert problem.status_code == 502, problem
            return problem.message
        return None

    def add_simulated(self, name="frankfurt", secret="the-first-key"):
        return self.does("add", name, "--kind", "bedrock", "--region", REGION, "--address", self.simulator.url,
                         secret=f"{secret}\n")

    def close(self):
        self.server.__exit__()
        self.simulator.stop()


@pytest.fixture
def installation(tmp_path):
    made = Installation(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.close()


def test_an_account_works_within_a_second_and_so_does_each_change_of_its_secret(installation):
    assert installation.fails(), "nothing serves the model yet"
    added = installation.add_simulated()
    assert MODEL in added["models"] and re.fullmatch("[0-9a-f]{8}", added["fingerprint"]) and not added["notes"]
    wait_until(lambda: not installation.fails(), EFFECT_SECONDS, installation.fails)

    installation.rejects("the-wrong-key")
    changed = installation.does("set-secret", "frankfurt", secret="the-wrong-key")
    assert changed["earlierFingerprint"] == added["fingerprint"] != changed["fingerprint"]
    said = wait_until(installation.fails, EFFECT_SECONDS, "the wrong secret is not used")
    assert "the-wrong-key" not in said and said

    again = installation.does("set-secret", "frankfurt", secret="the-first-key")
    assert again["fingerprint"] == added["fingerprint"]
    wait_until(lambda: not installation.fails(), EFFECT_SECONDS, installation.fails)

    listed = installation.does("list")
    assert [(row["name"], row["secret"], row["fingerprint"]) for row in listed] == [
        ("frankfurt", "stored", added["fingerprint"])]
    # It is the same after a restart.
    installation.server.restart()
    assert installation.ask().choices[0].message.content

    assert "--yes" in installation.refused("remove", "frankfurt")
    gone = installation.does("remove", "frankfurt", "--yes")
    assert MODEL in gone["unserved"]
    wait_until(installation.fails, EFFECT_SECONDS, "the removed account still answers")
    history = [line["sentence"] for line in installation.does("history")]
    assert history[0] == "Removed the provider account frankfurt and its secret" and len(history) == 4
    audit = subprocess.run(
        [paths.PACKHOUSE, "audit", "verify", "--data", installation.data], capture_output=True, text=True, timeout=60)
    assert audit.returncode == 0 and "this installation (installation): 4 lines checked, intact" in audit.stdout


def test_a_call_on_its_way_ends_with_the_secret_that_it_began_with(installation):
    installation.add_simulated()
    wait_until(lambda: not installation.fails(), EFFECT_SECONDS, installation.fails)
    client = openai.OpenAI(base_url=f"{installation.server.gateway}/v1", api_key=installation.key, max_retries=0)
    stream = client.chat.completions.create(
        model=MODEL, stream=True, max_tokens=60,
        messages=[{"role": "user", "content": f"go {directive(output=40, interval=100)}"}])
    pieces = iter(stream)
    next(pieces)
    installation.does("remove", "frankfurt", "--yes")
    wait_until(installation.fails, EFFECT_SECONDS, "the removed account still answers")
    assert [piece.choices[0].finish_reason for piece in pieces if piece.choices][-1] == "stop"


def test_an_account_of_the_file_without_its_secret_is_told_and_starts_all_the_same(tmp_path):
    made = Installation(tmp_path)
    file = tmp_path / "providers.yaml"
    account = {"kind": "bedrock", "region": REGION, "endpoint": made.simulator.url, "models": {MODEL: "sim-claude"}}
    file.write_text(json.dumps({"providers": [{**account, "name": "first", "credentials": "stored"}]}))
    made.server.options += ["--providers", file]
    try:
        made.start()
        sentence = "The provider account first has no secret yet."
        assert sentence in made.server.program.output
        assert sentence in made.fails()
        assert [row["secret"] for row in made.does("list", providers=file)] == ["missing"]
        made.does("set-secret", "first", secret="the-first-key")
        wait_until(lambda: not made.fails(), EFFECT_SECONDS, made.fails)
        said = made.refused("remove", "first", "--yes")
        assert "providers file describes the account first" in said and MODEL in said
        # One without a secret before it does no harm: the next is asked.
        file.write_text(json.dumps({"providers": [
            {**account, "name": "new", "credentials": "stored"}, {**account, "name": "first", "credentials": "stored"}]}))
        made.server.restart()
        assert "The provider account new has no secret yet." in made.server.program.output
        assert made.ask().choices[0].message.content
        # A mistake in the file is told with its line.
        file.write_text("providers:\n  - name: first\n    kind: bedrock\n    region: eu-central-1\n"
                        "    credentials: ABSK-pasted-secret\n")
        done = made.command("list", providers=file)
        assert done.returncode == 64 and "line 5: providers[0].credentials: " in done.stderr
        assert "pasted" not in done.stderr
    finally:
        made.close()


def test_another_master_key_is_told_and_other_accounts_go_on(installation):
    installation.add_simulated("old")
    installation.server.stop()
    (installation.data / "master.key").write_bytes(os.urandom(32))
    installation.server.start()
    sentence = "The secret of the provider account old was sealed with another master key."
    assert sentence in installation.server.program.output
    assert "The secret of the provider account old can't be used." in installation.fails()
    installation.add_simulated("young")
    wait_until(lambda: not installation.fails(), EFFECT_SECONDS, installation.fails)
    refusal = installation.refused("set-secret", "old", secret="the-first-key")
    assert sentence in refusal and "packhouse provider remove old" in refusal
    installation.does("remove", "old", "--yes")
    installation.add_simulated("old")
    assert installation.server.program.output.count(sentence) == 1


def test_a_secret_is_not_sealed_for_an_address_that_somebody_wrote_into_the_database(installation):
    installation.add_simulated()
    wait_until(lambda: not installation.fails(), EFFECT_SECONDS, installation.fails)
    with socket.create_server(("127.0.0.1", 0)) as thief:
        thief.settimeout(0.2)
        address = f"http://127.0.0.1:{thief.getsockname()[1]}"
        with contextlib.closing(sqlite3.connect(installation.data / "packhouse.sqlite", timeout=10)) as database:
            changed = database.execute("UPDATE provider_accounts SET endpoint = ?", (address,)).rowcount
            database.commit()
        assert changed == 1
        refusal = installation.refused("set-secret", "frankfurt", secret="the-second-key")
        assert "not as it was written" in refusal and "packhouse provider remove frankfurt" in refusal
        # The server goes by the row once it has read it again: nobody calls the thief.
        installation.server.restart()
        assert "can't be used" in installation.fails()
        with pytest.raises(TimeoutError):
            thief.accept()
    installation.does("remove", "frankfurt", "--yes")
    installation.add_simulated(secret="the-second-key")
    wait_until(lambda: not installation.fails(), EFFECT_SECONDS, installation.fails)


def places(folder):
    """Every file below a folder with its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_secret_is_nowhere_to_be_seen_again(installation, tmp_path):
    canary = f"canary{uuid.uuid4().hex}"
    seen, stop = [], time.monotonic() + 10
    line = [str(part) for part in (
        paths.PACKHOUSE, "provider", "add", "frankfurt", "--kind", "bedrock", "--region", REGION, "--address",
        installation.simulator.url, "--data", installation.data, "--json")]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as adding:
        # While it waits for the secret, and after it has it.
        seen.append(subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, timeout=30).stdout)
        adding.stdin.write(f"{canary}\n".encode())
        adding.stdin.close()
        while adding.poll() is None and time.monotonic() < stop:
            seen.append(subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, timeout=30).stdout)
        printed = adding.stdout.read() + adding.stderr.read()
    assert adding.returncode == 0 and "provider add frankfurt" in "".join(seen), "control"
    wait_until(lambda: not installation.fails(), EFFECT_SECONDS, installation.fails)
    installation.rejects(canary)
    wait_until(installation.fails, EFFECT_SECONDS, "the provider got another key than the one that was entered")
    texts = ["".join(seen), printed.decode(), installation.command("list").stdout,
             installation.command("list", "--json").stdout, installation.command("history").stdout,
             installation.refused("add", "frankfurt", "--kind", "bedrock", "--region", REGION, secret=canary),
             installation.refused("add", "other", "--kind", "anthropic", "--region", REGION, secret=f"{canary}\n2"),
             subprocess.run([paths.PACKHOUSE, "config", "show", "--data", installation.data], capture_output=True,
                            text=True, timeout=60).stdout,
             answer_of_the_socket(installation, canary)]
    for text in texts:
        assert text and canary not in text, text[:500]
    assert "frankfurt" in texts[2]

    installation.server.stop()
    (installation.data / "planted").write_text(f"control {canary}")
    found = [path.name for path, content in places(tmp_path).items() if canary.encode() in content]
    assert found == ["planted"], found


def answer_of_the_socket(installation, canary):
    """What the running server answers to a request with the secret, as the commands send it."""
    body = {"name": "frankfurt", "secret": canary, "idempotencyKey": uuid.uuid4().hex}
    call = {"version": 2, "verb": "provider.set-secret", "body": base64.b64encode(json.dumps(body).encode()).decode()}
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(30)
        client.connect(str(installation.data / "control.sock"))
        client.sendall(json.dumps({"command": "operator", "call": call}).encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):
            piece = client.recv(65_536)
            if not piece:
                break
            answer += piece
    outcome = json.loads(answer)["outcome"]
    assert "done" in outcome, outcome
    inside = base64.b64decode(outcome["done"]["_0"]).decode()
    assert json.loads(inside)["name"] == "frankfurt"
    return answer.decode() + inside
