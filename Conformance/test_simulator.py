"""The simulator is what everything else is compared with, so it is compared with the official clients first."""

import base64
import json
import random
import re
import socket
import struct
import threading
import time

import boto3
import openai
import pytest
import requests
from botocore.config import Config
from botocore.eventstream import ChecksumMismatch, EventStreamBuffer

from support.processes import wait_until
from support.simulator import Simulator

MODEL = "eu.anthropic.claude-sonnet-4-6:0"
WAIT = 3


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    """One of its own, because these checks change its behaviour."""
    started = Simulator(tmp_path_factory.mktemp("own-simulator"), "--threads", "2")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def chat(upstream):
    client = openai.OpenAI(base_url=f"{upstream.url}/v1", api_key="none", max_retries=0, timeout=WAIT)

    def call(text, **options):
        messages = [{"role": "user", "content": text}]
        return client.chat.completions.create(model="sim-chat", messages=messages, **options)
    call.client = client
    return call


@pytest.fixture(scope="module")
def bedrock(upstream):
    return boto3.client(
        "bedrock-runtime", region_name="eu-central-1", endpoint_url=upstream.url, aws_access_key_id="a",
        aws_secret_access_key="b", config=Config(retries={"max_attempts": 1, "mode": "standard"}, read_timeout=WAIT))


def last(upstream):
    return upstream.ledger()[-1]


def post(upstream, body, path="/v1/chat/completions", **options):
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return requests.post(upstream.url + path, data=data, timeout=WAIT, **options)


def one_message(text, **members):
    return {"model": "m", "messages": [{"role": "user", "content": text}], **members}


def words(text):
    return len(text.split())


# OpenAI chat


def test_one_word_is_one_token(chat):
    answer = chat("one two three")
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (3, 20)
    assert words(answer.choices[0].message.content) == 20
    assert answer.choices[0].finish_reason == "stop"


def test_an_answer_ends_at_max_tokens(chat, upstream):
    answer = chat("one two three", max_tokens=5)
    assert (answer.usage.completion_tokens, answer.choices[0].finish_reason) == (5, "length")
    assert last(upstream)["maxTokens"] == 5 and last(upstream)["finished"]


def test_directives_and_headers_set_the_counts(chat, upstream):
    answer = chat("go [sim output=50 input=7 cache_read=3 cache_write=4]")
    assert answer.usage.prompt_tokens == 14 and answer.usage.prompt_tokens_details.cached_tokens == 3
    assert answer.usage.completion_tokens == 50
    headers = {"x-sim-input-tokens": "9", "x-sim-output-tokens": "2", "X-Request-Id": "abc"}
    answer = chat("go", extra_headers=headers)
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (9, 2)
    assert last(upstream)["requestId"] == "abc"


def test_only_the_newest_user_text_steers(chat):
    def output(*messages):
        answer = chat.client.chat.completions.create(model="m", messages=list(messages))
        return answer.usage.completion_tokens
    first = {"role": "user", "content": "[sim output=5]"}
    answer = {"role": "assistant", "content": "[sim output=6] x"}
    assert output(first, answer, {"role": "user", "content": "now"}) == 20
    assert output(first, answer) == 5


def test_words_are_counted_as_python_splits_them(upstream):
    seed = random.randrange(1 << 30)
    print("seed", seed)
    source = random.Random(seed)
    spaces = [" ", "  ", "\n", "\t", "\u00a0", "\u2003", "\u3000", "\u0085", "\u2028", "\x1c", "\x0b", "\f", "\r"]
    pieces = spaces + ["a", "word", "é", "日本", "😀", '"', "\\", "/", "\u200b", "[", "]", "{", "\u1680", "\u202f"]
    with requests.Session() as session:
        for _ in range(300):
            texts = ["".join(source.choices(pieces, k=source.randrange(1, 40))) for _ in range(source.randrange(1, 5))]
            messages = []
            for text in texts:
                role = source.choice(["user", "system", "assistant"])
                messages.append({"role": role, "content": source.choice([text, [{"type": "text", "text": text}]])})
            body = {"metadata": {"text": "not counted at all"}, "messages": messages, "model": "m"}
            if source.random() < 0.5:
                # Read by other code, which must count alike.
                body["tools"] = [{"type": "function", "function": {"name": "t", "description": "not counted either"}}]
            body = json.dumps(body, ensure_ascii=source.random() < 0.5, indent=source.choice([None, 2]))
            answer = session.post(f"{upstream.url}/v1/chat/completions", data=body.encode(), timeout=WAIT)
            assert answer.json()["usage"]["prompt_tokens"] == sum(map(words, texts)), texts


