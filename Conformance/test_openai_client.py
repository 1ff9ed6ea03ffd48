"""The official OpenAI client works unmodified, and every token that the provider counted is metered exactly."""

import concurrent.futures
import json
import math
import struct
import time

import openai
import pytest
import requests

from support.company import consumption, create_key, revoke_key
from support.portal import Portal
from support.processes import wait_until
from support.server import tokens
from support.simulator import CHAT_MODEL, EMBED_MODEL, directive

EXTRACTIVE, MINILM = "packhouse-extractive-1", "packhouse-minilm-l6-v2"
# Rule M-7: records reach the usage tables within 200 ms, and everything agrees within 1 s.
METERED_SECONDS = 2


def ask(client, text, model=CHAT_MODEL, **options):
    """A chat of one message: the answer, and the gateway's request id."""
    messages = [{"role": "user", "content": text}]
    raw = client.chat.completions.with_raw_response.create(model=model, messages=messages, **options)
    return raw.parse(), raw.headers["x-request-id"]


def metered(server, simulator, resource, request_id):
    """The usage entry of a call, after a comparison with what the simulator served under the same id."""
    entry = wait_until(
        lambda: [entry for entry in server.usage(resource) if entry["requestId"] == request_id], METERED_SECONDS,
        f"no usage entry for {request_id}")
    assert len(entry) == 1
    served = simulator.calls(request_id)
    assert len(served) == 1
    assert tokens(entry[0]) == {name: served[0][name] for name in tokens(entry[0])}
    assert entry[0]["status"] == "completed" and not entry[0]["estimated"]
    return entry[0]


# Chat


def test_a_plain_chat_is_answered_and_metered(server, simulator, text):
    answer, request_id = ask(text, "one two three " + directive(output=50))
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (5, 50, 55)
    assert len(answer.choices[0].message.content.split()) == 50
    assert answer.choices[0].finish_reason == "stop" and answer.model == CHAT_MODEL
    metered(server, simulator, server.ready["textResource"], request_id)


def test_cached_tokens_keep_their_class(server, simulator, text):
    answer, request_id = ask(text, directive(input=70, output=9, cache_read=30))
    assert answer.usage.prompt_tokens == 100 and answer.usage.prompt_tokens_details.cached_tokens == 30
    entry = metered(server, simulator, server.ready["textResource"], request_id)
    assert (entry["inputTokens"], entry["cacheReadTokens"]) == (70, 30)


def test_max_tokens_end_an_answer(text):
    answer, _ = ask(text, "go " + directive(output=500), max_tokens=7)
    assert answer.usage.completion_tokens == 7 and answer.choices[0].finish_reason == "length"
    answer, _ = ask(text, "go " + directive(output=500), max_completion_tokens=8)
    assert answer.usage.completion_tokens == 8


def test_a_stream_with_usage(server, simulator, text):
    stream, request_id = ask(
        text, "a b " + directive(output=300), stream=True, stream_options={"include_usage": True})
    chunks = list(stream)
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens == 300
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert len("".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1]).split()) == 300
    assert chunks[-2].choices[0].finish_reason == "stop"
    metered(server, simulator, server.ready["textResource"], request_id)


def test_a_stream_without_usage_is_metered_as_exactly(server, simulator, text):
    stream, request_id = ask(text, "a b " + directive(output=120, cache_read=11), stream=True)
    chunks = list(stream)
    assert all(chunk.usage is None and chunk.choices for chunk in chunks)
    assert len("".join(chunk.choices[0].delta.content or "" for chunk in chunks).split()) == 120
    metered(server, simulator, server.ready["textResource"], request_id)


def test_a_stream_arrives_as_it_is_made(text):
    stream, _ = ask(text, "go " + directive(output=10, interval=60), stream=True)
    times = [time.monotonic() for chunk in stream if chunk.choices and chunk.choices[0].delta.content]
    assert times[-1] - times[0] > 0.3, "all pieces came at once"


