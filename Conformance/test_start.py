"""Starting, failing to start, and starting again: every problem is told in a sentence that says how to mend it."""

import json
import os
import re
import socket
import stat
import subprocess
import threading
import time

import pytest
import requests

from support import paths
from support.portal import Portal
from support.processes import free_port, wait_until
from support.server import Server, run
from support.simulator import providers

LISTENERS = ["--portal", "127.0.0.1:0", "--gateway", "127.0.0.1:0", "--operations", "127.0.0.1:0"]
STACK_TRACE = re.compile(r"Fatal error|Thread \d+ crashed|\.swift:\d+|Backtrace")


def refused(*arguments, environment=None):
    """Runs `serve`, which must end by itself and fail; gives what it says."""
    result = run("serve", *arguments, environment=environment, seconds=30)
    said = result.stdout + result.stderr
    assert result.returncode not in (0, None) and result.returncode > 0, said
    assert said.strip() and not STACK_TRACE.search(said), said
    return said


@pytest.fixture
def data(tmp_path):
    return ["--data", tmp_path / "data", *LISTENERS]


# Help and configuration


@pytest.fixture(scope="module")
def help_text():
    result = run("serve", "--help")
    assert result.returncode == 0
    return result.stdout


@pytest.mark.parametrize("option, variable", [
    ("--config", "PACKHOUSE_CONFIG"), ("--data", "PACKHOUSE_DATA"), ("--database", "PACKHOUSE_DATABASE_URL"),
    ("--portal", "PACKHOUSE_PORTAL_LISTEN"), ("--portal-url", "PACKHOUSE_PORTAL_PUBLIC_URL"),
    ("--gateway", "PACKHOUSE_GATEWAY_LISTEN"), ("--gateway-url", "PACKHOUSE_GATEWAY_PUBLIC_URL"),
    ("--operations", "PACKHOUSE_OPERATIONS_LISTEN"), ("--tls-certificate", "PACKHOUSE_TLS_CERTIFICATE"),
    ("--tls-key", "PACKHOUSE_TLS_KEY"), ("--demo", "PACKHOUSE_DEMO"), ("--ready-file", "PACKHOUSE_READY_FILE"),
    ("--catalog", "PACKHOUSE_CATALOG"), ("--providers", "PACKHOUSE_PROVIDERS"), ("--models", "PACKHOUSE_MODELS"),
])
def test_help_lists_every_setting(help_text, option, variable):
    assert re.search(rf"^\s*{option}\b", help_text, re.MULTILINE), f"{option} is missing"
    assert variable in help_text, f"{variable} is missing"


def test_config_show_tells_values_and_sources_and_masks_secrets(tmp_path):
    file = tmp_path / "packhouse.yaml"
    file.write_text(
        "portal:\n  listen: 127.0.0.1:7001\ngateway:\n  listen: 127.0.0.1:7002\nmasterKey: c2VjcmV0LWJ5dGVz\n")
    result = run(
        "config", "show", "--config", file, "--operations", "127.0.0.1:7003",
        environment={
            "PACKHOUSE_GATEWAY_LISTEN": "127.0.0.1:7004",
            "PACKHOUSE_DATABASE_URL": "postgresql://ada:hunter2-secret@db.example/packhouse"})
    assert result.returncode == 0, result.stderr
    lines = dict(line.split(": ", 1) for line in result.stdout.splitlines() if ": " in line)
    assert lines["portal.listen"].split() == ["127.0.0.1:7001", "(configuration", "file)"]
    assert lines["gateway.listen"].split() == ["127.0.0.1:7004", "(environment)"]
    assert lines["operations.listen"].split() == ["127.0.0.1:7003", "(option)"]
    assert lines["data"].split() == ["packhouse-data", "(default)"]
    assert "ada" in lines["database.url"] and "db.example" in lines["database.url"]
    assert "hunter2-secret" not in result.stdout and "c2VjcmV0LWJ5dGVz" not in result.stdout


def test_wrong_settings_are_all_listed(tmp_path):
    said = refused(
        "--data", tmp_path, "--portal", "nowhere", "--gateway", "127.0.0.1:99999", "--log-level", "loud",
        "--metering-durability", "perhaps", "--tls-key", "key.pem", "--database", "mysql://x/y")
    for part in ("nowhere", "99999", "loud", "perhaps", "tls.certificate", "postgresql://"):
        assert part in said, f"{part} is missing in:\n{said}"


def test_unknown_options_and_missing_values_are_named(tmp_path):
    said = refused("--data", tmp_path, "--prtal", "127.0.0.1:0", "--gateway")
    assert "--prtal" in said and "--gateway" in said and "HOST:PORT" in said