def test_streams_carry_every_token(chat, upstream):
    chunks = list(chat("a b [sim output=300]", stream=True))
    assert words("".join(chunk.choices[0].delta.content or "" for chunk in chunks)) == 300
    assert all(chunk.usage is None for chunk in chunks)
    chunks = list(chat("a b", stream=True, stream_options={"include_usage": True}, max_tokens=4))
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens == 4
    assert chunks[-2].choices[0].finish_reason == "length"
    raw = post(upstream, one_message("x", stream=True)).text
    assert '"usage"' not in raw and raw.endswith("data: [DONE]\n\n")


def test_long_streams_and_slow_ones(chat, upstream):
    long = sum(1 for chunk in chat("[sim output=20000]", stream=True) if chunk.choices[0].delta.content)
    assert long == 20000 and last(upstream)["outputSent"] == 20000 and last(upstream)["finished"]
    start = time.monotonic()
    list(chat("[sim output=10 interval=20 latency=50]", stream=True))
    assert time.monotonic() - start > 0.22


@pytest.mark.parametrize("fault, error, status", [
    ("429", openai.RateLimitError, 429), ("500", openai.InternalServerError, 500),
    ("503", openai.InternalServerError, 503), ("400", openai.BadRequestError, 400),
])
def test_error_answers_cost_nothing(chat, upstream, fault, error, status):
    with pytest.raises(error):
        chat(f"[sim fault={fault}]")
    assert last(upstream)["status"] == status and last(upstream)["inputTokens"] == 0 and last(upstream)["finished"]


def test_throttling_says_when_to_come_again(chat):
    with pytest.raises(openai.RateLimitError) as caught:
        chat("[sim fault=429@30]")
    assert caught.value.response.headers["retry-after"] == "30"


def test_broken_answers_are_broken(chat, upstream):
    with pytest.raises(openai.APITimeoutError):
        chat("[sim fault=timeout]", timeout=0.5)
    assert last(upstream)["status"] == 0 and last(upstream)["inputTokens"] == 2
    with pytest.raises(openai.APIConnectionError):
        chat("[sim fault=close]")
    with pytest.raises(openai.APIConnectionError):
        chat("[sim fault=cut@3]")
    assert (last(upstream)["outputSent"], last(upstream)["outputTokens"]) == (3, 20)
    assert not isinstance(_or_error(lambda: chat("[sim fault=garbage]")), openai.types.chat.ChatCompletion)
    assert chat("x [sim fault=no-usage]").usage is None


@pytest.mark.parametrize("fault, count", [("cut@7", 7), ("error@2", 2), ("garbage", 0)])
def test_streams_break_where_they_were_told_to(chat, upstream, fault, count):
    got = 0
    with pytest.raises(Exception):
        for chunk in chat(f"[sim fault={fault}]", stream=True):
            got += bool(chunk.choices[0].delta.content)
    assert got == count
    assert last(upstream)["streamed"]


def _or_error(body):
    try:
        return body()
    except Exception as error:
        return error


def test_a_client_that_goes_away_leaves_an_unfinished_call(upstream):
    call = one_message("[sim output=100 interval=20]", stream=True)
    with post(upstream, call, stream=True) as answer:
        next(answer.iter_lines())
    wait_until(lambda: last(upstream)["status"] == 200, WAIT, "the call is not in the ledger")
    time.sleep(0.3)
    assert not last(upstream)["finished"] and last(upstream)["outputSent"] < 100
    assert last(upstream)["outputTokens"] == 100


def test_a_slow_reader_is_not_fed_without_bound(upstream):
    with _connect(upstream) as connection:
        connection.sendall(_request("[sim output=900000]", stream=True))
        time.sleep(0.7)
        assert last(upstream)["outputSent"] < 60_000 and not last(upstream)["finished"]


# Behaviour and wrong input