def test_the_offline_text_model_answers_from_the_context(server, text):
    context = "A bundle month starts on the day of activation. Penguins live in the south. Tokens are metered."
    answer, request_id = ask(text, f"{context}\n\nWhere do penguins live?", model=EXTRACTIVE)
    assert "Penguins live in the south" in answer.choices[0].message.content
    assert answer.model == EXTRACTIVE
    streamed, _ = ask(text, f"{context}\n\nWhere do penguins live?", model=EXTRACTIVE, stream=True)
    pieces = [chunk.choices[0].delta.content or "" for chunk in streamed if chunk.choices]
    assert "".join(pieces) == answer.choices[0].message.content
    entry = server.entry(server.ready["textResource"], request_id)
    assert (entry["inputTokens"], entry["outputTokens"]) == (answer.usage.prompt_tokens, answer.usage.completion_tokens)


# Embeddings


@pytest.mark.parametrize("options", [{}, {"encoding_format": "float"}], ids=["base64", "float"])
def test_embeddings_are_answered_and_metered(server, simulator, embeddings, options):
    raw = embeddings.embeddings.with_raw_response.create(
        model=EMBED_MODEL, input=["hello big world", "hi"], **options)
    answer = raw.parse()
    assert answer.usage.prompt_tokens == 4 and [len(item.embedding) for item in answer.data] == [1024, 1024]
    assert [item.index for item in answer.data] == [0, 1]
    entry = metered(server, simulator, server.ready["embeddingsResource"], raw.headers["x-request-id"])
    assert entry["outputTokens"] == 0


def test_both_formats_hold_the_same_numbers(embeddings):
    create = embeddings.embeddings.create
    first = create(model=MINILM, input="The sky is blue.").data[0].embedding
    second = create(model=MINILM, input="The sky is blue.", encoding_format="float").data[0].embedding
    assert [struct.pack("<f", value) for value in first] == [struct.pack("<f", value) for value in second]


def test_the_offline_embedding_model_knows_what_is_alike(server, embeddings):
    raw = embeddings.embeddings.with_raw_response.create(
        model=MINILM, input=["A cat sits on the mat.", "A kitten is on the rug.", "Interest rates rose again."])
    vectors = [item.embedding for item in raw.parse().data]
    assert [len(vector) for vector in vectors] == [384] * 3

    def cosine(a, b):
        return sum(x * y for x, y in zip(a, b)) / math.hypot(*a) / math.hypot(*b)
    assert cosine(vectors[0], vectors[1]) > cosine(vectors[0], vectors[2]) + 0.2
    entry = server.entry(server.ready["embeddingsResource"], raw.headers["x-request-id"])
    assert entry["inputTokens"] == raw.parse().usage.prompt_tokens > 0


def test_models_are_listed(text, embeddings):
    assert {EXTRACTIVE, CHAT_MODEL} <= {model.id for model in text.models.list()}
    assert {MINILM, EMBED_MODEL} <= {model.id for model in embeddings.models.list()}
    assert text.models.retrieve(CHAT_MODEL).id == CHAT_MODEL


def test_no_model_named_means_the_default_one(server):
    answer = requests.post(
        f"{server.gateway}/v1/chat/completions", headers={"api-key": server.ready["textKey"]}, timeout=30,
        json={"messages": [{"role": "user", "content": "Hello. Is there context?"}]})
    assert answer.status_code == 200 and answer.json()["model"]


# The sums


def test_every_token_of_many_callers_is_on_the_consumption_page(server, simulator, text):
    def call(number):
        prompt = "word " * (number % 7) + directive(output=number % 13 + 1, cache_read=number % 3)
        if number % 2:
            return ask(text, prompt)[1]
        stream, request_id = ask(text, prompt, stream=True)
        assert list(stream)
        return request_id
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(call, range(60)))
    resource = server.ready["textResource"]
    served = {entry["requestId"]: entry for entry in simulator.ledger() if entry["requestId"] in ids}
    assert len(served) == 60
    entries = {entry["requestId"]: entry for entry in server.usage(resource)}
    for request_id, call_served in served.items():
        assert tokens(entries[request_id]) == {name: call_served[name] for name in tokens(entries[request_id])}

    person = Portal(server.portal, server.admin)

    def agrees():
        """The page's own sums, compared with all usage entries of the resource."""
        all_entries = list(server.usage(resource))
        shown = consumption(person, resource)
        sums = {
            "calls": len(all_entries),
            "input": sum(e["inputTokens"] + e["cacheReadTokens"] + e["cacheWriteTokens"] for e in all_entries),
            "output": sum(e["outputTokens"] for e in all_entries),
        }
        return shown == sums or None
    wait_until(agrees, METERED_SECONDS, lambda: f"the consumption page shows {consumption(person, resource)}")