def test_unknown_entries_of_the_configuration_file_are_named_with_their_line(tmp_path):
    file = tmp_path / "packhouse.yaml"
    file.write_text("data: x\nportl:\n  listen: 127.0.0.1:1\n")
    said = refused("--config", file)
    assert "portl.listen" in said and "line 3" in said


def test_a_configuration_file_that_is_not_there_is_named(tmp_path):
    assert "missing.yaml" in refused("--config", tmp_path / "missing.yaml")


# What stands in the way


@pytest.mark.parametrize("listener", ["--portal", "--gateway", "--operations"])
def test_an_occupied_port_is_named(tmp_path, listener):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        options = ["--data", tmp_path / "data", *LISTENERS]
        options[options.index(listener) + 1] = f"127.0.0.1:{port}"
        said = refused(*options)
    assert str(port) in said and listener in said and "another program" in said, said
    assert "HummingbirdCore" not in said


def test_a_ready_file_is_not_written_when_a_listener_fails(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused("--data", tmp_path / "data", *LISTENERS[:4], "--operations", f"127.0.0.1:{taken.getsockname()[1]}",
                "--ready-file", tmp_path / "ready.json")
    assert not (tmp_path / "ready.json").exists()


def test_every_problem_of_a_catalog_is_listed_with_its_line(tmp_path, data):
    text = (paths.ROOT / "catalog.yaml").read_text()
    lines = text.splitlines()
    region = next(n for n, line in enumerate(lines) if line.strip() == "area: CA")
    rate = next(n for n, line in enumerate(lines) if "rates: {input: 35.81" in line)
    family = next(n for n, line in enumerate(lines) if line.strip() == "family: claude-opus")
    lines[region] = lines[region].replace("area: CA", "aera: CA")
    lines[rate] = lines[rate].replace("35.81", "cheap")
    lines[family] = lines[family].replace("claude-opus", "claude-opsu")
    broken = tmp_path / "catalog.yaml"
    broken.write_text("\n".join(lines))
    said = refused(*data, "--catalog", broken)
    assert "catalog.yaml" in said
    for line, part in ((region, "aera"), (rate, "rates.input"), (family, "claude-opsu")):
        place = f"line {line + 1}:"
        assert any(part in row and place in row for row in said.splitlines()), f"{part}, {place}\n{said}"


def test_a_catalog_that_is_no_yaml_or_not_there_is_named(tmp_path, data):
    broken = tmp_path / "catalog.yaml"
    broken.write_text("regions: [\n  - id: x\n")
    assert "catalog.yaml" in refused(*data, "--catalog", broken)
    assert "nowhere.yaml" in refused(*data, "--catalog", tmp_path / "nowhere.yaml")


def test_problems_of_the_providers_file_are_listed(tmp_path, data):
    content = providers("http://127.0.0.1:1")
    content["providers"][0]["kind"] = "opneai"
    content["providers"][1]["region"] = "eu-nowhere-1"
    file = tmp_path / "providers.yaml"
    file.write_text(json.dumps(content, indent=1))
    said = refused(*data, "--providers", file)
    assert "opneai" in said or "kind" in said
    assert "eu-nowhere-1" in said


def test_missing_credentials_are_named(tmp_path, data):
    file = tmp_path / "providers.yaml"
    file.write_text(json.dumps(providers("http://127.0.0.1:1")))
    said = refused(*data, "--providers", file, environment={"CONFORMANCE_ACCESS_KEY": "", "CONFORMANCE_SECRET_KEY": ""})
    assert "CONFORMANCE_ACCESS_KEY" in said and "CONFORMANCE_SECRET_KEY" in said


def test_a_database_that_does_not_answer_is_told_without_its_password(data):
    start = time.monotonic()
    said = refused(*data, "--database", "postgresql://ada:hunter2-secret@127.0.0.1:1/packhouse")
    assert "127.0.0.1" in said and "PostgreSQL" in said and "hunter2-secret" not in said
    assert time.monotonic() - start < 20


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert "file" in refused("--data", tmp_path / "file" / "data", *LISTENERS)


def test_a_second_server_on_the_same_data_folder_is_refused(server):
    said = refused("--data", server.data, *LISTENERS)
    assert str(server.data) in said and ("in use" in said or "another" in said), said
    assert requests.get(f"{server.operations}/health/ready", timeout=10).status_code == 200


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    files = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-out", files[0], "-keyout", files[1]],
        check=True, capture_output=True, timeout=60)
    return files


def test_portal_and_gateway_speak_tls(tmp_path, certificate):
    options = ["--tls-certificate", certificate[0], "--tls-key", certificate[1]]
    with Server(tmp_path, options=options) as server:
        assert server.portal.startswith("https://") and server.gateway.startswith("https://")
        options = {"verify": certificate[0], "timeout": 10, "headers": {"x-api-key": server.ready["textKey"]}}
        assert requests.get(f"{server.gateway}/v1/models", **options).status_code == 200
        assert "secure" in requests.get(f"{server.portal}/sign-in", **options).headers["set-cookie"].lower()


