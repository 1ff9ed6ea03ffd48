"""The official OpenAI client's `responses` work unmodified with any provider, and every token is metered exactly."""

import base64
import json

import openai
import pydantic
import pytest

from support.company import create_key, provision
from support.portal import Portal
from support.processes import wait_until
from support.server import Server, tokens
from support.simulator import (
    CHAT_MODEL, DEAR_MODEL, DOCUMENT_TOKENS, IMAGE_TOKENS, PDF, PNG, directive, providers)

EXTRACTIVE = "packhouse-extractive-1"
# Rule M-7: records reach the usage tables within 200 ms, and everything agrees within 1 s.
METERED_SECONDS = 2
CLIENT_SECONDS = 60
SEEING_MODEL = "sim-seeing"
PARAMETERS = {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False,
}
WEATHER = {
    "type": "function", "name": "weather", "description": "Tells the weather.", "parameters": PARAMETERS,
    "strict": True,
}
CLOCK = {"type": "function", "name": "clock", "parameters": {"type": "object", "properties": {}}, "strict": None}


class City(pydantic.BaseModel):
    name: str
    people: int


@pytest.fixture(scope="module")
def person(server):
    return Portal(server.portal, server.admin)


class Chat:
    """A resource on a server, its client and its model. The client checks every answer and event against its types."""

    def __init__(self, server, key, resource, model, **options):
        self.client = openai.OpenAI(
            base_url=f"{server.gateway}/v1", api_key=key, _strict_response_validation=True,
            **{"timeout": CLIENT_SECONDS, "max_retries": 0, **options})
        self.server, self.resource, self.model = server, resource, model

    def ask(self, content, **options):
        """The response, and the gateway's request id."""
        raw = self.client.responses.with_raw_response.create(model=self.model, input=content, **options)
        return raw.parse(), raw.headers["x-request-id"]


@pytest.fixture(scope="module")
def local(server):
    return Chat(server, server.ready["textKey"], server.ready["textResource"], CHAT_MODEL)


@pytest.fixture(scope="module")
def bedrock(server, person):
    resource = provision(
        person, "text", "Responses on Bedrock", region="Europe (Frankfurt) - eu-central-1",
        models=["Claude Sonnet 4.6"], tokens=6)
    return Chat(server, create_key(person, resource, "Responses"), resource, "claude-sonnet-4-6")


@pytest.fixture(scope="module")
def second(tmp_path_factory, simulator):
    """A server with models that take images and documents: at Anthropic's own service, and OpenAI-compatible."""
    folder = tmp_path_factory.mktemp("responses")
    content = providers(simulator.url)
    [model] = [model for model in content["models"] if model["id"] == CHAT_MODEL]
    model["limits"]["images"] = {
        "max": 20, "maxBytes": 3_932_160, "maxSide": 8_000, "tokensEach": 200, "formats": ["png", "jpeg"]}
    model["limits"]["documents"] = {"max": 5, "maxBytes": 4_718_592, "tokensPerByte": 1, "formats": ["pdf", "txt"]}
    content["models"] = [model, {**model, "id": SEEING_MODEL, "name": SEEING_MODEL}]
    content["providers"] = [
        {"name": "direct", "kind": "anthropic", "region": "local", "endpoint": simulator.url,
         "apiKeyFrom": "CONFORMANCE_CLAUDE_KEY", "models": {CHAT_MODEL: CHAT_MODEL}},
        {"name": "compatible", "kind": "openai-compatible", "region": "local", "endpoint": f"{simulator.url}/v1",
         "models": {SEEING_MODEL: SEEING_MODEL}}]
    path = folder / "providers.yaml"
    path.write_text(json.dumps(content))
    with Server(folder, options=["--providers", path], environment={"CONFORMANCE_CLAUDE_KEY": "any"}) as started:
        yield started


@pytest.fixture(scope="module")
def direct(second):
    return Chat(second, second.ready["textKey"], second.ready["textResource"], CHAT_MODEL)


@pytest.fixture(scope="module")
def seeing(second):
    return Chat(second, second.ready["textKey"], second.ready["textResource"], SEEING_MODEL)


@pytest.fixture(params=["local", "bedrock", "direct"])
def chat(request):
    """A model on an OpenAI-compatible server, Claude on Bedrock, and a model of Anthropic's own service."""
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["bedrock", "direct"])
def claude(request):
    """Models whose reasoning is signed."""
    return request.getfixturevalue(request.param)