# Wrong input: each time a status, a sentence, and no call to the provider


def post(server, key, body, path="/v1/chat/completions", **headers):
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json", **headers}
    return requests.post(server.gateway + path, data=body, headers=headers, timeout=60)


def expect(caught, status, *parts):
    """The client's error has this status, and a sentence with these parts in it."""
    error = caught.value
    assert error.status_code == status
    assert error.response.headers["x-request-id"] == error.request_id
    message = error.body["message"]
    assert message.endswith(".") and all(part in message for part in parts), message
    return error


def test_an_unknown_key_is_refused(client):
    # Right in form, checksum included; no such key exists.
    unknown = "phk_000000000000_" + "0" * 43
    for key in (unknown, "sk-somebody-elses", "x"):
        with pytest.raises(openai.AuthenticationError) as caught:
            ask(client(key), "hi")
        expect(caught, 401)


def test_a_key_with_a_typo_is_told_apart(server, client):
    key = server.ready["textKey"]
    wrong = key[:-1] + ("a" if key[-1] != "a" else "b")
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(client(wrong), "hi")
    typo = expect(caught, 401).body["message"]
    with pytest.raises(openai.AuthenticationError) as caught:
        ask(client("x"), "hi")
    assert typo != caught.value.body["message"] and key not in typo


def test_no_key_is_refused(server):
    answer = requests.get(f"{server.gateway}/v1/models", timeout=30)
    assert answer.status_code == 401 and answer.json()["error"]["message"] and answer.headers["www-authenticate"]


@pytest.mark.parametrize("header", ["x-api-key", "api-key", "authorization"])
def test_a_key_travels_in_any_of_the_usual_headers(server, header):
    key = server.ready["textKey"]
    value = f"Bearer {key}" if header == "authorization" else key
    assert requests.get(f"{server.gateway}/v1/models", headers={header: value}, timeout=30).status_code == 200


def test_a_revoked_key_stops_within_a_second(server, client, simulator):
    person = Portal(server.portal, server.admin)
    key = create_key(person, server.ready["textResource"], "To be revoked")
    ask(client(key), "hi")
    revoke_key(person, server.ready["textResource"], "To be revoked")

    def is_refused():
        try:
            ask(client(key), "hi")
        except openai.PermissionDeniedError as error:
            return error
        return None
    error = wait_until(is_refused, 1.5, "the revoked key still works")
    assert error.status_code == 403 and "revoked" in error.body["message"]


@pytest.mark.parametrize("body", [
    b"", b"{", b"[1]", b'{"messages": }', b'{"a":' + b"[" * 100 + b"]" * 100 + b"}", b"\xff\xfe",
], ids=["empty", "open", "array", "no value", "deep", "no text"])
def test_malformed_json_is_refused(server, simulator, body):
    before = simulator.count()
    answer = post(server, server.ready["textKey"], body)
    assert answer.status_code == 400 and answer.json()["error"]["message"].endswith(".")
    assert answer.json()["error"]["type"] == "invalid_request_error" and answer.headers["x-request-id"]
    assert simulator.count() == before


@pytest.mark.parametrize("change, part", [
    ({"messages": []}, "messages"), ({"messages": "hi"}, "messages"), ({"max_tokens": -1}, "max_tokens"),
    ({"max_tokens": "many"}, "max_tokens"), ({"temperature": "hot"}, "temperature"), ({"n": 2}, "n"),
    ({"messages": [{"role": "nobody", "content": "x"}]}, "role"),
])
def test_wrong_members_are_named(server, simulator, change, part):
    before = simulator.count()
    body = {"model": CHAT_MODEL, "messages": [{"role": "user", "content": "x"}], **change}
    answer = post(server, server.ready["textKey"], json.dumps(body))
    assert answer.status_code == 400 and part in answer.text, answer.text
    assert simulator.count() == before


