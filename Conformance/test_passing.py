"""Where caller and provider speak one dialect, the call passes through untouched (D-1, D-4).

The simulator has a member that no dialect knows, `sim_echo`: it stands in its ledger and comes back with the answer. So
it tells whether request and answer have passed as they were. Each call is held against what the provider counted.
"""

import base64
import json

import botocore.eventstream
import pytest
import requests

from support.kinds import LIMITS
from support.processes import wait_until
from support.server import Server, tokens
from support.simulator import PNG, Simulator, directive

METERED_SECONDS = 5
SECONDS = 30
PIXEL = base64.b64encode(PNG).decode()
# With spaces and digits that nobody who writes it anew would keep.
ECHO = '{"some": [1, 2.50, "\\u00e9"]}'
TEXT = {kind: f"text-{kind}" for kind in ("openai-compatible", "anthropic", "bedrock")}
EMBEDDINGS = {kind: f"embed-{kind}" for kind in ("openai-compatible", "cohere", "bedrock")}
# At Bedrock: models whose ids tell that they are not Anthropic's, or do not tell whose.
OTHERS = {
    "nova": "eu.amazon.nova-lite-v1:0",
    "opaque": "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2c3"}
# What the provider calls them, where that is not what the catalog does.
UPSTREAM = {"text-bedrock": "eu.anthropic.text-bedrock", "embed-bedrock": "cohere.embed-bedrock", **OTHERS}
# Takes no tools that are marked strict.
LOOSE = "loose"
SECRETS = {
    "openai-compatible": {}, "anthropic": {"apiKeyFrom": "CONFORMANCE_PASSING_KEY"},
    "cohere": {"apiKeyFrom": "CONFORMANCE_PASSING_KEY"}, "bedrock": {"bearerTokenFrom": "CONFORMANCE_PASSING_KEY"}}


