"""The official Bedrock client converses unmodified with any provider, by both ways of presenting a key."""

import json

import pytest
from botocore.exceptions import ClientError

from support.bedrock import REGION, bearer, certificate, gathered, request_id, sent_by
from support.bedrock_chat import (  # noqa: F401 (fixtures)
    THINKING, TOOL, Chat, agrees, anthropic, bedrock, chat, claude, claude_body, local, message_of, metered, person,
    plain, user)
from support.kinds import server_of_every_kind
from support.simulator import CHAT_MODEL, PDF, PNG, directive

OFFLINE_MODEL = "packhouse-extractive-1"
CLOCK = {"toolSpec": {"name": "clock", "description": "Tells the time.", "inputSchema": {"json": {
    "type": "object", "properties": {}}}}}


# Converse


def test_converse_answers_and_is_metered(simulator, chat):
    answer = chat.ask("one two three " + directive(output=50), system=[{"text": "Be brief."}])
    assert answer["output"]["message"]["role"] == "assistant" and answer["stopReason"] == "end_turn"
    assert len(answer["output"]["message"]["content"][0]["text"].split()) == 50
    assert answer["metrics"]["latencyMs"] >= 0
    agrees(answer["usage"], metered(simulator, chat, request_id(answer)))


def test_max_tokens_end_an_answer(chat):
    answer = chat.ask("go " + directive(output=500), inferenceConfig={"maxTokens": 7})
    assert answer["usage"]["outputTokens"] == 7 and answer["stopReason"] == "max_tokens"


def test_stop_sequences_temperature_and_turns_are_taken(simulator, chat):
    answer = chat.ask(
        [user({"text": "a"}), {"role": "assistant", "content": [{"text": "b"}]}, user({"text": directive(output=4)})],
        inferenceConfig={"maxTokens": 90, "temperature": 0.5, "topP": 0.9, "stopSequences": ["END"]})
    metered(simulator, chat, request_id(answer))