def test_a_certificate_that_cannot_be_used_is_named(data, certificate):
    missing = certificate[0].parent / "missing.pem"
    assert "missing.pem" in refused(*data, "--tls-certificate", missing, "--tls-key", certificate[1])
    # A key in the certificate's place.
    said = refused(*data, "--tls-certificate", certificate[1], "--tls-key", certificate[1])
    assert "key.pem" in said or "certificate" in said.lower()


# A good start


def test_health_is_answered(server):
    assert requests.get(f"{server.operations}/health/live", timeout=10).status_code == 200
    assert requests.get(f"{server.operations}/health/ready", timeout=10).status_code == 200


def test_the_ready_file_holds_everything_for_its_owner_only(server):
    assert server.ready_mode == 0o600
    assert set(server.ready) == {
        "portal", "gateway", "operations", "process", "admin", "member", "textResource", "embeddingsResource",
        "textKey", "embeddingsKey"}
    assert server.ready["process"] == server.program.process.pid
    assert set(server.ready["admin"]) == set(server.ready["member"]) == {"email", "password"}
    for name in ("demo.json", "master.key"):
        path = server.data / name
        if name == "demo.json" or path.exists():
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(server.data).st_mode) & 0o077 == 0


def test_stopping_and_starting_keeps_everything_and_prints_the_same(tmp_path):
    ports = [free_port() for _ in range(3)]
    options = []
    for listener, port in zip(("--portal", "--gateway", "--operations"), ports):
        options += [listener, f"127.0.0.1:{port}"]
    server = Server(tmp_path, options=options)
    try:
        server.start()
        first, first_ready = printed(server), server.ready
        assert f"http://127.0.0.1:{ports[0]}" in first
        for person in (server.admin, server.member):
            assert person.email in first and person.password in first
        command = curl(first)
        assert server.ready["textKey"] in command and server.gateway in command
        assert answered(command)["choices"][0]["message"]["content"]
        assert server.stop() == 0

        before = len(server.program.output)
        start = time.monotonic()
        server.start()
        seconds = time.monotonic() - start
        assert printed(server, before) == first
        assert {**server.ready, "process": 0} == {**first_ready, "process": 0}
        # The call of the first life is still there, and people still get in.
        assert len(server.usage(server.ready["textResource"])) == 1
        Portal(server.portal, server.admin)
        print(f"start to ready on an existing data folder: {seconds:.2f} s")
        assert server.stop() == 0
    finally:
        if server.program.process.poll() is None:
            server.kill()


def printed(server, start=0):
    """What the server prints for people once it is ready, up to the end of the command."""
    def complete():
        found = re.search(r"Packhouse is ready\..*curl .*?\n\n", server.program.output[start:], re.DOTALL)
        return found and found.group()
    return wait_until(complete, 5, "no curl is printed")


def curl(text):
    """The command of the print-out, as somebody would copy it."""
    return text[text.index("curl "):].strip()


def answered(command):
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_calls_in_flight_finish_before_a_stop(tmp_path, simulator):
    """Rule L-2."""
    with Server(tmp_path, simulator) as server:
        body = {"model": "sim-chat", "stream": True, "messages": [
            {"role": "user", "content": "[sim output=30 interval=40]"}]}
        lines, begun = [], threading.Event()

        def call():
            with requests.post(
                    f"{server.gateway}/v1/chat/completions", json=body, stream=True, timeout=30,
                    headers={"x-api-key": server.ready["textKey"]}) as answer:
                for line in answer.iter_lines():
                    lines.append(line)
                    begun.set()
        caller = threading.Thread(target=call)
        caller.start()
        assert begun.wait(10)
        assert server.stop() == 0
        caller.join(10)
        assert [line for line in lines if line][-1] == b"data: [DONE]"
        entries = server.usage(server.ready["textResource"])
        assert [(entry["outputTokens"], entry["status"]) for entry in entries] == [(30, "completed")]


def test_without_the_demo_company_a_set_up_link_is_printed(tmp_path):
    with Server(tmp_path, demo=False) as server:
        link = wait_until(lambda: re.search(r"http\S+/set-up\?token=\S+", server.program.output), 5, "no link").group()
        assert "admin" not in server.ready and "textKey" not in server.ready
        page = requests.get(link, timeout=10)
        assert page.status_code == 200 and "Time zone" in page.text
        wrong = requests.get(f"{server.portal}/set-up?token=wrong", timeout=10)
        assert wrong.status_code in (403, 404, 410)
