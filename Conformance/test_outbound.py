"""The server calls the hosts of its providers and no others, whatever a request or an answer names. Rule L-3."""

import http.server
import json
import socket
import threading
import time

import pytest

from support.raw import exchange, request
from support.server import Server
from support.simulator import CHAT_MODEL, EMBED_MODEL

WAIT_SECONDS = 0.5


class Bait(threading.Thread):
    """An address that nobody has a reason to call, and notes who does."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/image.png"
        self.calls = 0
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def assert_untouched(self):
        time.sleep(WAIT_SECONDS)
        before = self.calls
        # The control: a call would have been seen.
        socket.create_connection(self.listener.getsockname()).close()
        end = time.monotonic() + 5
        while self.calls == before and time.monotonic() < end:
            time.sleep(0.01)
        assert (before, self.calls) == (0, 1)
        self.calls = 0


@pytest.fixture(scope="module")
def bait():
    started = Bait()
    yield started
    started.listener.close()


def user(*parts):
    return {"messages": [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, *parts]}]}


def converse(*parts):
    return {"messages": [{"role": "user", "content": [{"text": "What is it?"}, *parts]}]}


def cases(url):
    """Everything in every dialect that can name an address: path, body, key."""
    text, embed, model = "textKey", "embeddingsKey", {"model": CHAT_MODEL}
    image = {"type": "image_url", "image_url": {"url": url}}
    s3 = {"s3Location": {"uri": url}}
    anthropic = {**model, "max_tokens": 5}
    bedrock = f"/model/{CHAT_MODEL}"
    return {
        "chat image": ("/v1/chat/completions", {**model, **user(image)}, text),
        "chat file": ("/v1/chat/completions", {**model, **user({"type": "file", "file": {"file_data": url}})}, text),
        "chat file id": ("/v1/chat/completions", {**model, **user({"type": "file", "file": {"file_id": url}})}, text),
        "responses image": ("/v1/responses", {**model, "input": [
            {"role": "user", "content": [{"type": "input_image", "image_url": url}]}]}, text),
        "responses file": ("/v1/responses", {**model, "input": [
            {"role": "user", "content": [{"type": "input_file", "file_url": url}]}]}, text),
        "messages image": ("/anthropic/v1/messages", {**anthropic, **user(
            {"type": "image", "source": {"type": "url", "url": url}})}, text),
        "messages document": ("/v1/messages", {**anthropic, **user(
            {"type": "document", "source": {"type": "url", "url": url}})}, text),
        "messages image in a result": ("/v1/messages", {**anthropic, "messages": [
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "look", "input": {}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [
                {"type": "image", "source": {"type": "url", "url": url}}]}]}],
            "tools": [{"name": "look", "input_schema": {"type": "object"}}]}, text),
        "messages servers": ("/v1/messages", {**anthropic, **user(), "mcp_servers": [
            {"type": "url", "url": url, "name": "other"}]}, text),
        "counted image": ("/v1/messages/count_tokens", {**model, **user(
            {"type": "image", "source": {"type": "url", "url": url}})}, text),
        "converse image": (f"{bedrock}/converse", converse({"image": {"format": "png", "source": s3}}), text),
        "converse stream document": (f"{bedrock}/converse-stream", converse(
            {"document": {"format": "pdf", "name": "it", "source": s3}}), text),
        "converse video": (f"{bedrock}/converse", converse({"video": {"format": "mp4", "source": s3}}), text),
        "invoke image": (f"{bedrock}/invoke", {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 5, **user(
            {"type": "image", "source": {"type": "url", "url": url}})}, text),
        "connector image": ("/resources/{text}/converse", converse({"image": {"format": "png", "source": s3}}), text),
        "cohere image": ("/v2/embed", {
            "model": EMBED_MODEL, "input_type": "image", "embedding_types": ["float"], "images": [url]}, embed),
        "cohere input": ("/v2/embed", {
            "model": EMBED_MODEL, "input_type": "search_document", "embedding_types": ["float"], "inputs": [
                {"content": [{"type": "image_url", "image_url": {"url": url}}]}]}, embed),
    }


@pytest.mark.parametrize("name", cases(""))
def test_addresses_in_requests_are_refused_and_not_called(server, simulator, bait, name):
    path, body, key = cases(bait.url)[name]
    before = simulator.count()
    path = path.replace("{text}", server.ready["textResource"])
    data = request(path, f"Authorization: Bearer {server.ready[key]}", body=json.dumps(body).encode())
    answer = exchange(server.gateway, data)
    if name == "messages servers":
        # No element of the message: whatever becomes of it, the address is not called.
        assert answer.status in (200, 400), answer
    else:
        assert answer.status == 400 and len(answer.sentence) > 20, answer
        assert simulator.count() == before
    assert bait.url not in answer.sentence if answer.status == 400 else True
    bait.assert_untouched()


def test_a_host_that_a_request_names_is_not_called(server, bait):
    host = bait.url.split("/")[2]
    body = json.dumps({"model": CHAT_MODEL, **user()}).encode()
    key = f"Authorization: Bearer {server.ready['textKey']}"
    fields = [key, f"X-Forwarded-Host: {host}", f"X-Original-URL: {bait.url}"]
    assert exchange(server.gateway, request("/v1/chat/completions", *fields, body=body)).status == 200
    assert exchange(server.gateway, request(f"http://{host}/v1/chat/completions", *fields, body=body)).status == 200
    assert exchange(server.gateway, request(host, method="CONNECT", length=False)).status in (400, 404, 405)
    bait.assert_untouched()


def test_a_provider_that_redirects_is_not_followed(tmp_path, bait):
    class Redirect(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(307)
            self.send_header("location", bait.url)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass
    provider = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirect)
    provider.url = f"http://127.0.0.1:{provider.server_port}"
    threading.Thread(target=provider.serve_forever, daemon=True).start()
    try:
        with Server(tmp_path, provider) as redirected:
            body = json.dumps({"model": CHAT_MODEL, **user()}).encode()
            key = f"Authorization: Bearer {redirected.ready['textKey']}"
            answer = exchange(redirected.gateway, request("/v1/chat/completions", key, body=body))
            assert answer.status >= 400, answer
        bait.assert_untouched()
    finally:
        provider.shutdown()
