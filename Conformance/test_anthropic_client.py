"""The official Anthropic client works unmodified with any provider, and every token is metered exactly."""

import base64
import json

import anthropic
import pytest

from support.company import create_key, provision
from support.portal import Portal
from support.processes import wait_until
from support.server import Server, tokens
from support.simulator import CHAT_MODEL, DEAR_MODEL, directive, providers

METERED_SECONDS = 2
CLIENT_SECONDS = 60
TOOL = {
    "name": "weather", "description": "Tells the weather.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module")
def person(server):
    return Portal(server.portal, server.admin)


@pytest.fixture(scope="module")
def make(server):
    """Makes official clients for a key of the server."""
    def client(key, **options):
        return anthropic.Anthropic(
            base_url=server.gateway, api_key=key, **{"timeout": CLIENT_SECONDS, "max_retries": 0, **options})
    return client


class Chat:
    """A resource, its client and its model."""

    def __init__(self, client, resource, model):
        self.client, self.resource, self.model = client, resource, model

    def arguments(self, content, **options):
        messages = content if isinstance(content, list) else [{"role": "user", "content": content}]
        return {"model": self.model, "max_tokens": 2_000, "messages": messages, **options}

    def ask(self, content, **options):
        """The message, and the gateway's request id."""
        raw = self.client.messages.with_raw_response.create(**self.arguments(content, **options))
        return raw.parse(), raw.headers["request-id"]


@pytest.fixture(scope="module")
def local(server, make):
    return Chat(make(server.ready["textKey"]), server.ready["textResource"], CHAT_MODEL)


@pytest.fixture(scope="module")
def bedrock(server, make, person):
    resource = provision(
        person, "text", "Messages on Bedrock", region="Europe (Frankfurt) - eu-central-1",
        models=["Claude Sonnet 4.6"], tokens=6)
    return Chat(make(create_key(person, resource, "Messages")), resource, "claude-sonnet-4-6")


@pytest.fixture(params=["local", "bedrock"])
def chat(request):
    """A model on an OpenAI-compatible server, and Claude on Bedrock."""
    return request.getfixturevalue(request.param)


def metered(server, simulator, chat, request_id):
    """The usage entry of a call, after a comparison with what the simulator served under the same id."""
    entry = wait_until(
        lambda: [entry for entry in server.usage(chat.resource) if entry["requestId"] == request_id],
        METERED_SECONDS, f"no usage entry for {request_id}")
    served = simulator.calls(request_id)
    assert len(entry) == 1 and len(served) == 1
    assert tokens(entry[0]) == {name: served[0][name] for name in tokens(entry[0])}
    assert entry[0]["status"] == "completed" and not entry[0]["estimated"]
    return entry[0]


# Messages


def test_a_message_is_answered_and_metered(server, simulator, chat):
    message, request_id = chat.ask("one two three " + directive(output=50, cache_read=30))
    assert message.type == "message" and message.role == "assistant" and message.model == chat.model
    assert [block.type for block in message.content] == ["text"] and len(message.content[0].text.split()) == 50
    assert message.stop_reason == "end_turn"
    assert (message.usage.output_tokens, message.usage.cache_read_input_tokens) == (50, 30)
    entry = metered(server, simulator, chat, request_id)
    assert entry["inputTokens"] == message.usage.input_tokens and entry["cacheReadTokens"] == 30


def test_max_tokens_end_a_message(chat):
    message, _ = chat.ask("go " + directive(output=500), max_tokens=7)
    assert message.usage.output_tokens == 7 and message.stop_reason == "max_tokens"


def test_the_events_of_a_stream(server, simulator, chat):
    stream = chat.client.messages.create(**chat.arguments("a b " + directive(output=3)), stream=True)
    request_id, events = stream.response.headers["request-id"], list(stream)
    assert [event.type for event in events] == [
        "message_start", "content_block_start", *["content_block_delta"] * 3, "content_block_stop", "message_delta",
        "message_stop"]
    assert events[-2].delta.stop_reason == "end_turn" and events[-2].usage.output_tokens == 3
    metered(server, simulator, chat, request_id)


def test_the_accumulated_message_of_a_stream(server, simulator, chat):
    with chat.client.messages.stream(**chat.arguments("a b " + directive(output=300, cache_read=11))) as stream:
        text = "".join(stream.text_stream)
        message, request_id = stream.get_final_message(), stream.response.headers["request-id"]
    assert message.content[0].text == text and len(text.split()) == 300
    entry = metered(server, simulator, chat, request_id)
    usage = message.usage
    assert (usage.input_tokens, usage.cache_read_input_tokens, usage.output_tokens) == (
        entry["inputTokens"], 11, 300)


# What a request may hold


@pytest.mark.parametrize("choice", [
    {"type": "auto"}, {"type": "any"}, {"type": "tool", "name": "weather"}, {"type": "none"},
], ids=lambda choice: choice["type"])
def test_tools_and_every_choice_are_taken(server, simulator, chat, choice):
    _, request_id = chat.ask("Weather? " + directive(output=4), tools=[TOOL], tool_choice=choice)
    metered(server, simulator, chat, request_id)