def test_behaviour_holds_for_all_calls_until_it_is_reset(chat, upstream):
    def behave(**settings):
        return requests.put(f"{upstream.url}/behavior", json=settings, timeout=WAIT).status_code
    assert behave(fault="503", times=2, output=3) == 200
    assert [post(upstream, one_message("x")).status_code for _ in range(3)] == [503, 503, 200]
    assert chat("x").usage.completion_tokens == 3
    assert behave(input=5) == 200 and chat("x").usage.prompt_tokens == 5
    requests.delete(f"{upstream.url}/behavior", timeout=WAIT)
    assert (chat("x y").usage.prompt_tokens, chat("x").usage.completion_tokens) == (2, 20)
    assert [behave(**wrong) for wrong in ({"fault": "nope"}, {"times": 3}, {"output": -1}, {"colour": 1})] == [400] * 4


@pytest.mark.parametrize("body", [
    "", "{", "[]", "{} x", '{"model":"m"}', '{"model":"m","messages":[]}', '{"a":01}', '{"a":"\\x"}',
    '{"messages":[{"role":"user","content":"x"}]}', '{"a":' + "[" * 80 + "]" * 80 + "}", '{"model":"m","messages":"x"}',
    '{"model":"m","max_tokens":0,"messages":[{"role":"user","content":"x"}]}',
    '{"model":"m","messages":[{"role":"user","content":"[sim bogus=1]"}]}',
])
def test_wrong_requests_get_a_sentence(upstream, body):
    answer = post(upstream, body)
    assert answer.status_code == 400 and re.search(r"\w+ \w+", answer.json()["error"]["message"])


def test_unknown_addresses_get_a_sentence(upstream):
    answer = requests.get(f"{upstream.url}/nowhere", timeout=WAIT)
    assert answer.status_code == 404 and "does not serve" in answer.text


# Embeddings


def test_embeddings_are_unit_vectors_in_either_format(chat):
    vectors = {}
    for encoding in ("float", "base64"):
        texts = ["hello big world", "hi", "hello big world"]
        answer = chat.client.embeddings.create(model="sim-embed", input=texts, encoding_format=encoding)
        assert answer.usage.prompt_tokens == 7
        vectors[encoding] = [_floats(item.embedding) for item in answer.data]
        first, second, third = vectors[encoding]
        assert len(first) == 1024 and first == third and first != second
        assert abs(sum(value * value for value in first) - 1) < 1e-5
    assert all(abs(a - b) < 1e-7 for a, b in zip(vectors["float"][0], vectors["base64"][0]))


def _floats(embedding):
    if isinstance(embedding, list):
        return embedding
    data = base64.b64decode(embedding)
    return list(struct.unpack(f"<{len(data) // 4}f", data))


def test_embeddings_take_token_arrays_and_dimensions(chat):
    create = chat.client.embeddings.create
    assert len(create(model="m", input="x y", dimensions=64).data[0].embedding) == 64
    many = create(model="m", input=[[1, 2, 3], [4, 5]])
    assert many.usage.prompt_tokens == 5 and len(many.data) == 2
    assert create(model="m", input=[1, 2, 3]).usage.prompt_tokens == 3
    assert [model.id for model in chat.client.models.list()] == ["sim-chat", "sim-embed"]


# Bedrock


def test_converse_speaks_bedrock(bedrock, upstream):
    answer = bedrock.converse(
        modelId=MODEL, system=[{"text": "be nice"}], messages=[{"role": "user", "content": [{"text": "a b c"}]}],
        inferenceConfig={"maxTokens": 6})
    assert (answer["usage"]["inputTokens"], answer["usage"]["outputTokens"]) == (5, 6)
    assert answer["stopReason"] == "max_tokens" and last(upstream)["model"] == MODEL
    arn = "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.x"
    bedrock.converse(modelId=arn, messages=[{"role": "user", "content": [{"text": "a"}]}])
    assert last(upstream)["model"] == arn


def test_converse_stream_speaks_bedrock(bedrock, upstream):
    messages = [{"role": "user", "content": [{"text": "a b [sim output=30 cache_read=4]"}]}]
    events = list(bedrock.converse_stream(modelId=MODEL, messages=messages)["stream"])
    kinds = [next(iter(event)) for event in events]
    assert kinds == ["messageStart"] + ["contentBlockDelta"] * 30 + ["contentBlockStop", "messageStop", "metadata"]
    assert events[-1]["metadata"]["usage"]["cacheReadInputTokens"] == 4
    garbage = post(
        upstream, {"messages": [{"role": "user", "content": [{"text": "a"}]}]}, "/model/x/converse-stream",
        headers={"x-sim-fault": "garbage"})
    with pytest.raises(ChecksumMismatch):
        frames = EventStreamBuffer()
        frames.add_data(garbage.content)
        list(frames)