def test_converse_streams_in_order(simulator, chat):
    answer = chat.stream("a b " + directive(output=300))
    assert answer["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "application/vnd.amazon.eventstream"
    message, reason, metadata, names = gathered(answer["stream"])
    assert names[0] == "messageStart" and names[-3:] == ["contentBlockStop", "messageStop", "metadata"]
    assert set(names[1:-3]) == {"contentBlockDelta"} and reason == "end_turn"
    assert len(message["content"]) == 1 and len(message["content"][0]["text"].split()) == 300
    assert metadata["metrics"]["latencyMs"] >= 0
    agrees(metadata["usage"], metered(simulator, chat, request_id(answer)))


def test_the_built_in_model_answers_whole_and_streamed(local):
    offline = Chat(local.server, local.client, local.resource, OFFLINE_MODEL)
    text = "Ulm lies on the Danube. Its minster has the tallest steeple. What is on the Danube?"
    whole = offline.ask(text)
    message, reason, metadata, _ = gathered(offline.stream(text)["stream"])
    assert message == whole["output"]["message"] and reason == whole["stopReason"]
    assert metadata["usage"] == whole["usage"] and whole["usage"]["outputTokens"] > 0
    invoked = json.loads(offline.invoke(claude_body(text))["body"].read())
    assert invoked["content"][0]["text"] == message["content"][0]["text"]


def test_a_model_is_found_by_every_name(bedrock):
    for name in (
        "claude-sonnet-4-6", "anthropic.claude-sonnet-4-6", "eu.anthropic.claude-sonnet-4-6",
        f"arn:aws:bedrock:{REGION}:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-6",
        f"arn:aws:bedrock:{REGION}::foundation-model/anthropic.claude-sonnet-4-6",
    ):
        answer = Chat(bedrock.server, bedrock.client, bedrock.resource, name).ask(directive(output=2))
        assert answer["usage"]["outputTokens"] == 2


# Tools


@pytest.mark.parametrize(
    "choice", [{"auto": {}}, {"any": {}}, {"tool": {"name": "weather"}}], ids=lambda choice: next(iter(choice)))
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_a_tool_is_called(simulator, chat, choice, streamed):
    tools = {"tools": [TOOL, CLOCK], "toolChoice": choice}
    prompt = "Weather? " + directive(tools="weather")
    if streamed:
        answer = chat.stream(prompt, toolConfig=tools)
        message, reason, _, names = gathered(answer["stream"])
        assert names.count("contentBlockStart") == 1
    else:
        answer = chat.ask(prompt, toolConfig=tools)
        message, reason = answer["output"]["message"], answer["stopReason"]
    calls = [block["toolUse"] for block in message["content"] if "toolUse" in block]
    assert reason == "tool_use" and [call["name"] for call in calls] == ["weather"]
    assert isinstance(calls[0]["input"]["city"], str) and calls[0]["toolUseId"]
    metered(simulator, chat, request_id(answer))


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_parallel_tools_are_called_and_their_results_taken(simulator, chat, streamed):
    tools = {"tools": [TOOL, CLOCK]}
    messages = [user({"text": "Weather and time? " + directive(tools="weather,clock", preamble=3)})]
    if streamed:
        message, reason, _, _ = gathered(chat.stream(messages, toolConfig=tools)["stream"])
    else:
        answer = chat.ask(messages, toolConfig=tools)
        message, reason = answer["output"]["message"], answer["stopReason"]
    calls = [block["toolUse"] for block in message["content"] if "toolUse" in block]
    assert reason == "tool_use" and [call["name"] for call in calls] == ["weather", "clock"]
    assert len(message["content"][0]["text"].split()) == 3 and calls[1]["input"] == {}
    results = [
        {"toolResult": {"toolUseId": calls[0]["toolUseId"], "content": [{"json": {"result": "sunny"}}]}},
        {"toolResult": {"toolUseId": calls[1]["toolUseId"], "content": [{"text": "broken"}], "status": "error"}}]
    answer = chat.ask([*messages, message, user(*results)], toolConfig=tools)
    metered(simulator, chat, request_id(answer))
    text = answer["output"]["message"]["content"][0]["text"]
    assert answer["stopReason"] == "end_turn" and text.startswith("Received 2 tool results:")
    assert f"{calls[0]['toolUseId']}=ok" in text


# What else a request may hold


def media(words):
    return [user(
        {"image": {"format": "png", "source": {"bytes": PNG}}},
        {"document": {"format": "pdf", "name": "a", "source": {"bytes": PDF}}},
        {"document": {"format": "txt", "name": "b", "source": {"bytes": b"some words"}}}, {"text": words})]


def test_images_and_documents_are_taken_by_claude(simulator, claude):
    metered(simulator, claude, request_id(claude.ask(media("What? " + directive(output=4)))))


def test_an_image_is_refused_where_the_model_takes_none(simulator, local):
    before = simulator.count()
    with pytest.raises(local.client.exceptions.ValidationException) as caught:
        local.ask(media("What?"))
    assert "images" in message_of(caught) and simulator.count() == before


def test_an_answer_in_json_has_the_shape_that_was_asked_for(simulator, chat):
    schema = {"type": "object", "properties": {"city": {"type": "string"}, "warm": {"type": "boolean"}},
              "required": ["city", "warm"], "additionalProperties": False}
    shape = {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {
        "name": "weather", "schema": json.dumps(schema)}}}}
    answer = chat.ask("Weather? " + directive(output=4), outputConfig=shape)
    content = answer["output"]["message"]["content"]
    assert set(json.loads(content[0]["text"])) == {"city", "warm"} and answer["stopReason"] == "end_turn"
    message, reason, _, _ = gathered(chat.stream("Weather? " + directive(output=4), outputConfig=shape)["stream"])
    assert set(json.loads(message["content"][0]["text"])) == {"city", "warm"} and reason == "end_turn"
    metered(simulator, chat, request_id(answer))


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_reasoning_comes_with_its_signature_and_goes_back_unchanged(simulator, claude, streamed):
    # The provider refuses reasoning that is not, to the byte, what it gave.
    tools, messages = {"tools": [TOOL]}, [user({"text": "Think. " + directive(tools=1, reasoning=20, redacted=1)})]
    options = {"toolConfig": tools, "additionalModelRequestFields": THINKING}
    if streamed:
        answer = claude.stream(messages, **options)
        message, _, _, _ = gathered(answer["stream"])
    else:
        answer = claude.ask(messages, **options)
        message = answer["output"]["message"]
    metered(simulator, claude, request_id(answer))
    reasoning = [block["reasoningContent"] for block in message["content"] if "reasoningContent" in block]
    assert len(reasoning) == 2 and reasoning[0]["redactedContent"]
    assert len(reasoning[1]["reasoningText"]["text"].split()) == 20 and reasoning[1]["reasoningText"]["signature"]
    call = message["content"][-1]["toolUse"]
    result = user({"toolResult": {"toolUseId": call["toolUseId"], "content": [{"text": "sunny"}]}})
    answer = claude.ask([*messages, message, result], **options)
    metered(simulator, claude, request_id(answer))
    broken = json.loads(json.dumps(message["content"][1]))
    broken["reasoningContent"]["reasoningText"]["signature"] = "AAAA"
    with pytest.raises(claude.client.exceptions.ValidationException):
        claude.ask([*messages, {**message, "content": [broken, message["content"][-1]]}, result], **options)


def test_what_is_marked_is_cached_and_read_again(simulator, claude):
    point = {"cachePoint": {"type": "default"}}
    words = " ".join(f"word{number}" for number in range(40))
    options = {"system": [{"text": words}, point], "toolConfig": {"tools": [TOOL, point]}}
    content = [user({"text": words}, point, {"text": "So? " + directive(output=3)})]
    first, second = claude.ask(content, **options), claude.stream(content, **options)
    entry = metered(simulator, claude, request_id(first))
    agrees(first["usage"], entry)
    assert entry["cacheWriteTokens"] == 80 and entry["cacheReadTokens"] == 0
    usage = gathered(second["stream"])[2]["usage"]
    entry = metered(simulator, claude, request_id(second))
    agrees(usage, entry)
    assert entry["cacheWriteTokens"] == 0 and entry["cacheReadTokens"] == 80