def served(kind):
    """The models at the provider of that kind."""
    names = [names[kind] for names in (TEXT, EMBEDDINGS) if kind in names]
    return names + [*OTHERS, LOOSE] if kind == "bedrock" else names


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    started = Simulator(tmp_path_factory.mktemp("passing-simulator"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, upstream):
    def model(name, kind, limits):
        return {
            "id": name, "name": name, "family": "simulated", "type": kind, "availability": [{"region": "local"}],
            "rates": {"input": 1, "output": 1} if kind == "text" else {"input": 1}, "limits": limits}
    vectors = {"inputCounting": "bytes", "dimensions": 1024, "maxTexts": 96}
    content = {
        "families": [{"id": "simulated", "name": "Simulated", "vendor": "Packhouse"}],
        "models": [model(name, "text", LIMITS) for name in [*TEXT.values(), *OTHERS]]
        + [model(LOOSE, "text", {**LIMITS, "strictTools": False})]
        + [model(name, "embeddings", vectors) for name in EMBEDDINGS.values()],
        "providers": [
            {"name": kind, "kind": kind, "region": "local", **secret,
             "endpoint": upstream.url + ("/v1" if kind == "openai-compatible" else ""),
             "models": {name: UPSTREAM.get(name, name) for name in served(kind)}}
            for kind, secret in SECRETS.items()]}
    folder = tmp_path_factory.mktemp("passing")
    path = folder / "passing.yaml"
    path.write_text(json.dumps(content))
    with Server(folder, options=["--providers", path], environment={"CONFORMANCE_PASSING_KEY": "any"}) as server:
        yield server


def user(text):
    return [{"role": "user", "content": text}]


# By dialect: whose own it is, the path, whole and streamed, and the body.
DIALECTS = {
    "openai": ("openai-compatible", ["/v1/chat/completions"] * 2, lambda text, stream: {
        "max_tokens": 9_000, "stream": stream, "stream_options": {"include_usage": True} if stream else None,
        "messages": user(text)}),
    "anthropic": ("anthropic", ["/v1/messages"] * 2, lambda text, stream: {
        "max_tokens": 900, "stream": stream, "messages": user(text)}),
    "converse": ("bedrock", ["/model/{model}/converse", "/model/{model}/converse-stream"], lambda text, stream: {
        "inferenceConfig": {"maxTokens": 900}, "messages": user([{"text": text}])}),
    "invoke": ("bedrock", ["/model/{model}/invoke", "/model/{model}/invoke-with-response-stream"],
               lambda text, stream: {
                   "anthropic_version": "bedrock-2023-05-31", "max_tokens": 900, "messages": user(text)}),
}
EMBEDDING_DIALECTS = {
    "openai": ("openai-compatible", "/v1/embeddings", lambda texts: {"input": texts, "encoding_format": "base64"}),
    "cohere": ("cohere", "/v2/embed", lambda texts: {
        "texts": texts, "input_type": "search_query", "embedding_types": ["float"]}),
    "invoke": ("bedrock", "/model/{model}/invoke", lambda texts: {"texts": texts, "input_type": "search_query"}),
}


def post(gateway, path, model, body, key, echo=ECHO):
    """A call with a member that nobody knows, as text, because it is to arrive as it is."""
    if "{model}" not in path:
        body = {"model": model, **body}
    text = json.dumps(body)
    if echo:
        text = text[:-1] + f', "sim_echo": {echo}}}'
    return requests.post(
        gateway.gateway + path.format(model=model), data=text.encode(), timeout=SECONDS, headers={
            "content-type": "application/json", "x-api-key": key, "anthropic-version": "2023-06-01"})


def frames(content):
    """The types and payloads of the frames of an event stream."""
    found, buffer = [], botocore.eventstream.EventStreamBuffer()
    buffer.add_data(content)
    for message in buffer:
        found.append((message.headers.get(":event-type"), json.loads(message.payload)))
    assert found, content[:200]
    return found


def check_end(dialect, content, stream):
    """The answer ends as its dialect does, and has its stop reason."""
    if not stream:
        answer = json.loads(content)
        stop = {
            "openai": lambda: answer["choices"][0]["finish_reason"], "converse": lambda: answer["stopReason"],
        }.get(dialect, lambda: answer["stop_reason"])()
        assert stop == ("stop" if dialect == "openai" else "end_turn") and answer["usage"]
    elif dialect == "openai":
        assert content.endswith(b"data: [DONE]\n\n")
        # The chunk before `[DONE]` has the usage, the one before that the end of the text.
        *_, last, usage = [json.loads(line[6:]) for line in content.splitlines() if line.startswith(b"data: {")]
        assert last["choices"][0]["finish_reason"] == "stop" and usage["usage"] and not usage["choices"]
    elif dialect == "anthropic":
        *_, delta, stop = [json.loads(line[6:]) for line in content.splitlines() if line.startswith(b"data: {")]
        assert content.endswith(b"\n\n") and stop["type"] == "message_stop"
        assert delta["type"] == "message_delta" and delta["delta"]["stop_reason"] == "end_turn" and delta["usage"]
    elif dialect == "converse":
        *_, (stop, reason), (last, report) = frames(content)
        assert (stop, last) == ("messageStop", "metadata") and reason["stopReason"] == "end_turn" and report["usage"]
    else:
        *_, delta, stop = [json.loads(base64.b64decode(payload["bytes"])) for _, payload in frames(content)]
        assert stop["type"] == "message_stop" and delta["delta"]["stop_reason"] == "end_turn"


def chat(gateway, dialect, kind, text, stream, **options):
    _, paths, body = DIALECTS[dialect]
    return post(gateway, paths[stream], TEXT[kind], body(text, stream), gateway.ready["textKey"], **options)


def entry_of(gateway, resource, answer):
    identifier = answer.headers["x-request-id"]
    found = wait_until(
        lambda: [entry for entry in gateway.usage(gateway.ready[resource]) if entry["requestId"] == identifier],
        METERED_SECONDS, "the call is not metered")
    assert len(found) == 1
    return found[0]


def metered(gateway, upstream, resource, answer):
    """The usage entry, after a comparison with what the provider counted."""
    entry = entry_of(gateway, resource, answer)
    [served] = upstream.calls(entry["requestId"])
    assert tokens(entry) == {name: served[name] for name in tokens(entry)}
    assert entry["status"] == "completed" and not entry["estimated"]
    return served


@pytest.fixture(params=DIALECTS)
def dialect(request):
    return request.param


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def stream(request):
    return request.param


def test_a_chat_passes_as_it_is(gateway, upstream, dialect, stream):
    answer = chat(gateway, dialect, DIALECTS[dialect][0], "one two " + directive(output=9, cache_read=4), stream)
    assert answer.status_code == 200, answer.text
    assert f'"sim_echo":{ECHO}'.encode() in answer.content
    served = metered(gateway, upstream, "textResource", answer)
    assert served["echo"] == json.loads(ECHO) and served["outputTokens"] == 9
    # What must change has changed: no more is asked for than was reserved.
    assert served["maxTokens"] <= LIMITS["maxOutputTokens"]


@pytest.mark.parametrize("model", OTHERS)
def test_a_body_of_claude_reaches_models_of_other_makers_in_words_of_converse(gateway, upstream, model, stream):
    """InvokeModel takes bodies in the words of the model's maker only, as the simulator does."""
    _, paths, body = DIALECTS["invoke"]
    answer = post(gateway, paths[stream], model, body("one " + directive(output=5), stream), gateway.ready["textKey"])
    assert answer.status_code == 200 and b"sim_echo" not in answer.content, answer.text
    check_end("invoke", answer.content, stream)
    served = metered(gateway, upstream, "textResource", answer)
    assert "/converse" in served["path"] and served["echo"] is None and served["outputTokens"] == 5
    # What Converse cannot say is refused rather than sent to a model that would not know it.
    beyond = {**body("one", stream), "context_management": {"edits": []}}
    before = upstream.count()
    answer = post(gateway, paths[stream], model, beyond, gateway.ready["textKey"])
    assert answer.status_code == 400 and "context_management" in answer.text and upstream.count() == before


def test_a_strict_tool_is_refused_before_the_provider_would(gateway, upstream):
    _, paths, body = DIALECTS["openai"]
    for strict in (True, False):
        tool = {"name": "clock", "parameters": {"type": "object", "properties": {}}, "strict": strict}
        before = upstream.count()
        answer = post(
            gateway, paths[0], LOOSE, {**body("x " + directive(output=2), False), "tools": [
                {"type": "function", "function": tool}]}, gateway.ready["textKey"], echo=None)
        if not strict:
            assert answer.status_code == 200, answer.text
            continue
        assert answer.status_code == 400 and upstream.count() == before
        assert '"clock\\", is marked strict' in answer.text and "leave strict out" in answer.text


def test_the_words_of_a_provider_that_refuses_reach_the_caller_and_no_log(gateway, dialect):
    for kind in TEXT:
        answer = chat(gateway, dialect, kind, "x " + directive(fault=400), False, echo=None)
        assert answer.status_code == 400 and "The provider said: The simulator was asked" in answer.text
        unavailable = chat(gateway, dialect, kind, "x " + directive(fault=500), False, echo=None)
        assert unavailable.status_code >= 500 and "simulator was asked" not in unavailable.text
    assert "simulator was asked" not in (gateway.folder / "server.log").read_text()


@pytest.mark.parametrize("dialect", ["converse", "anthropic"])
def test_an_image_in_another_format_is_refused_by_number(gateway, upstream, dialect):
    kind, paths, body = DIALECTS[dialect]
    image = (
        {"image": {"format": "jpeg", "source": {"bytes": PIXEL}}} if dialect == "converse"
        else {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": PIXEL}})
    before = upstream.count()
    answer = post(
        gateway, paths[0], TEXT[kind], {**body("x", False), "messages": user([image])}, gateway.ready["textKey"])
    assert answer.status_code == 400 and upstream.count() == before
    assert "Image 1 is declared to be image/jpeg, but its bytes are those of image/png" in answer.text


def test_nothing_passes_to_a_provider_of_another_dialect(gateway, upstream, dialect, stream):
    for kind in TEXT:
        if kind == DIALECTS[dialect][0]:
            continue
        answer = chat(gateway, dialect, kind, "one two " + directive(output=3), stream)
        assert answer.status_code == 200 and b"sim_echo" not in answer.content
        assert metered(gateway, upstream, "textResource", answer)["echo"] is None


@pytest.mark.parametrize("name", EMBEDDING_DIALECTS)
def test_embeddings_pass_as_they_are(gateway, upstream, name):
    kind, path, body = EMBEDDING_DIALECTS[name]
    key = gateway.ready["embeddingsKey"]
    answer = post(gateway, path, EMBEDDINGS[kind], body(["hello world", "x"]), key)
    assert answer.status_code == 200, answer.text
    assert f'"sim_echo":{ECHO}'.encode() in answer.content
    assert metered(gateway, upstream, "embeddingsResource", answer)["echo"] == json.loads(ECHO)
    for other in set(EMBEDDINGS) - {kind}:
        answer = post(gateway, path, EMBEDDINGS[other], body(["hello world", "x"]), key)
        assert answer.status_code == 200 and b"sim_echo" not in answer.content, answer.text


def broken(gateway, dialect, fault):
    """A stream that breaks after its beginning has passed: what comes in one piece with a failure does not."""
    for interval in (20, 200, 2_000):
        text = "x " + directive(output=50, interval=interval, fault=fault)
        answer = chat(gateway, dialect, DIALECTS[dialect][0], text, True)
        if b"sim_echo" in answer.content:
            return answer
    raise AssertionError(f"nothing passed before {fault}: {answer.content[:200]}")


def test_a_stream_that_passes_and_breaks_is_told_and_charged(gateway, upstream, dialect):
    for fault in ("cut@3", "tear@3", "error@3", "garbage@3"):
        answer = broken(gateway, dialect, fault)
        # The end is told in our words.
        assert b"simulator was asked" not in answer.content
        assert b"xception" in answer.content or b'"error"' in answer.content
        entry = entry_of(gateway, "textResource", answer)
        assert entry["status"] == "failed" and entry["estimated"] and 0 < entry["outputTokens"] < 50


def test_a_whole_answer_stays_whole_though_its_connection_ends_badly(gateway, upstream, dialect, stream):
    """Whether it passes or is told in other words."""
    for kind in TEXT:
        answer = chat(gateway, dialect, kind, "x " + directive(output=7, fault="unclosed"), stream, echo=None)
        assert answer.status_code == 200
        check_end(dialect, answer.content, stream)
        served = metered(gateway, upstream, "textResource", answer)
        assert served["fault"] == "unclosed" and served["outputTokens"] == 7
    broken = chat(gateway, dialect, DIALECTS[dialect][0], "x " + directive(output=7, fault="cut@3"), stream)
    assert entry_of(gateway, "textResource", broken)["status"] == "failed"
    # An end that is not there is missed.
    with pytest.raises((AssertionError, KeyError)):
        check_end(dialect, broken.content, stream)


@pytest.mark.parametrize("name", EMBEDDING_DIALECTS)
def test_whole_vectors_stay_whole_too(gateway, upstream, name):
    kind, path, body = EMBEDDING_DIALECTS[name]
    upstream.fault("unclosed", times=1)
    answer = post(gateway, path, EMBEDDINGS[kind], body(["a", "b"]), gateway.ready["embeddingsKey"])
    assert answer.status_code == 200 and answer.json()
    assert metered(gateway, upstream, "embeddingsResource", answer)["fault"] == "unclosed"
