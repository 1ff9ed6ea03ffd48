"""What strangers and bad lines can take of the server: connections, time, bytes. Rules L-1, F-3."""

import contextlib
import json
import pathlib
import socket
import subprocess
import threading
import time

import pytest
import requests

from support.processes import wait_until
from support.raw import Connection, connect, exchange, request
from support.server import Server
from support.simulator import CHAT_MODEL, directive

OPEN_FILES = 512
FLOOD = 2_000
PER_ADDRESS = 24
HEAD_SECONDS = 10
STRANGER = "127.0.0.2"
MEGABYTE = 1 << 20


def chat(text="hi", **settings):
    body = {"model": CHAT_MODEL, "messages": [{"role": "user", "content": f"{text} {directive(output=3, **settings)}"}]}
    return json.dumps(body).encode()


def bearer(server, key="textKey"):
    return f"Authorization: Bearer {server.ready[key]}"


@pytest.fixture(scope="module")
def small(tmp_path_factory, simulator):
    """A server that the system permits few open files, and an address few connections."""
    options = ["--connections-per-address", PER_ADDRESS]
    with Server(tmp_path_factory.mktemp("small"), simulator, options=options, open_files=OPEN_FILES) as started:
        limits = pathlib.Path(f"/proc/{started.program.process.pid}/limits").read_text()
        assert any(line.split()[3:5] == [str(OPEN_FILES)] * 2 for line in limits.splitlines() if "open files" in line)
        yield started


class Flood:
    """Connections that are opened one after the other and say nothing, or only what they are given."""

    def __init__(self, url, sources, first=b"", count=FLOOD):
        self.url, self.sources, self.first, self.count = url, sources, first, count
        self.sockets, self.refused, self.told, self.stop = [], 0, 0, threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        for number in range(self.count):
            if self.stop.is_set():
                return
            try:
                one = connect(self.url, self.sources[number % len(self.sources)], seconds=5)
                time.sleep(0.002)
                if self.first:
                    one.sendall(self.first)
                self.sockets.append(one)
            except OSError:
                self.refused += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
        for one in self.sockets:
            one.close()

    def open(self):
        """How many the server holds open still."""
        alive = 0
        for one in self.sockets:
            one.setblocking(False)
            try:
                while data := one.recv(4096):
                    self.told += data.startswith(b"HTTP/1.1 429")
            except BlockingIOError:
                alive += 1
            except OSError:
                pass
        return alive


def assert_served_while(server, condition):
    """A good client with a connection of its own each time is answered all the while.

    Like the official ones it tries three times where its connection was closed: under a flood one that has waited for
    longest makes room, and how soon that is depends on the machine.
    """
    served = 0
    files = pathlib.Path(f"/proc/{server.program.process.pid}/fd")
    while condition() or served < 20:
        # Files and connections to providers always find a descriptor.
        assert len(list(files.iterdir())) < 0.75 * OPEN_FILES
        data = request("/v1/chat/completions", bearer(server), body=chat())
        tries = (exchange(server.gateway, data) for _ in range(3))
        answer = next((answer for answer in tries if answer and answer.status == 200), None)
        assert answer, f"no answer after {served}"
        assert requests.get(f"{server.portal}/sign-in", timeout=10).status_code == 200
        assert requests.get(f"{server.operations}/health/ready", timeout=10).status_code == 200
        served += 1
    return served


@pytest.mark.parametrize("listener", ["gateway", "portal"])
def test_idle_connections_of_one_address_keep_nobody_out(small, listener):
    with Flood(getattr(small, listener), [STRANGER]) as flood:
        assert_served_while(small, flood.thread.is_alive)
        wait_until(lambda: flood.open() <= PER_ADDRESS, 2 * HEAD_SECONDS, lambda: f"{flood.open()} are open")
        # The control: there were more, and some were told why they were refused.
        assert flood.told > 0


def test_idle_connections_of_many_addresses_keep_nobody_out(small):
    sources = [f"127.0.{high}.{low}" for high in range(1, 9) for low in range(1, 9)]
    with Flood(small.gateway, sources) as flood:
        assert_served_while(small, flood.thread.is_alive)
    assert "Too many open files" not in small.program.output
    # The control: it was a flood. At most one line a minute and listener, however many were refused.
    assert 1 <= small.program.output.count("connections were refused") <= 6, small.program.tail


def test_connections_that_asked_once_and_lie_there_keep_nobody_out(small):
    sources = [f"127.0.9.{low}" for low in range(1, 200)]
    first = request("/v1/models", method="GET", length=False)
    with Flood(small.gateway, sources, first, count=1_000) as flood:
        assert_served_while(small, flood.thread.is_alive)


