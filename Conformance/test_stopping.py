"""A server that is told to stop: nothing new begins, what runs is finished and settled, nothing idle holds it up. Rule
L-2."""

import json
import signal
import socket
import threading
import time

import openai
import pytest
import requests

from support.processes import wait_until
from support.raw import Connection, address, request
from support.server import Server, run, tokens
from support.simulator import CHAT_MODEL, directive

SOON_SECONDS = 12  # A body in the middle has 3 s; the rest is the machine's.
STREAM_TOKENS = 60
INTERVAL = 50


@pytest.fixture
def stopping(tmp_path, simulator):
    started = Server(tmp_path, simulator).start()
    yield started
    if started.program.process.poll() is None:
        started.kill()


class Stream(threading.Thread):
    """One streamed answer that takes 3 s."""

    def __init__(self, server):
        super().__init__()
        self.client = openai.OpenAI(base_url=f"{server.gateway}/v1", api_key=server.ready["textKey"], max_retries=0)
        self.begun, self.chunks, self.error, self.request_id = threading.Event(), [], None, None
        self.start()

    def run(self):
        try:
            raw = self.client.chat.completions.with_raw_response.create(
                model=CHAT_MODEL, stream=True, stream_options={"include_usage": True},
                messages=[{"role": "user", "content": directive(output=STREAM_TOKENS, interval=INTERVAL)}])
            self.request_id = raw.headers["x-request-id"]
            for chunk in raw.parse():
                self.chunks.append(chunk)
                self.begun.set()
        except Exception as error:
            self.error = error
            self.begun.set()


def terminate(server):
    server.program.process.send_signal(signal.SIGTERM)
    return time.monotonic()


def ended_within(server, start, seconds):
    assert server.program.wait(seconds) == 0, server.program.tail
    took = time.monotonic() - start
    assert took < seconds, f"{took} s"
    return took


def test_streams_in_flight_finish_and_are_settled(stopping, simulator):
    streams = [Stream(stopping) for _ in range(4)]
    for stream in streams:
        assert stream.begun.wait(20) and not stream.error, stream.error
    idle = Connection(stopping.gateway)
    start = terminate(stopping)

    # Nothing new begins.
    def is_refused():
        try:
            with Connection(stopping.gateway, seconds=2) as connection:
                connection.send(request("/v1/models", method="GET"))
                answer = connection.answer()
                return answer is None or answer.status == 503
        except OSError:
            return True
    wait_until(is_refused, 5, "new requests are served")
    assert idle.is_closed()
    for stream in streams:
        stream.join()
        assert not stream.error, stream.error
        assert stream.chunks[-1].usage.completion_tokens == STREAM_TOKENS
    ended_within(stopping, start, SOON_SECONDS)
    for stream in streams:
        entry = stopping.entry(stopping.ready["textResource"], stream.request_id)
        assert tokens(entry)["outputTokens"] == STREAM_TOKENS


HELD_UP = {
    "an idle connection": lambda server: [(server.gateway, b""), (server.portal, b""), (server.operations, b"")],
    "half a head": lambda server: [(server.gateway, b"POST /v1/chat"), (server.portal, b"GET /sig")],
    "a stuck form": lambda server: [(server.portal, request(
        "/sign-in", "Content-Type: application/x-www-form-urlencoded", body=b"email=", length=1_000))],
    "a stuck body": lambda server: [(server.gateway, request(
        "/v1/chat/completions", f"Authorization: Bearer {server.ready['textKey']}", body=b"{", length=1_000))],
    "a body that nobody reads": lambda server: [(server.gateway, request("/v1/chat/completions", length=10 ** 9))],
}


@pytest.mark.parametrize("what", HELD_UP)
def test_what_only_waits_does_not_delay_the_end(stopping, what):
    held = []
    for url, data in HELD_UP[what](stopping):
        held.append(Connection(url))
        held[-1].send(data)
    kept = requests.Session()
    assert kept.get(f"{stopping.portal}/sign-in", timeout=10).status_code == 200
    time.sleep(0.3)
    start = terminate(stopping)
    if what == "a stuck body":
        answer = held[0].answer()
        assert answer.status == 503 and "stopping" in answer.sentence and answer.closed
    if what == "a stuck form":
        assert held[0].answer().status == 400
    ended_within(stopping, start, SOON_SECONDS)


def test_a_slow_reader_gets_its_whole_answer_though_the_server_stops(stopping):
    """An answer that is complete but not sent yet is not cut short."""
    body = json.dumps({"model": CHAT_MODEL, "max_tokens": 8_192, "stream": True, "messages": [
        {"role": "user", "content": directive(output=8_192)}]}).encode()
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    reader.settimeout(20)
    reader.connect(address(stopping.gateway))
    reader.sendall(request("/v1/chat/completions", f"Authorization: Bearer {stopping.ready['textKey']}", body=body))
    received = reader.recv(1_024)
    start = terminate(stopping)
    time.sleep(1)
    while data := reader.recv(65_536):
        received += data
        time.sleep(0.002)
    assert received.rstrip().endswith(b"0") and b"data: [DONE]" in received[-200:], received[-200:]
    ended_within(stopping, start, 40)


def test_streams_that_outlast_the_time_are_told_and_settled(tmp_path, simulator):
    """Not a broken connection: an error in the stream (F-4), a settled call, and a server that says what it does."""
    server = Server(tmp_path, simulator, options=["--stop-seconds", "4"]).start()
    try:
        long = json.dumps({"model": CHAT_MODEL, "stream": True, "messages": [
            {"role": "user", "content": directive(output=2_000, interval=INTERVAL)}]}).encode()
        with requests.post(
                f"{server.gateway}/v1/chat/completions", data=long, stream=True, timeout=30,
                headers={"Authorization": f"Bearer {server.ready['textKey']}"}) as answer:
            lines = answer.iter_lines()
            first = next(lines)
            assert first.startswith(b"data: {")
            start = terminate(server)
            wait_until(
                lambda: requests.get(f"{server.operations}/health/ready", timeout=5).status_code == 503, 3,
                "a server that stops says that it is ready")
            status = run("status", "--data", server.data, environment=server.environment)
            assert "no calls: the server is stopping" in status.stdout, status.stdout + status.stderr
            rest = [line for line in lines if line]  # To the end: a broken connection would raise.
        assert b'"error"' in rest[-1] and b"stopping" in rest[-1], rest[-1]
        assert not any(b"[DONE]" in line for line in rest)
        ended_within(server, start, SOON_SECONDS)
        entry = server.entry(server.ready["textResource"], answer.headers["x-request-id"])
        assert entry["status"] == "failed" and entry["outputTokens"] > 0
        log = (tmp_path / "server.log").read_text()
        assert "Stopping: 1 call is still running" in log and "Stopped: every call is settled" in log
        assert "CancellationError" not in log
    finally:
        if server.program.process.poll() is None:
            server.kill()