def metered(simulator, chat, request_id):
    """The usage entry of a call, after a comparison with what the simulator served under the same id."""
    entry = wait_until(
        lambda: [entry for entry in chat.server.usage(chat.resource) if entry["requestId"] == request_id],
        METERED_SECONDS, f"no usage entry for {request_id}")
    served = simulator.calls(request_id)
    assert len(entry) == 1 and len(served) == 1
    assert tokens(entry[0]) == {name: served[0][name] for name in tokens(entry[0])}
    assert entry[0]["status"] == "completed" and not entry[0]["estimated"]
    return entry[0]


# Text


def test_a_response_is_given_and_metered(simulator, chat):
    response, request_id = chat.ask("one two three " + directive(output=50, cache_read=30), instructions="Be brief.")
    assert response.object == "response" and response.status == "completed" and response.error is None
    assert response.id.startswith("resp_") and response.model == chat.model
    assert [item.type for item in response.output] == ["message"] and len(response.output_text.split()) == 50
    assert response.instructions == "Be brief." and response.parallel_tool_calls is True and response.tools == []
    usage = response.usage
    assert (usage.output_tokens, usage.input_tokens_details.cached_tokens) == (50, 30)
    assert usage.total_tokens == usage.input_tokens + 50
    entry = metered(simulator, chat, request_id)
    assert entry["inputTokens"] + 30 == usage.input_tokens and entry["cacheReadTokens"] == 30


def test_the_prefixed_address_is_the_same(server):
    client = openai.OpenAI(
        base_url=f"{server.gateway}/openai/v1", api_key=server.ready["textKey"], max_retries=0, timeout=CLIENT_SECONDS)
    assert client.responses.create(model=CHAT_MODEL, input="hi").output_text


def test_settings_are_repeated(local):
    response, _ = local.ask(
        "hi", temperature=0.25, top_p=0.5, max_output_tokens=40, metadata={"a": "b"}, store=True, truncation="disabled",
        user="somebody", service_tier="auto", safety_identifier="x", prompt_cache_key="y", tools=[WEATHER],
        tool_choice="none", text={"format": {"type": "text"}})
    assert (response.temperature, response.top_p, response.max_output_tokens) == (0.25, 0.5, 40)
    assert response.metadata == {"a": "b"} and response.tool_choice == "none" and response.tools[0].name == "weather"
    assert response.text.format.type == "text"


def test_max_output_tokens_make_a_response_incomplete(chat):
    response, _ = chat.ask("go " + directive(output=500), max_output_tokens=20)
    assert response.status == "incomplete" and response.incomplete_details.reason == "max_output_tokens"
    assert response.usage.output_tokens == 20 and response.output[-1].status == "incomplete"
    events = list(chat.client.responses.create(
        model=chat.model, input="go " + directive(output=500), max_output_tokens=20, stream=True))
    assert events[-1].type == "response.incomplete" and events[-1].response.usage.output_tokens == 20


def test_the_offline_text_model_answers_from_the_context(server):
    offline = Chat(server, server.ready["textKey"], server.ready["textResource"], EXTRACTIVE)
    context = "A bundle month starts on the day of activation. Penguins live in the south. Tokens are metered."
    response, request_id = offline.ask(f"{context}\n\nWhere do penguins live?")
    assert "Penguins live in the south" in response.output_text and response.model == EXTRACTIVE
    entry = server.entry(offline.resource, request_id)
    assert (entry["inputTokens"], entry["outputTokens"]) == (response.usage.input_tokens, response.usage.output_tokens)
    with offline.client.responses.stream(
            model=EXTRACTIVE, input=f"{context}\n\nWhere do penguins live?") as stream:
        assert stream.get_final_response().output_text == response.output_text


# Streams


def test_the_events_of_a_stream(simulator, chat):
    stream = chat.client.responses.create(model=chat.model, input="a b " + directive(output=3), stream=True)
    request_id, events = stream.response.headers["x-request-id"], list(stream)
    assert [event.type for event in events] == [
        "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
        *["response.output_text.delta"] * 3, "response.output_text.done", "response.content_part.done",
        "response.output_item.done", "response.completed"]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert events[0].response.status == "in_progress" and events[-1].response.usage.output_tokens == 3
    metered(simulator, chat, request_id)