@contextlib.contextmanager
def refused(url, source, data):
    """The answer to an address that holds all the connections it may have."""
    held = []

    def answer():
        # One more each time: some may have met others that were just going.
        held.append(connect(url, source))
        got = exchange(url, data, source) if len(held) >= PER_ADDRESS else None
        return got if got and got.status == 429 else None
    try:
        yield held, wait_until(answer, 20, "it is not refused")
    finally:
        for one in held:
            one.close()


def test_an_address_is_told_that_it_has_too_many_connections(small):
    good = request("/v1/models", bearer(small), method="GET")
    with refused(small.gateway, "127.0.3.3", good) as (held, answer):
        assert answer.closed and int(answer.headers["retry-after"]) in range(1, 6)
        assert answer.headers["x-request-id"].startswith("req_") and answer.headers["x-should-retry"] == "true"
        assert f"{PER_ADDRESS} connections" in answer.sentence
        assert "protection.connectionsPerAddress" in answer.sentence
        assert exchange(small.gateway, good).status == 200
        for one in held:
            one.close()
        wait_until(
            lambda: (again := exchange(small.gateway, good, "127.0.3.3")) and again.status == 200, 5,
            "a place that was given back is not given again")


def test_a_portal_says_so_in_plain_words(small):
    with refused(small.portal, "127.0.3.4", request("/sign-in", method="GET")) as (_, answer):
        assert answer.headers["content-type"].startswith("text/plain") and f"{PER_ADDRESS} connections" in answer.text


@pytest.mark.parametrize("listener", ["gateway", "portal", "operations"])
def test_a_head_that_drips_ends(server, listener):
    """Slowloris: a byte now and then keeps no connection."""
    with Connection(getattr(server, listener), seconds=1) as silent, Connection(getattr(server, listener)) as dripping:
        start = time.monotonic()
        dripping.send(b"GET /v1/models HTTP/1.1\r\nX-A: ")
        with pytest.raises(OSError):
            while time.monotonic() < start + 3 * HEAD_SECONDS:
                dripping.send(b"a")
                time.sleep(0.2)
        assert HEAD_SECONDS - 1 < time.monotonic() - start < 2 * HEAD_SECONDS
        assert silent.is_closed()