def test_results_of_parallel_tools_are_taken(server, simulator, chat):
    _, request_id = chat.ask([
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": [
            {"type": "text", "text": "Looking."},
            {"type": "tool_use", "id": "a", "name": "weather", "input": {"city": "Ulm"}},
            {"type": "tool_use", "id": "b", "name": "weather", "input": {"city": "Bonn"}}]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "a", "content": "sunny"},
            {"type": "tool_result", "tool_use_id": "b", "is_error": True,
             "content": [{"type": "text", "text": "no such place"}]},
            {"type": "text", "text": "So? " + directive(output=4)}]},
    ], tools=[TOOL])
    metered(server, simulator, chat, request_id)


def test_stop_sequences_and_temperature_are_taken(server, simulator, chat):
    _, request_id = chat.ask("x " + directive(output=4), stop_sequences=["END"], extra_body={"temperature": 0.5})
    metered(server, simulator, chat, request_id)


def image_and_document(words):
    return [{"role": "user", "content": [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}},
        {"type": "document", "title": "a", "source": {
            "type": "base64", "media_type": "application/pdf", "data": base64.b64encode(b"%PDF-1.4").decode()}},
        {"type": "text", "text": words},
    ]}]


def test_an_image_and_a_document_are_taken_by_claude(server, simulator, bedrock):
    _, request_id = bedrock.ask(image_and_document("What? " + directive(output=4)))
    metered(server, simulator, bedrock, request_id)


def test_an_image_is_refused_where_the_model_takes_none(simulator, local):
    before = simulator.count()
    with pytest.raises(anthropic.BadRequestError) as caught:
        local.ask(image_and_document("What?"))
    expect(caught, 400, "invalid_request_error", "images")
    assert simulator.count() == before


def test_a_cache_marker_and_thinking_on_bedrock(server, simulator, bedrock):
    _, request_id = bedrock.ask(
        "Think. " + directive(output=4),
        system=[{"type": "text", "text": "Be brief, this once.", "cache_control": {"type": "ephemeral"}}],
        thinking={"type": "enabled", "budget_tokens": 1_024})
    assert metered(server, simulator, bedrock, request_id)["cacheWriteTokens"] == len("Be brief, this once.".split())


def test_a_cache_marker_is_refused_where_the_provider_has_none(simulator, local):
    before = simulator.count()
    with pytest.raises(anthropic.BadRequestError) as caught:
        local.ask("x", system=[{"type": "text", "text": "s", "cache_control": {"type": "ephemeral"}}])
    expect(caught, 400, "invalid_request_error", "cache marker")
    assert simulator.count() == before


def test_a_schema_for_the_answer_is_taken(server, simulator, chat):
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}
    _, request_id = chat.ask(
        directive(output=4), output_config={"format": {"type": "json_schema", "schema": schema}})
    metered(server, simulator, chat, request_id)


def test_models_are_listed(local):
    models = {model.id: model for model in local.client.models.list()}
    assert CHAT_MODEL in models and models[CHAT_MODEL].type == "model" and models[CHAT_MODEL].display_name
    assert models[CHAT_MODEL].created_at.year >= 2025
    assert local.client.models.retrieve(CHAT_MODEL).id == CHAT_MODEL
    with pytest.raises(anthropic.NotFoundError):
        local.client.models.retrieve("nothing")


# Errors


def expect(caught, status, kind, *parts):
    """The client's error has this status and type, and a sentence with these parts in it."""
    error = caught.value
    assert error.status_code == status and error.body["type"] == "error" and error.body["error"]["type"] == kind
    assert error.request_id == error.body["request_id"] == error.response.headers["x-request-id"]
    message = error.body["error"]["message"]
    assert message.endswith(".") and all(part in message for part in parts), message
    return error


def test_each_refusal_has_its_class(server, make, local):
    with pytest.raises(anthropic.AuthenticationError) as caught:
        Chat(make("phk_wrong"), None, CHAT_MODEL).ask("hi")
    expect(caught, 401, "authentication_error")
    with pytest.raises(anthropic.NotFoundError) as caught:
        Chat(local.client, None, "claude-nowhere").ask("hi")
    expect(caught, 404, "not_found_error", CHAT_MODEL)
    with pytest.raises(anthropic.NotFoundError) as caught:
        Chat(make(server.ready["embeddingsKey"]), None, CHAT_MODEL).ask("hi")
    expect(caught, 404, "not_found_error", "embeddings")
    with pytest.raises(anthropic.BadRequestError) as caught:
        local.ask("hi", extra_body={"top_k": "three"})
    expect(caught, 400, "invalid_request_error", "top_k")
    with pytest.raises(anthropic.APIStatusError) as caught:
        local.ask("a" * (33 << 20))
    expect(caught, 413, "request_too_large", "32 MB")