def test_the_accumulated_response_of_a_stream(simulator, chat):
    with chat.client.responses.stream(
            model=chat.model, input="a b " + directive(output=300, cache_read=11)) as stream:
        events = list(stream)
        response, request_id = stream.get_final_response(), stream._response.headers["x-request-id"]
    pieces = [event for event in events if event.type == "response.output_text.delta"]
    assert "".join(event.delta for event in pieces) == response.output_text == pieces[-1].snapshot
    assert len(response.output_text.split()) == 300
    entry = metered(simulator, chat, request_id)
    assert response.usage.input_tokens == entry["inputTokens"] + 11 and response.usage.output_tokens == 300


# Functions


def results(response, output="sunny"):
    """What the model said, as the client gives it back, with the output of every function that it called."""
    calls = [item for item in response.output if item.type == "function_call"]
    return list(response.output) + [
        {"type": "function_call_output", "call_id": call.call_id, "output": output} for call in calls]


def test_a_function_is_called_and_its_output_taken(simulator, chat):
    conversation = [{"role": "user", "content": "Weather in Ulm? " + directive(tools=1)}]
    first, request_id = chat.ask(conversation, tools=[WEATHER])
    [call] = [item for item in first.output if item.type == "function_call"]
    assert call.name == "weather" and call.call_id and "city" in json.loads(call.arguments)
    assert call.status == first.status == "completed"
    metered(simulator, chat, request_id)
    second, request_id = chat.ask(conversation + results(first), tools=[WEATHER])
    assert second.output_text and all(item.type == "message" for item in second.output)
    metered(simulator, chat, request_id)


@pytest.mark.parametrize("output", [
    "sunny", [{"type": "input_text", "text": "sunny"}, {"type": "input_text", "text": "warm"}],
], ids=["text", "parts"])
def test_several_functions_are_called_at_once(simulator, chat, output):
    conversation = [{"role": "user", "content": "Weather and time? " + directive(tools="weather,clock", preamble=4)}]
    first, _ = chat.ask(conversation, tools=[WEATHER, CLOCK])
    calls = [item for item in first.output if item.type == "function_call"]
    assert [call.name for call in calls] == ["weather", "clock"] and len({call.call_id for call in calls}) == 2
    assert len(first.output_text.split()) == 4
    second, request_id = chat.ask(conversation + results(first, output), tools=[WEATHER, CLOCK])
    assert second.output_text
    metered(simulator, chat, request_id)


def test_streamed_calls_are_accumulated(simulator, chat):
    with chat.client.responses.stream(
            model=chat.model, tools=[WEATHER, CLOCK], input="Both? " + directive(tools="weather,clock")) as stream:
        events = list(stream)
        response, request_id = stream.get_final_response(), stream._response.headers["x-request-id"]
    calls = [item for item in response.output if item.type == "function_call"]
    assert [call.name for call in calls] == ["weather", "clock"] and "city" in calls[0].parsed_arguments
    for call in calls:
        number = response.output.index(call)
        own = [event for event in events if getattr(event, "output_index", None) == number]
        pieces = [event.delta for event in own if event.type == "response.function_call_arguments.delta"]
        assert "".join(pieces) == call.arguments
    metered(simulator, chat, request_id)


@pytest.mark.parametrize("choice", [
    "auto", "none", "required", {"type": "function", "name": "clock"},
], ids=["auto", "none", "required", "named"])
def test_every_choice_of_functions_is_obeyed(chat, choice):
    response, _ = chat.ask("Now? " + directive(output=4), tools=[WEATHER, CLOCK], tool_choice=choice)
    called = {item.name for item in response.output if item.type == "function_call"}
    if choice == "none":
        assert not called
    elif choice != "auto":
        assert called and (choice == "required" or called == {"clock"})
    assert response.tool_choice == choice or response.tool_choice.name == "clock"


def test_one_function_at_a_time_or_a_refusal(local, direct, bedrock):
    for chat in (local, direct):
        response, _ = chat.ask(
            "Both? " + directive(tools=2), tools=[WEATHER, CLOCK], parallel_tool_calls=False)
        assert len([item for item in response.output if item.type == "function_call"]) == 1
        assert response.parallel_tool_calls is False
    with pytest.raises(openai.BadRequestError) as caught:
        bedrock.ask("Both?", tools=[WEATHER, CLOCK], parallel_tool_calls=False)
    assert caught.value.param == "parallel_tool_calls"


# Structured output, images and documents