BROKEN = {
    "chunk size": b"ZZ\r\nabc\r\n0\r\n\r\n",
    "chunk end": b"5\r\nhelloXX0\r\n\r\n",
    "negative chunk": b"-1\r\nabc\r\n",
    "huge chunk": b"fffffffffffffffff\r\nabc\r\n",
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("path, where", [
    ("/v1/chat/completions", "error.message"), ("/anthropic/v1/messages", "error.message"),
    ("/v1/embeddings", "error.message"),
])
def test_a_broken_chunk_is_told_in_the_dialect(server, what, path, where):
    key = "embeddingsKey" if "embeddings" in path else "textKey"
    data = request(path, bearer(server, key), "Transfer-Encoding: chunked", body=BROKEN[what], length=False)
    answer = exchange(server.gateway, data)
    assert answer.status == 400 and answer.closed, answer
    assert "not framed as HTTP demands" in answer.json["error"]["message"]
    assert answer.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_form_is_told_as_a_page(server, what):
    data = request("/sign-in", "Content-Type: application/x-www-form-urlencoded", "Transfer-Encoding: chunked",
                   body=BROKEN[what], length=False)
    answer = exchange(server.portal, data)
    assert answer.status == 400 and "could not be read" in answer.text


@pytest.mark.parametrize("data", [
    b"GARBAGE\r\n\r\n", b"GET /v1/models\r\n\r\n", b"GET /v1/models HTTP/9.9\r\nHost: x\r\n\r\n",
    b"FO@O / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost x\r\n\r\n", b"GET / HTTP/1.1\r\nA: \x01\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: abc\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a handshake of TLS\r\n\r\n",
])
def test_what_is_not_http_is_told_and_the_connection_ends(server, data):
    for listener, is_json in ((server.gateway, True), (server.portal, False)):
        with Connection(listener) as connection:
            answer = connection.send(data).answer()
            assert answer.status == 400 and answer.closed, answer
            assert "not a request in HTTP/1.1" in answer.sentence
            assert ("x-request-id" in answer.headers) == is_json
            assert connection.is_closed()


@pytest.mark.parametrize("fields", [
    ["X-Long: " + "a" * 70_000], [f"X-{number}: {'a' * 1_000}" for number in range(70)],
    [f"X-{number}: a" for number in range(1_100)],
], ids=["one long field", "long fields together", "too many fields"])
def test_header_fields_over_64_kb_are_431(server, fields):
    answer = exchange(server.gateway, request("/v1/chat/completions", bearer(server), *fields, body=chat()))
    assert answer.status == 431 and answer.closed and "64 KB" in answer.sentence
    assert exchange(server.portal, request("/sign-in", *fields, method="GET")).status == 431


def test_a_broken_request_after_a_good_one_leaves_the_good_one_its_answer(server):
    with Connection(server.gateway) as connection:
        connection.send(request("/v1/chat/completions", bearer(server), body=chat(latency=300)) + b"GARBAGE\r\n\r\n")
        assert connection.answer().status == 200
        assert connection.answer().status == 400
        assert connection.is_closed()


@pytest.mark.parametrize("path, key", [("/v1/chat/completions", "textKey"), ("/v1/embeddings", "embeddingsKey")])
def test_a_body_over_32_mb_is_413_and_the_client_reads_it(server, path, key):
    url, headers = f"{server.gateway}{path}", {"Authorization": f"Bearer {server.ready[key]}"}
    announced = requests.post(url, headers=headers, data=b" " * (33 * MEGABYTE), timeout=60)
    # Without a length nobody knows before it has arrived.
    chunked = requests.post(url, headers=headers, data=(b" " * MEGABYTE for _ in range(40)), timeout=60)
    for answer in (announced, chunked):
        assert answer.status_code == 413 and "32 MB" in answer.json()["error"]["message"]


def test_who_announces_too_much_is_answered_before_it_is_sent(server):
    with Connection(server.gateway) as connection:
        connection.send(request("/v1/chat/completions", bearer(server), length=10 ** 12))
        answer = connection.answer()
        assert answer.status == 413 and answer.closed
        # Bytes without end end too.
        sent = 0
        with pytest.raises(OSError):
            while sent < 256 * MEGABYTE:
                connection.send(b" " * MEGABYTE)
                sent += MEGABYTE
        assert sent < 128 * MEGABYTE


def test_a_body_that_nobody_reads_does_not_keep_the_connection(server):
    with Connection(server.gateway) as connection:
        connection.send(request("/v1/chat/completions", length=10 ** 9))
        assert connection.answer().status == 401
        start = time.monotonic()
        assert connection.is_closed() and time.monotonic() - start < 15


def test_a_connection_goes_on_after_a_refused_request_with_a_small_body(server):
    with Connection(server.gateway) as connection:
        for _ in range(3):
            connection.send(request("/v1/chat/completions", body=chat()))
            assert connection.answer().status == 401
        assert connection.send(request("/v1/chat/completions", bearer(server), body=chat())).answer().status == 200


@pytest.mark.parametrize("body, words", [
    (b"[" * 65 + b"]" * 65, "64 levels"), (b'{"messages":[{"role":"user","content":"\xff\xfe"}]}', "UTF-8"),
    (b'{"messages":', "not valid JSON"),
])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/anthropic/v1/messages"])
def test_json_that_cannot_be_read_is_400(server, path, body, words):
    answer = exchange(server.gateway, request(path, bearer(server), body=body))
    assert answer.status == 400 and words in answer.sentence, answer


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, zstd"])
def test_packed_bodies_are_415(server, encoding):
    data = request("/v1/chat/completions", bearer(server), f"Content-Encoding: {encoding}", body=b"\x1f\x8b\x08")
    answer = exchange(server.gateway, data)
    assert answer.status == 415 and encoding.split(" ")[-1] in answer.sentence
    data = request("/v1/chat/completions", bearer(server), "Content-Encoding: identity", body=chat())
    assert exchange(server.gateway, data).status == 200


def test_curl_asks_before_it_sends_a_large_body(server, tmp_path):
    def curl(name, content, *options):
        (tmp_path / name).write_bytes(content)
        return subprocess.run(
            ["curl", "-sS", "-v", "-m", "60", "-X", "POST", "-H", "Expect: 100-continue", "--data-binary",
             f"@{tmp_path / name}", *options, f"{server.gateway}/v1/chat/completions"],
            capture_output=True, text=True, timeout=60)
    key = ["-H", bearer(server)]
    whole = curl("body", chat("hi " * 500_000), *key)
    assert "HTTP/1.1 100 Continue" in whole.stderr and "HTTP/1.1 200 OK" in whole.stderr, whole.stderr
    assert json.loads(whole.stdout)["usage"]["completion_tokens"] == 3
    # Who is refused anyway is told before the body.
    for name, content, options, status in (
            ("large", b" " * (33 * MEGABYTE), key, "413"), ("stranger", b" " * (2 * MEGABYTE), [], "401")):
        refused = curl(name, content, *options)
        assert f"HTTP/1.1 {status}" in refused.stderr and "100 Continue" not in refused.stderr, refused.stderr


def test_pipelined_requests_are_answered_in_order(server):
    with Connection(server.gateway) as connection:
        connection.send(request("/v1/models", bearer(server), method="GET") * 3)
        assert [connection.answer().status for _ in range(3)] == [200, 200, 200]


def test_half_a_connection_is_enough(server):
    """Who closes its own side after the request still gets the answer."""
    with Connection(server.gateway) as connection:
        connection.send(request("/v1/chat/completions", bearer(server), body=chat(latency=200)))
        connection.socket.shutdown(socket.SHUT_WR)
        assert connection.answer().status == 200