@pytest.mark.parametrize("fault, code", [
    ("429", "ThrottlingException"), ("500", "InternalServerException"), ("503", "ServiceUnavailableException"),
    ("400", "ValidationException"),
])
def test_bedrock_errors_have_their_names(bedrock, fault, code):
    with pytest.raises(bedrock.exceptions.ClientError) as caught:
        bedrock.converse(modelId=MODEL, messages=[{"role": "user", "content": [{"text": f"[sim fault={fault}]"}]}])
    assert caught.value.response["Error"]["Code"] == code


def test_invoke_embeds_in_coheres_two_shapes(bedrock):
    def invoke(**body):
        body = json.dumps({"input_type": "search_query", **body})
        answer = bedrock.invoke_model(modelId="cohere.embed-multilingual-v3", body=body)
        return json.loads(answer["body"].read()), answer["ResponseMetadata"]["HTTPHeaders"]
    body, headers = invoke(texts=["hello world", "x"])
    assert headers["x-amzn-bedrock-input-token-count"] == "3" and len(body["embeddings"]) == 2
    assert body["texts"] == ["hello world", "x"] and body["response_type"] == "embeddings_floats"
    types = ["float", "int8", "uint8", "binary", "ubinary", "base64"]
    body, _ = invoke(texts=["a"], embedding_types=types)
    assert list(body["embeddings"]) == types and body["response_type"] == "embeddings_by_type"
    assert len(body["embeddings"]["binary"][0]) == 128


# HTTP and the ledger


def _connect(upstream):
    host, port = upstream.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=WAIT)
    return connection


def _request(text, version="1.1", fields="", **members):
    body = json.dumps(one_message(text, **members))
    return (f"POST /v1/chat/completions HTTP/{version}\r\nhost: x\r\n{fields}content-length: {len(body)}\r\n\r\n"
            f"{body}").encode()


def _exchange(upstream, data, end=0.4):
    with _connect(upstream) as connection:
        connection.settimeout(end)
        connection.sendall(data)
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except TimeoutError:
            pass
        return received


def test_pipelined_requests_are_answered_in_order(upstream):
    requests_ = b"".join(_request(f"[sim output={n} latency={40 - n * 10}]") for n in (1, 2, 3))
    answer = _exchange(upstream, requests_)
    places = [answer.index(b'"completion_tokens":%d,' % n) for n in (1, 2, 3)]
    assert answer.count(b"200 OK") == 3 and places == sorted(places)


def test_http_details(upstream):
    assert b"connection: close" in _exchange(upstream, _request("x", "1.0"))
    assert _exchange(upstream, _request("x", fields="Expect: 100-continue\r\n")).startswith(b"HTTP/1.1 100")
    assert b" 431 " in _exchange(upstream, b"GET / HTTP/1.1\r\nx: " + b"a" * 70_000 + b"\r\n\r\n")
    assert b" 400 " in _exchange(upstream, b"nonsense\r\n\r\n")


def test_the_ledger_says_what_clients_saw_under_load(upstream):
    requests.delete(f"{upstream.url}/ledger", timeout=WAIT)
    seen = []

    def work(worker):
        with requests.Session() as session:
            for call in range(50):
                text = "w " * (call % 9 + 1) + f"[sim output={call % 13}]"
                answer = session.post(
                    f"{upstream.url}/v1/chat/completions", json=one_message(text), timeout=WAIT,
                    headers={"x-request-id": f"{worker}-{call}"}).json()["usage"]
                seen.append((f"{worker}-{call}", answer["prompt_tokens"], answer["completion_tokens"]))

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    ledger = upstream.ledger()
    assert sorted(seen) == sorted((e["requestId"], e["inputTokens"], e["outputTokens"]) for e in ledger)
    summary = requests.get(f"{upstream.url}/ledger/summary", timeout=WAIT).json()
    assert (summary["calls"], summary["finished"]) == (400, 400)
    assert summary["inputTokens"] == sum(tokens for _, tokens, _ in seen)
    page = requests.get(f"{upstream.url}/ledger", params={"from": ledger[10]["call"], "limit": 5}, timeout=WAIT)
    assert int(page.headers["x-ledger-next"]) == page.json()[-1]["call"] + 1
