"""A connection without a client: what is sent is what the server gets, byte for byte."""

import dataclasses
import json
import socket
import urllib.parse

READ_SECONDS = 20


def address(url):
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port


def connect(url, source=None, seconds=READ_SECONDS):
    """A socket to the server behind `url`; `source` is the loopback address that it comes from."""
    return socket.create_connection(address(url), timeout=seconds, source_address=(source, 0) if source else None)


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    body: bytes
    closed: bool

    @property
    def text(self):
        return self.body.decode(errors="replace")

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def sentence(self):
        """What the answer says, in whatever dialect."""
        try:
            content = self.json
        except ValueError:
            return self.text
        return content.get("message") or content["error"]["message"]


class Connection:
    """One raw connection that reads answers one after the other."""

    def __init__(self, url, source=None, seconds=READ_SECONDS):
        self.socket, self.buffer = connect(url, source, seconds), b""

    def send(self, data):
        self.socket.sendall(data)
        return self

    def answer(self):
        """The next answer; None where the server closes without one."""
        while b"\r\n\r\n" not in self.buffer:
            if not self._receive():
                assert not self.buffer, self.buffer
                return None
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        status = int(lines[0].split(" ")[1])
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:])}
        length = int(headers.get("content-length", 0))
        while len(self.buffer) < length and self._receive():
            pass
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Answer(status, headers, body, headers.get("connection") == "close")

    def is_closed(self):
        """Waits until the server closes; false where it goes on."""
        try:
            while self._receive():
                pass
            return True
        except TimeoutError:
            return False

    def _receive(self):
        try:
            data = self.socket.recv(65536)
        except (ConnectionResetError, BrokenPipeError):
            data = b""
        self.buffer += data
        return bool(data)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def request(path, *fields, body=b"", length=None, method="POST"):
    """A request as bytes; `length` is what is announced, the body's own unless given, none where False."""
    lines = [f"{method} {path} HTTP/1.1", "Host: packhouse.example", *fields]
    if length is not False:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def exchange(url, data, source=None):
    """Sends, and gives the first answer."""
    with Connection(url, source) as connection:
        try:
            connection.send(data)
        except (ConnectionResetError, BrokenPipeError):
            pass
        return connection.answer()