def test_a_cache_point_is_refused_where_the_provider_has_none(simulator, local):
    before = simulator.count()
    with pytest.raises(local.client.exceptions.ValidationException) as caught:
        local.ask("x", system=[{"text": "s"}, {"cachePoint": {"type": "default"}}])
    assert "cache" in message_of(caught) and simulator.count() == before


# Both ways of presenting a key


@pytest.fixture(scope="module")
def secure(tmp_path_factory, simulator):
    """A server over TLS, its certificate, and a client with a bearer key."""
    folder = tmp_path_factory.mktemp("secure")
    chain, key = certificate(folder)
    with server_of_every_kind(folder, simulator, "--tls-certificate", chain, "--tls-key", key) as server:
        assert server.gateway.startswith("https://")
        yield server, chain


@pytest.fixture
def bearing(secure):
    server, chain = secure
    with bearer(server.gateway, server.ready["textKey"], chain) as client:
        yield Chat(server, client, server.ready["textResource"], CHAT_MODEL)


def authorization(request):
    value = request.headers["authorization"]
    return value.decode() if isinstance(value, bytes) else value


def test_a_bearer_key_over_tls(simulator, bearing):
    sent = sent_by(bearing.client)
    answer = bearing.ask("one " + directive(output=5))
    assert authorization(sent[0]).startswith("Bearer phk_")
    metered(simulator, bearing, request_id(answer))
    streamed = bearing.stream("one " + directive(output=5))
    assert gathered(streamed["stream"])[2]["usage"] == answer["usage"]
    metered(simulator, bearing, request_id(streamed))
    invoked = bearing.invoke(claude_body("one " + directive(output=5)))
    assert json.loads(invoked["body"].read())["usage"]["output_tokens"] == 5
    chunks = bearing.client.invoke_model_with_response_stream(
        modelId=CHAT_MODEL, body=json.dumps(claude_body("one " + directive(output=5))))
    assert json.loads(list(chunks["body"])[-1]["chunk"]["bytes"])["type"] == "message_stop"


def test_a_wrong_bearer_key_over_tls_is_refused(secure):
    server, chain = secure
    with bearer(server.gateway, "phk_wrong", chain) as client, pytest.raises(ClientError) as caught:
        Chat(server, client, None, CHAT_MODEL).ask("hi")
    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"


def test_a_signing_client_over_plain_http(simulator, local):
    sent = sent_by(local.client)
    answer = local.ask("one " + directive(output=5))
    assert authorization(sent[0]).startswith("AWS4-HMAC-SHA256") and "phk_" not in authorization(sent[0])
    metered(simulator, local, request_id(answer))


# Same dialect in and out: what only Bedrock can say


def test_what_only_bedrock_can_say_reaches_it(simulator, bedrock):
    prices = {"serviceTier": {"type": "default"}, "performanceConfig": {"latency": "standard"}}
    own = {"additionalModelResponseFieldPaths": ["/stop_sequence"], "requestMetadata": {"team": "a"}, **prices}
    answer = bedrock.ask("hi " + directive(output=4), **own)
    agrees(answer["usage"], metered(simulator, bedrock, request_id(answer)))
    answer = bedrock.stream("hi " + directive(output=4), **own)
    message, reason, metadata, _ = gathered(answer["stream"])
    assert len(message["content"][0]["text"].split()) == 4 and reason == "end_turn"
    agrees(metadata["usage"], metered(simulator, bedrock, request_id(answer)))


def test_what_only_bedrock_can_say_is_refused_elsewhere_by_name(simulator, local, anthropic):
    before = simulator.count()
    for chat in (local, anthropic):
        with pytest.raises(ClientError) as caught:
            chat.ask("hi", additionalModelResponseFieldPaths=["/stop_sequence"])
        assert "additionalModelResponseFieldPaths" in message_of(caught)
    assert simulator.count() == before


@pytest.mark.parametrize("member", [
    {"serviceTier": {"type": "priority"}}, {"performanceConfig": {"latency": "optimized"}},
    {"additionalModelRequestFields": {"max_tokens": 90_000}},
    {"additionalModelRequestFields": {"anthropic_beta": ["context-1m-2025-08-07"]}},
], ids=lambda member: next(iter(member)))
def test_what_has_another_price_is_refused_by_name(simulator, bedrock, member):
    before = simulator.count()
    with pytest.raises(ClientError) as caught:
        bedrock.ask("hi", **member)
    assert next(iter(member)) in message_of(caught) and simulator.count() == before


def test_no_more_is_asked_for_than_was_reserved(simulator, bedrock):
    answer = bedrock.ask("hi " + directive(output=2), inferenceConfig={"maxTokens": 1_000_000})
    assert simulator.calls(request_id(answer))[0]["maxTokens"] < 1_000_000