def test_an_unknown_model_lists_those_enabled(text):
    with pytest.raises(openai.NotFoundError) as caught:
        ask(text, "hi", model="gpt-4o")
    expect(caught, 404, "gpt-4o", EXTRACTIVE, CHAT_MODEL)


def test_a_key_on_the_wrong_route_is_told_the_right_one(text, embeddings):
    with pytest.raises(openai.NotFoundError) as caught:
        ask(embeddings, "hi")
    expect(caught, 404, "embeddings", "/v1/embeddings")
    with pytest.raises(openai.NotFoundError) as caught:
        text.embeddings.create(model=EMBED_MODEL, input="hi")
    expect(caught, 404, "text generation", "/v1/chat/completions")


def test_a_body_that_is_too_large_is_refused(server, simulator):
    before = simulator.count()
    answer = post(server, server.ready["textKey"], b'{"x":"' + b"a" * (33 << 20) + b'"}')
    assert answer.status_code == 413 and "32 MB" in answer.json()["error"]["message"]
    assert simulator.count() == before


def test_too_many_texts_are_refused(embeddings):
    with pytest.raises(openai.BadRequestError) as caught:
        embeddings.embeddings.create(model=EMBED_MODEL, input=["x"] * 97)
    expect(caught, 400, "96")


def test_an_unknown_address_gets_a_sentence(server):
    answer = requests.get(f"{server.gateway}/v2/nothing", timeout=30)
    assert answer.status_code == 404 and "/v1/chat/completions" in answer.text


# The provider's faults


@pytest.mark.parametrize("fault, status", [
    ("429@7", {429}), ("500", {503}), ("503", {503}), ("garbage", {502}),
    # 503 where the faults before it have opened the circuit breaker.
    ("close", {502, 503}),
])
def test_faults_of_the_provider_are_passed_on_in_words(server, text, fault, status):
    with pytest.raises(openai.APIStatusError) as caught:
        ask(text, "hi " + directive(fault=fault))
    assert caught.value.status_code in status
    error = expect(caught, caught.value.status_code)
    if error.status_code == 503 and fault == "close":
        assert int(error.response.headers["retry-after"]) > 0
    if fault == "429@7":
        assert error.response.headers["retry-after"] == "7" and error.response.headers["x-should-retry"] == "true"
    entry = wait_until(
        lambda: [e for e in server.usage(server.ready["textResource"]) if e["requestId"] == error.request_id],
        METERED_SECONDS, "the failed call has no usage entry")
    # Of an answer that cannot be read its bytes are what was received.
    assert entry[0]["status"] == "failed" and (entry[0]["outputTokens"] > 0) == (fault == "garbage")


@pytest.mark.parametrize("fault", ["cut@5", "error@5"])
def test_a_stream_that_breaks_ends_with_an_error_and_is_metered(server, text, fault):
    stream, request_id = ask(text, "hi " + directive(output=20, interval=20, fault=fault), stream=True)
    with pytest.raises(openai.APIError):
        list(stream)
    entry = wait_until(
        lambda: [e for e in server.usage(server.ready["textResource"]) if e["requestId"] == request_id],
        METERED_SECONDS, "the broken stream has no usage entry")
    assert len(entry) == 1 and entry[0]["estimated"] and entry[0]["outputTokens"] > 0


def test_a_client_that_leaves_is_metered_for_the_whole_answer(server, simulator, text):
    stream, request_id = ask(text, "hi " + directive(output=40, interval=20), stream=True)
    next(iter(stream))
    stream.close()
    entry = wait_until(
        lambda: [e for e in server.usage(server.ready["textResource"]) if e["requestId"] == request_id], 10,
        "the abandoned call has no usage entry")
    assert tokens(entry[0])["outputTokens"] == 40 and entry[0]["status"] == "disconnected"
    assert simulator.calls(request_id)[0]["finished"]