def test_structured_output_is_parsed(chat):
    response = chat.client.responses.parse(model=chat.model, input="Ulm? " + directive(output=30), text_format=City)
    assert isinstance(response.output_parsed, City)
    with chat.client.responses.stream(
            model=chat.model, input="Ulm? " + directive(output=30), text_format=City) as stream:
        assert isinstance(stream.get_final_response().output_parsed, City)


def test_any_json_object_is_given(chat):
    response, _ = chat.ask("JSON, please. " + directive(output=30), text={"format": {"type": "json_object"}})
    assert isinstance(json.loads(response.output_text), dict)


def media(words):
    image, document = (base64.b64encode(content).decode() for content in (PNG, PDF))
    return [{"role": "user", "content": [
        {"type": "input_text", "text": words},
        {"type": "input_image", "image_url": f"data:image/png;base64,{image}", "detail": "auto"},
        {"type": "input_file", "filename": "a.pdf", "file_data": f"data:application/pdf;base64,{document}"},
    ]}]


@pytest.mark.parametrize("provider", ["seeing", "bedrock", "direct"])
def test_images_and_documents_are_taken(simulator, request, provider):
    chat = request.getfixturevalue(provider)
    response, request_id = chat.ask(media("What is this? " + directive(output=4)))
    # The control: the provider counts what it was shown.
    assert response.usage.input_tokens >= IMAGE_TOKENS + DOCUMENT_TOKENS
    metered(simulator, chat, request_id)


def test_an_image_is_refused_where_the_model_takes_none(simulator, local):
    before = simulator.count()
    with pytest.raises(openai.BadRequestError) as caught:
        local.ask(media("What?"))
    expect(caught, 400, "images")
    assert simulator.count() == before


# Reasoning

THINK = {"reasoning": {"effort": "low", "summary": "auto"}, "max_output_tokens": 4_000}


def test_reasoning_is_told_and_taken_back(simulator, chat):
    conversation = [{"role": "user", "content": "Why? " + directive(reasoning=20, output=5)}]
    first, request_id = chat.ask(conversation, **THINK)
    assert [item.type for item in first.output] == ["reasoning", "message"]
    assert first.output[0].summary[0].text and first.reasoning.effort == "low"
    metered(simulator, chat, request_id)
    again = conversation + list(first.output) + [{"role": "user", "content": "And now? " + directive(output=5)}]
    second, request_id = chat.ask(again, **THINK)
    assert second.output_text
    metered(simulator, chat, request_id)


def test_signed_reasoning_survives_a_turn_with_functions(simulator, claude):
    conversation = [{"role": "user", "content": "Weather? " + directive(reasoning=20, redacted=1, tools=1)}]
    options = {"tools": [WEATHER], "include": ["reasoning.encrypted_content"], "store": False, **THINK}
    first, _ = claude.ask(conversation, **options)
    assert [item.type for item in first.output] == ["reasoning", "reasoning", "function_call"]
    assert all(item.encrypted_content for item in first.output[:2])
    second, request_id = claude.ask(conversation + results(first), **options)
    assert second.output_text
    metered(simulator, claude, request_id)
    # The control: the provider does look at what it gets back.
    signed = next(item for item in first.output if item.type == "reasoning" and item.summary)
    signed.summary[0].text += "."
    with pytest.raises(openai.BadRequestError):
        claude.ask(conversation + results(first), **options)


def test_streamed_reasoning_is_the_same(simulator, claude):
    conversation = [{"role": "user", "content": "Weather? " + directive(reasoning=20, tools=1)}]
    with claude.client.responses.stream(
            model=claude.model, input=conversation, tools=[WEATHER], **THINK) as stream:
        events, first = list(stream), stream.get_final_response()
    told = "".join(event.delta for event in events if event.type == "response.reasoning_summary_text.delta")
    assert told == first.output[0].summary[0].text and first.output[0].encrypted_content
    second, request_id = claude.ask(
        conversation + results(first), tools=[WEATHER], **THINK)
    assert second.output_text
    metered(simulator, claude, request_id)


# Refusals


def expect(caught, status, *parts):
    """The client's error has this status, and a sentence with these parts in it."""
    error = caught.value
    assert error.status_code == status and error.response.headers["x-request-id"] == error.request_id
    message = error.body["message"]
    assert message.endswith(".") and all(part in message for part in parts), message
    return error


