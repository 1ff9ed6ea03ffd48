"""What only one provider has, seen through its own client: events, counting, lists, embeddings, wrong bodies."""

import base64
import json
import struct

import anthropic
import botocore.exceptions
import cohere
import openai
import pytest
import requests

from support.simulator import IMAGE_TOKENS, PNG, Simulator, directive
from support.speakers import SPEAKERS, WAIT, bedrock_client

TYPES = ["float", "int8", "uint8", "binary", "ubinary", "base64"]
PICTURE = "data:image/png;base64," + base64.b64encode(PNG).decode()
TOOL = {"name": "weather", "input_schema": {"type": "object", "properties": {}}}


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    started = Simulator(tmp_path_factory.mktemp("services-simulator"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def claude(upstream):
    return anthropic.Anthropic(base_url=upstream.url, api_key="any", max_retries=0, timeout=WAIT)


@pytest.fixture(scope="module")
def bedrock(upstream):
    return bedrock_client(upstream.url)


def user(text):
    return [{"role": "user", "content": text}]


# Anthropic


def test_anthropics_events_come_in_their_order(claude):
    call = {"model": "m", "max_tokens": 2000, "thinking": {"type": "enabled", "budget_tokens": 1024}, "tools": [TOOL]}
    prompt = directive(reasoning=2, redacted=1, preamble=2, tools=1)
    events = list(claude.messages.create(**call, messages=user(prompt), stream=True))
    kinds = [event.type for event in events]
    block = ["content_block_start", "content_block_delta", "content_block_stop"]
    assert [kind for index, kind in enumerate(kinds) if kind != "ping" and kinds[index - 1] != kind] == [
        "message_start", "content_block_start", "content_block_stop", *block, *block, *block, "message_delta",
        "message_stop"]
    assert events[0].message.usage.input_tokens == 5 and events[0].message.content == []
    starts = [event.content_block.type for event in events if event.type == "content_block_start"]
    assert starts == ["redacted_thinking", "thinking", "text", "tool_use"]
    assert events[-2].delta.stop_reason == "tool_use" and events[-2].usage.output_tokens == 1 + 2 + 2 + 2
    assert events[-2].usage.output_tokens_details.thinking_tokens == 3


def test_anthropic_streams_with_pings(upstream):
    answer = requests.post(
        f"{upstream.url}/v1/messages", headers={"anthropic-version": "2023-06-01"}, timeout=WAIT,
        json={"model": "m", "max_tokens": 9, "stream": True, "messages": user("x")})
    assert answer.text.startswith("event: message_start\ndata: {") and "event: ping\n" in answer.text
    assert answer.headers["content-type"] == "text/event-stream" and answer.headers["request-id"].startswith("req_sim_")


def test_cache_writes_are_told_by_their_life(claude, upstream):
    content = [
        {"type": "text", "text": "one two three", "cache_control": {"type": "ephemeral", "ttl": "1h"}},
        {"type": "text", "text": "four five", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "six"}]
    usage = claude.messages.create(model="m", max_tokens=9, messages=user(content)).usage
    assert (usage.input_tokens, usage.cache_creation_input_tokens) == (1, 5)
    created = usage.cache_creation
    assert (created.ephemeral_5m_input_tokens, created.ephemeral_1h_input_tokens) == (2, 3)
    content[1] = {**content[1], "text": "other"}
    usage = claude.messages.create(model="m", max_tokens=9, messages=user(content)).usage
    assert (usage.input_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens) == (1, 3, 1)
    entry = upstream.last()
    assert (entry["cacheWrite5mTokens"], entry["cacheWrite1hTokens"], entry["cacheReadTokens"]) == (1, 0, 3)
    usage = claude.messages.create(
        model="m", max_tokens=9, messages=user("a [sim cache_write_1h=4 cache_write=2]")).usage
    assert usage.cache_creation.ephemeral_1h_input_tokens == 4 and usage.cache_creation_input_tokens == 6


def test_anthropic_counts_and_lists(claude, upstream):
    picture = {"type": "image", "source": {
        "type": "base64", "media_type": "image/png", "data": base64.b64encode(PNG).decode()}}
    counted = claude.messages.count_tokens(
        model="m", system="be nice", messages=user([{"type": "text", "text": "a b"}, picture]), tools=[TOOL])
    assert counted.input_tokens == 4 + IMAGE_TOKENS
    assert upstream.last()["inputTokens"] == 0 and upstream.last()["path"] == "/v1/messages/count_tokens"
    assert [model.id for model in claude.models.list()] == ["sim-chat"]


@pytest.mark.parametrize("wrong", [
    {"max_tokens": None}, {"max_tokens": 0}, {"messages": []}, {"messages": user("")}, {"messages": user([])},
    {"messages": [{"role": "assistant", "content": "x"}]}, {"messages": [{"role": "system", "content": "x"}]},
    {"tools": [{**TOOL, "name": "a b"}]}, {"tools": [TOOL, TOOL]}, {"tools": [TOOL], "tool_choice": {"type": "x"}},
    {"tool_choice": {"type": "tool", "name": "weather"}}, {"tool_choice": {"type": "any"}},
    {"thinking": {"type": "enabled", "budget_tokens": 100}}, {"thinking": {"type": "enabled", "budget_tokens": 9000}},
    {"thinking": {"type": "enabled", "budget_tokens": 1024}, "tools": [TOOL], "tool_choice": {"type": "any"}},
    {"messages": user([{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}] * 5)},
    {"messages": user([{"type": "poem", "text": "x"}])}, {"messages": user("[sim colour=1]")},
])
def test_anthropic_refuses_what_the_service_refuses(upstream, wrong):
    body = {"model": "m", "max_tokens": 4096, "messages": user("x"), **wrong}
    headers = {"anthropic-version": "2023-06-01"}
    url = f"{upstream.url}/v1/messages"
    answer = requests.post(url, json=body, headers=headers, timeout=WAIT)
    assert answer.status_code == 400 and answer.json()["error"]["type"] == "invalid_request_error", answer.text
    assert len(answer.json()["error"]["message"].split()) > 2
    right = {"model": "m", "max_tokens": 4096, "messages": user("x")}
    assert requests.post(url, json=right, headers=headers, timeout=WAIT).status_code == 200
    assert requests.post(url, json=right, timeout=WAIT).status_code == 400


def test_a_refusal_has_details(claude):
    message = claude.messages.create(model="m", max_tokens=90, messages=user(directive(ending="refusal")))
    assert message.stop_reason == "refusal" and message.stop_details.type == "refusal"
    paused = claude.messages.create(model="m", max_tokens=90, messages=user(directive(ending="pause", output=3)))
    assert paused.stop_reason == "pause_turn" and paused.usage.output_tokens == 3


# OpenAI


def test_openai_declines_in_its_own_member(upstream):
    client = openai.OpenAI(base_url=f"{upstream.url}/v1", api_key="any", max_retries=0)
    [choice] = client.chat.completions.create(model="m", messages=user(directive(ending="declined"))).choices
    assert choice.message.refusal == "I cannot help with that." and choice.message.content is None
    assert choice.finish_reason == "stop"
    usage = client.chat.completions.create(
        model="m", messages=user(directive(reasoning=5, output=2)), reasoning_effort="high").usage
    assert (usage.completion_tokens, usage.completion_tokens_details.reasoning_tokens) == (7, 5)
    answer = client.chat.completions.create(model="m", messages=user("x"), response_format={"type": "json_object"})
    assert isinstance(json.loads(answer.choices[0].message.content), dict)


# Bedrock


def test_bedrock_counts_both_kinds_of_bodies(bedrock, upstream):
    messages = [{"role": "user", "content": [
        {"text": "a b c"}, {"image": {"format": "png", "source": {"bytes": PNG}}}]}]
    counted = bedrock.count_tokens(modelId="m", input={"converse": {"messages": messages, "system": [{"text": "s"}]}})
    assert counted["inputTokens"] == 4 + IMAGE_TOKENS
    body = json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": user("a b")})
    assert bedrock.count_tokens(modelId="m", input={"invokeModel": {"body": body}})["inputTokens"] == 2
    assert upstream.tokens(path="/model/m/count-tokens")["inputTokens"] == 0


def test_invoke_tells_its_counts_outside_of_the_body(bedrock):
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": user("a b [sim output=3]")}
    answer = bedrock.invoke_model(modelId="m", body=json.dumps(body))
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amzn-bedrock-input-token-count"] == "4" and headers["x-amzn-bedrock-output-token-count"] == "3"
    events = bedrock.invoke_model_with_response_stream(modelId="m", body=json.dumps(body))["body"]
    last = [json.loads(event["chunk"]["bytes"]) for event in events][-1]
    metrics = last["amazon-bedrock-invocationMetrics"]
    assert last["type"] == "message_stop" and (metrics["inputTokenCount"], metrics["outputTokenCount"]) == (4, 3)


def test_invoke_takes_bodies_in_the_words_of_the_model_s_maker_only(bedrock):
    claude = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": user("a")}
    cohere = {"texts": ["a"], "input_type": "search_query"}
    for body, right, wrong in [
        (claude, "eu.anthropic.claude-x-v1:0", "eu.amazon.nova-lite-v1:0"),
        (claude, "anthropic.claude-x", "meta.llama3-8b-instruct-v1:0"),
        (cohere, "eu.cohere.embed-v4:0", "amazon.titan-embed-text-v2:0"),
    ]:
        assert bedrock.invoke_model(modelId=right, body=json.dumps(body))["body"].read()
        with pytest.raises(bedrock.exceptions.ValidationException):
            bedrock.invoke_model(modelId=wrong, body=json.dumps(body))


@pytest.mark.parametrize("wrong", [{"anthropic_version": None}, {"model": "m"}, {"stream": False}, {"max_tokens": None}])
def test_invoke_refuses_what_bedrock_refuses(bedrock, wrong):
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": user("x"), **wrong}
    with pytest.raises(bedrock.exceptions.ValidationException):
        bedrock.invoke_model(modelId="m", body=json.dumps(body))


@pytest.mark.parametrize("messages", [
    [{"role": "user", "content": [{"text": "a"}]}, {"role": "user", "content": [{"text": "b"}]}],
    [{"role": "assistant", "content": [{"text": "a"}]}], [{"role": "user", "content": []}],
    [{"role": "user", "content": [{"cachePoint": {"type": "default"}}]}],
])
def test_converse_refuses_what_bedrock_refuses(bedrock, messages):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        bedrock.converse(modelId="m", messages=messages)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_converse_wants_its_tools_again(upstream):
    talk = SPEAKERS["converse"](upstream.url)
    calls = talk.ask(directive(tools=1), tools=[("weather", TOOL["input_schema"])]).calls
    with pytest.raises(botocore.exceptions.ClientError):
        talk.results({calls[0][0]: ("x", False)}).answer()


# Cohere


def test_cohere_embeds_texts_in_every_form(upstream):
    client = cohere.ClientV2(api_key="any", base_url=upstream.url, timeout=WAIT)
    answer = client.embed(
        model="embed-v4.0", input_type="search_document", texts=["a b", "c"], embedding_types=TYPES,
        output_dimension=256)
    found = answer.embeddings
    lengths = [len(values[0]) for values in (found.float_, found.int8, found.uint8, found.binary, found.ubinary)]
    assert lengths == [256, 256, 256, 32, 32] and len(found.float_) == 2
    packed = base64.b64decode(found.base64[0])
    assert [round(value, 5) for value in struct.unpack("<256f", packed)] == [round(v, 5) for v in found.float_[0]]
    assert answer.texts == ["a b", "c"] and answer.meta.billed_units.input_tokens == 3
    assert upstream.last()["dialect"] == "cohere" and upstream.last()["inputTokens"] == 3


def test_cohere_embeds_images_and_mixtures(upstream):
    client = cohere.ClientV2(api_key="any", base_url=upstream.url, timeout=WAIT)
    answer = client.embed(model="m", input_type="image", images=[PICTURE], embedding_types=["float"])
    assert (answer.meta.billed_units.images, answer.meta.billed_units.image_tokens) == (1, IMAGE_TOKENS)
    content = [{"type": "text", "text": "a b"}, {"type": "image_url", "image_url": {"url": PICTURE}}]
    answer = client.embed(model="m", input_type="search_document", inputs=[{"content": content}] * 2)
    assert len(answer.embeddings.float_) == 2 and answer.meta.billed_units.input_tokens == 4
    assert upstream.last()["inputTokens"] == 4 + 2 * IMAGE_TOKENS


def test_coheres_older_interface_answers_with_floats(upstream):
    client = cohere.Client(api_key="any", base_url=upstream.url, timeout=WAIT)
    answer = client.embed(model="m", input_type="search_query", texts=["a", "b c"])
    assert len(answer.embeddings) == 2 and answer.response_type == "embeddings_floats"
    assert answer.meta.billed_units.input_tokens == 3 and answer.meta.api_version.version == "1"


def test_cohere_refuses_too_much(upstream):
    client = cohere.ClientV2(api_key="any", base_url=upstream.url, timeout=WAIT)
    for wrong in ({"texts": ["a"] * 97}, {"texts": []}, {"images": ["data:image/png;base64,AAAA"]}):
        with pytest.raises(cohere.BadRequestError):
            client.embed(model="m", input_type="search_query", embedding_types=["float"], **wrong)
