"""What the bodies of one customer's requests can take of the memory that all share, and answers without a body. Rules
L-1, K-2."""

import json

import pytest
import requests

from support.processes import wait_until
from support.raw import Connection, exchange, request
from support.simulator import CHAT_MODEL, EMBED_MODEL, directive

LARGEST = 32 << 20
STALL_SECONDS = 20
GREEDY = 8


def key(server, name="textKey"):
    return f"x-api-key: {server.ready[name]}"


def embed(server):
    """What another customer sees."""
    body = {"model": EMBED_MODEL, "input": ["hi"]}
    return requests.post(
        f"{server.gateway}/v1/embeddings", json=body, headers={"x-api-key": server.ready["embeddingsKey"]}, timeout=30)


def padded(length=LARGEST, **settings):
    body = {"model": CHAT_MODEL, "stream": True, "messages": [{"role": "user", "content": directive(**settings)}]}
    return json.dumps(body).encode().ljust(length)


def test_bodies_that_never_end_keep_nobody_else_out_and_are_ended(server):
    connections = []
    try:
        for _ in range(GREEDY):
            connections.append(Connection(server.gateway, seconds=60))
            data = request("/v1/chat/completions", key(server), body=b" " * (LARGEST - 1), length=LARGEST)
            try:
                connections[-1].send(data)
            except (ConnectionResetError, BrokenPipeError):
                pass
            assert embed(server).status_code == 200
        answers = []
        for connection in connections:
            answers.append(connection.answer())
            assert embed(server).status_code == 200
        # The first two fill the share of their key; they end because they stand still.
        refused = [answer for answer in answers if answer.status == 429]
        assert refused and all("requests of this key" in answer.sentence for answer in refused), answers
        ended = [answer for answer in answers if answer.status == 400]
        assert ended and all(f"for {STALL_SECONDS} s" in answer.sentence for answer in ended), answers
    finally:
        for connection in connections:
            connection.close()
    assert requests.post(
        f"{server.gateway}/v1/chat/completions", data=padded(output=2), headers={"x-api-key": server.ready["textKey"]},
        timeout=60).status_code == 200


def test_a_trickle_does_not_hold_a_large_body_open(server):
    with Connection(server.gateway, seconds=60) as connection:
        connection.send(
            request("/v1/chat/completions", key(server), body=b" " * (LARGEST - 64), length=LARGEST))
        connection.socket.settimeout(4)
        for _ in range(16):
            try:
                connection.send(b" ")
                connection.socket.recv(1, 2)
                break
            except TimeoutError:
                continue
        connection.socket.settimeout(5)
        answer = connection.answer()
        assert answer.status == 400 and f"for {STALL_SECONDS} s" in answer.sentence


def test_a_stream_does_not_hold_its_body_once_it_has_begun(server):
    """More large bodies than a key's share holds, one after the other, while all their answers stream."""
    connections = []
    try:
        for _ in range(GREEDY):
            connections.append(Connection(server.gateway, seconds=60))
            connections[-1].send(
                request("/v1/chat/completions", key(server), body=padded(output=20, interval=1_000)))
            answer = connections[-1].socket.recv(12)
            assert answer == b"HTTP/1.1 200", answer + connections[-1].socket.recv(400)
            assert embed(server).status_code == 200
    finally:
        for connection in connections:
            connection.close()
    wait_until(lambda: embed(server).status_code == 200, 1, "others are shut out once the clients have gone")


@pytest.mark.parametrize(
    "path", ["/v1/chat/completions", "/v1/responses", "/v1/messages", "/model/x/converse", "/nothing"])
def test_a_key_of_another_type_is_told_so_before_its_body_is_read(server, path):
    answer = exchange(server.gateway, request(path, key(server, "embeddingsKey"), body=b"{"))
    assert answer.status == 404 and (path == "/nothing" or "embeddings resource" in answer.sentence)


@pytest.mark.parametrize("listener,path", [
    ("gateway", "/v1/models"), ("gateway", "/nothing"), ("portal", "/sign-in"), ("portal", "/nothing"),
    ("operations", "/health/live")])
def test_an_answer_to_head_has_no_body(server, listener, path):
    """What followed the head would be taken for the next answer."""
    url = getattr(server, listener)
    with Connection(url) as connection:
        connection.send(request(path, key(server), method="HEAD", length=False))
        connection.send(request("/nothing", key(server), "Connection: close", method="GET", length=False))
        assert connection.is_closed()
        heads = connection.buffer.split(b"\r\n\r\n")
        assert heads[0].startswith(b"HTTP/1.1 ") and heads[1].startswith(b"HTTP/1.1 404"), connection.buffer[:600]
