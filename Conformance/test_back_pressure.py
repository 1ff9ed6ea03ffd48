"""A slow reader slows the provider down and fills no memory. Rule L-1."""

import json
import pathlib
import re
import socket
import threading
import time

import pytest

from support.raw import Connection, address, request
from support.server import Server
from support.simulator import CHAT_MODEL

MEGABYTE = 1 << 20
ANSWER = 200 * MEGABYTE
QUICK = 20 * MEGABYTE
PIECE = 16 * 1024
READ_A_SECOND = 1 * MEGABYTE
WATCH_SECONDS = 8
# Buffers of the sockets on both sides of the gateway, by default up to some megabytes each, are the system's own.
IN_SOCKETS = 32 * MEGABYTE
GROWTH = 12 * MEGABYTE


class Torrent(threading.Thread):
    """A provider that answers every call with one stream of `size` bytes, as fast as they are taken."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.answers, self.size = [], ANSWER
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.answers.append(TorrentAnswer(connection, self.size))


class TorrentAnswer(threading.Thread):
    def __init__(self, connection, size):
        super().__init__(daemon=True)
        self.connection, self.size, self.sent, self.is_whole = connection, size, 0, False
        self.start()

    def run(self):
        piece = self._delta({"content": "a" * PIECE}, None)
        usage = {"id": "t", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}}
        with self.connection:
            try:
                self._read_request()
                self.connection.sendall(
                    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n"
                    b"transfer-encoding: chunked\r\n\r\n")
                while self.sent < self.size:
                    self.connection.sendall(piece)
                    self.sent += PIECE
                self.connection.sendall(
                    self._delta({}, "stop") + self._chunk(usage) + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
                self.is_whole = True
            except OSError:
                pass

    def _read_request(self):
        """All of it: what is left unread would discard the end of the answer."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.connection.recv(65_536)
        head, body = received.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"content-length: (\d+)", head.lower()).group(1))
        while len(body) < length:
            body += self.connection.recv(65_536)

    def _delta(self, delta, reason):
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return self._chunk(
            {"id": "t", "object": "chat.completion.chunk", "created": 1, "model": CHAT_MODEL, "choices": [choice]})

    @staticmethod
    def _chunk(content):
        data = f"data: {json.dumps(content)}\n\n".encode()
        return b"%x\r\n%s\r\n" % (len(data), data)


@pytest.fixture(scope="module")
def torrent():
    started = Torrent()
    yield started
    started.listener.close()


@pytest.fixture(scope="module")
def flooded(tmp_path_factory, torrent):
    with Server(tmp_path_factory.mktemp("flooded"), torrent) as started:
        yield started
        # What is left of the torrent would be drained first, for its usage.
        started.kill()


def resident(server):
    """Bytes of memory that the server has, as the system counts them."""
    status = pathlib.Path(f"/proc/{server.program.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) * 1024


def ask(server):
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    reader.settimeout(60)
    reader.connect(address(server.gateway))
    body = json.dumps({"model": CHAT_MODEL, "stream": True, "messages": [{"role": "user", "content": "hi"}]}).encode()
    reader.sendall(request("/v1/chat/completions", f"Authorization: Bearer {server.ready['textKey']}", body=body))
    return reader


def drain(reader, most=None):
    """Reads until the end or `most` bytes; gives how many came, and the last of them."""
    count, tail = 0, b""
    while most is None or count < most:
        data = reader.recv(min(MEGABYTE, most - count) if most else MEGABYTE)
        if not data:
            break
        count += len(data)
        tail = (tail + data)[-200:]
        if tail.endswith(b"0\r\n\r\n"):
            break
    return count, tail


def test_a_slow_reader_slows_the_provider_and_memory_stays_flat(flooded, torrent):
    # The control: quick readers get everything, and what the server needs for any stream is allocated.
    torrent.size = QUICK
    for _ in range(2):
        with ask(flooded) as quick:
            count, tail = drain(quick)
            assert count > QUICK and b"data: [DONE]" in tail
    assert all(answer.sent >= QUICK for answer in torrent.answers)
    torrent.size = ANSWER
    before = resident(flooded)

    with ask(flooded) as slow:
        read, most = 0, before
        for _ in range(WATCH_SECONDS):
            start = time.monotonic()
            read += drain(slow, READ_A_SECOND)[0]
            time.sleep(max(0, 1 - (time.monotonic() - start)))
            most = max(most, resident(flooded))
            sent = torrent.answers[-1].sent
            assert sent < read + IN_SOCKETS, f"{sent} sent, {read} read"
        assert read == WATCH_SECONDS * READ_A_SECOND and not torrent.answers[-1].is_whole
        assert most - before < GROWTH, f"{(most - before) / MEGABYTE:.1f} MB more"
        # Nothing was lost on the way: from here on it comes as quickly as it is taken.
        count, tail = drain(slow)
        assert read + count > ANSWER and b"data: [DONE]" in tail
    assert resident(flooded) - before < GROWTH, f"{(resident(flooded) - before) / MEGABYTE:.1f} MB more"


def test_many_readers_that_stopped_reading_fill_no_memory(flooded, torrent):
    torrent.size = ANSWER
    before = resident(flooded)
    readers = [ask(flooded) for _ in range(8)]
    try:
        for reader in readers:
            assert reader.recv(1_024)
        time.sleep(3)
        assert all(answer.sent < IN_SOCKETS for answer in torrent.answers[-8:])
        assert resident(flooded) - before < 8 * 3 * MEGABYTE, f"{(resident(flooded) - before) / MEGABYTE:.1f} MB more"
        # Others are served meanwhile.
        with Connection(flooded.gateway) as connection:
            key = f"Authorization: Bearer {flooded.ready['textKey']}"
            assert connection.send(request("/v1/models", key, method="GET")).answer().status == 200
    finally:
        for reader in readers:
            reader.close()