@pytest.mark.parametrize("options, parameter", [
    ({"previous_response_id": "resp_1"}, "previous_response_id"), ({"conversation": "conv_1"}, "conversation"),
    ({"background": True}, "background"), ({"prompt": {"id": "p"}}, "prompt"), ({"truncation": "auto"}, "truncation"),
    ({"tools": [{"type": "web_search"}]}, "tools[0].type"), ({"max_output_tokens": -1}, "max_output_tokens"),
    ({"tools": [{"type": "file_search", "vector_store_ids": ["v"]}]}, "tools[0].type"),
    ({"include": ["message.output_text.logprobs"]}, "include[0]"), ({"extra_body": {"input": 7}}, "input"),
    ({"input": [{"role": "user", "content": [
        {"type": "input_image", "detail": "auto", "image_url": "https://example.com/a.png"}]}]},
     "input[0].content[0].image_url"),
    ({"input": [{"role": "user", "content": [{"type": "input_file", "file_url": "https://example.com/a.pdf"}]}]},
     "input[0].content[0].file_url"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_cannot_be_done_is_named_and_costs_nothing(simulator, local, options, parameter):
    before = simulator.count()
    with pytest.raises(openai.BadRequestError) as caught:
        local.client.responses.create(**{"model": CHAT_MODEL, "input": "hi", **options})
    assert expect(caught, 400, parameter).param == parameter
    assert simulator.count() == before


def test_wrong_keys_and_models_are_refused(server, local):
    with pytest.raises(openai.AuthenticationError) as caught:
        Chat(server, "x", None, CHAT_MODEL).ask("hi")
    expect(caught, 401)
    with pytest.raises(openai.NotFoundError) as caught:
        Chat(server, server.ready["embeddingsKey"], None, CHAT_MODEL).ask("hi")
    expect(caught, 404, "embeddings")
    with pytest.raises(openai.NotFoundError) as caught:
        local.client.responses.create(model="gpt-4o", input="hi")
    expect(caught, 404, "gpt-4o", CHAT_MODEL)


@pytest.mark.parametrize("fault, status", [("429@7", 429), ("500", 503), ("garbage", 502)])
def test_faults_of_the_provider_are_passed_on_in_words(chat, fault, status):
    with pytest.raises(openai.APIStatusError) as caught:
        chat.ask("hi " + directive(fault=fault))
    expect(caught, status)


@pytest.mark.parametrize("fault", ["cut@5", "error@5"])
def test_a_stream_that_breaks_is_raised_and_metered(chat, fault):
    prompt = "hi " + directive(output=20, interval=20, fault=fault)
    stream = chat.client.responses.create(model=chat.model, input=prompt, stream=True)
    request_id = stream.response.headers["x-request-id"]
    with pytest.raises(openai.APIError):
        list(stream)
    entry = wait_until(
        lambda: [e for e in chat.server.usage(chat.resource) if e["requestId"] == request_id],
        METERED_SECONDS, "the broken stream has no usage entry")
    assert len(entry) == 1 and entry[0]["estimated"] and entry[0]["outputTokens"] > 0
    with chat.client.responses.stream(model=chat.model, input=prompt) as stream, pytest.raises(openai.APIError):
        stream.get_final_response()


def test_at_an_exhausted_allowance_there_is_exactly_one_attempt(server, simulator, person):
    resource = provision(person, "text", "Exhausted responses", region="Local", models=[DEAR_MODEL], tokens=1)
    sent = []
    http = openai.DefaultHttpxClient(event_hooks={"request": [sent.append], "response": []})
    small = Chat(
        server, create_key(person, resource, "Small"), resource, DEAR_MODEL, max_retries=2, http_client=http)
    # The control: a call that is admitted is in the provider's ledger, and takes all that there is.
    _, request_id = small.ask(directive(input=1_000, output=1), max_output_tokens=1)
    assert len(simulator.calls(request_id)) == 1 and len(sent) == 1
    wait_until(lambda: server.usage(resource), METERED_SECONDS, "the usage is not settled")
    before = simulator.count()
    sent.clear()
    for options in ({}, {"stream": True}):
        with pytest.raises(openai.RateLimitError) as caught:
            small.ask("hi", max_output_tokens=1, **options)
        error = expect(caught, 429, "exhausted", "refilled on")
        assert len(sent) == 1, "the client was not told that a retry is useless"
        sent.clear()
        assert error.code == "insufficient_quota" and error.response.headers["x-should-retry"] == "false"
        assert int(error.response.headers["retry-after"]) > 0
    assert simulator.count() == before