@pytest.mark.parametrize("fault, status, kind", [
    ("429@7", 429, "rate_limit_error"), ("500", 529, "overloaded_error"), ("503", 529, "overloaded_error"),
    ("400", 400, "invalid_request_error"), ("garbage", 502, "api_error"), ("close", 502, "api_error"),
])
def test_faults_of_the_provider_are_passed_on_in_words(chat, fault, status, kind):
    with pytest.raises(anthropic.APIStatusError) as caught:
        chat.ask("hi " + directive(fault=fault))
    error = expect(caught, status, kind)
    if fault == "429@7":
        assert error.response.headers["retry-after"] == "7" and error.response.headers["x-should-retry"] == "true"


@pytest.mark.parametrize("fault", ["cut@5", "error@5"])
def test_a_stream_that_breaks_raises_and_is_metered(server, chat, fault):
    stream = chat.client.messages.create(
        **chat.arguments("hi " + directive(output=20, interval=20, fault=fault)), stream=True)
    request_id = stream.response.headers["request-id"]
    with pytest.raises(anthropic.APIError):
        list(stream)
    entry = wait_until(
        lambda: [e for e in server.usage(chat.resource) if e["requestId"] == request_id],
        METERED_SECONDS, "the broken stream has no usage entry")
    assert len(entry) == 1 and entry[0]["estimated"] and entry[0]["outputTokens"] > 0


def test_at_an_exhausted_allowance_there_is_exactly_one_attempt(server, simulator, make, person):
    resource = provision(person, "text", "Exhausted messages", region="Local", models=[DEAR_MODEL], tokens=1)
    sent = []
    http = anthropic.DefaultHttpxClient(event_hooks={"request": [sent.append], "response": []})
    small = Chat(make(create_key(person, resource, "Small"), max_retries=2, http_client=http), resource, DEAR_MODEL)
    # The control: a call that is admitted is in the provider's ledger, and takes all that there is.
    _, request_id = small.ask(directive(input=1_000, output=1), max_tokens=1)
    assert len(simulator.calls(request_id)) == 1 and len(sent) == 1
    wait_until(lambda: server.usage(resource), METERED_SECONDS, "the usage is not settled")
    before = simulator.count()
    sent.clear()
    with pytest.raises(anthropic.RateLimitError) as caught:
        small.ask("hi", max_tokens=1)
    error = expect(caught, 429, "rate_limit_error", "exhausted", "refilled on")
    assert len(sent) == 1, "the client was not told that a retry is useless"
    assert error.response.headers["x-should-retry"] == "false" and int(error.response.headers["retry-after"]) > 0
    assert simulator.count() == before


# Anthropic as a provider


@pytest.fixture(scope="module")
def behind(tmp_path_factory, server, make):
    """A resource of a second server, whose provider of kind `anthropic` is the first server's gateway."""
    folder = tmp_path_factory.mktemp("behind")
    content = providers("http://127.0.0.1:1")
    content["models"] = [model for model in content["models"] if model["id"] == CHAT_MODEL]
    content["providers"] = [{
        "name": "direct", "kind": "anthropic", "region": "local", "endpoint": server.gateway,
        "apiKeyFrom": "CONFORMANCE_CLAUDE_KEY", "models": {CHAT_MODEL: CHAT_MODEL}}]
    path = folder / "direct.yaml"
    path.write_text(json.dumps(content))
    environment = {"CONFORMANCE_CLAUDE_KEY": server.ready["textKey"]}
    with Server(folder, options=["--providers", path], environment=environment) as second:
        client = anthropic.Anthropic(
            base_url=second.gateway, api_key=second.ready["textKey"], timeout=CLIENT_SECONDS, max_retries=0)
        yield second, Chat(client, second.ready["textResource"], CHAT_MODEL)


def test_messages_of_a_provider_that_speaks_them_are_metered_as_it_reports(server, simulator, behind):
    second, chat = behind
    before = simulator.count()
    message, request_id = chat.ask("one two " + directive(output=50, cache_read=30))
    with chat.client.messages.stream(**chat.arguments("a " + directive(output=40, cache_read=7))) as stream:
        streamed, stream_id = stream.get_final_message(), stream.response.headers["request-id"]
    assert len(message.content[0].text.split()) == 50 and len(streamed.content[0].text.split()) == 40
    assert simulator.count() == before + 2
    for number, (answer, name) in enumerate([(message, request_id), (streamed, stream_id)]):
        entry = wait_until(
            lambda: [e for e in second.usage(chat.resource) if e["requestId"] == name], METERED_SECONDS, "no entry")[0]
        served = simulator.ledger()[before + number]
        assert tokens(entry) == {member: served[member] for member in tokens(entry)}
        assert answer.usage.output_tokens == entry["outputTokens"] and not entry["estimated"]


def test_faults_of_a_provider_that_speaks_messages_are_understood(behind):
    _, chat = behind
    with pytest.raises(anthropic.RateLimitError) as caught:
        chat.ask("hi " + directive(fault="429@7"))
    assert expect(caught, 429, "rate_limit_error").response.headers["retry-after"] == "7"
    with pytest.raises(anthropic.APIStatusError) as caught:
        chat.ask("hi " + directive(fault="503"))
    expect(caught, 529, "overloaded_error")
    stream = chat.client.messages.create(
        **chat.arguments("hi " + directive(output=20, interval=20, fault="error@5")), stream=True)
    with pytest.raises(anthropic.APIError):
        list(stream)
