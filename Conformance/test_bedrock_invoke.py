"""The official Bedrock client invokes models unmodified, with Claude's bodies and Cohere's, at any provider."""

import json

import pytest

from support.bedrock import request_id, signed
from support.bedrock_chat import (  # noqa: F401 (fixtures)
    FRANKFURT, THINKING, TOOL, Chat, anthropic, bedrock, chat, claude, claude_body, local, message_of, metered, person,
    plain)
from support.company import create_key, provision
from support.simulator import EMBED_MODEL, directive


# Claude


def test_invoke_with_a_body_of_claude(simulator, chat):
    answer = chat.invoke(claude_body("one two " + directive(output=30)))
    assert answer["contentType"] == "application/json"
    body = json.loads(answer["body"].read())
    assert body["type"] == "message" and body["stop_reason"] == "end_turn"
    assert len(body["content"][0]["text"].split()) == 30
    entry = metered(simulator, chat, request_id(answer))
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amzn-bedrock-input-token-count"] == str(entry["inputTokens"])
    assert body["usage"]["input_tokens"] == entry["inputTokens"]
    assert headers["x-amzn-bedrock-output-token-count"] == "30"


def test_invoke_streams_a_message_in_chunks(simulator, chat):
    answer = chat.client.invoke_model_with_response_stream(
        modelId=chat.model, body=json.dumps(claude_body("a " + directive(output=40))))
    assert answer["contentType"] == "application/json"
    events = [json.loads(event["chunk"]["bytes"]) for event in answer["body"]]
    kinds = [event["type"] for event in events]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    text = "".join(event["delta"]["text"] for event in events if event["type"] == "content_block_delta")
    metrics = events[-1]["amazon-bedrock-invocationMetrics"]
    assert len(text.split()) == 40 and metrics["outputTokenCount"] == 40
    assert metrics["invocationLatency"] >= metrics["firstByteLatency"] >= 0
    assert metered(simulator, chat, request_id(answer))["inputTokens"] == metrics["inputTokenCount"]


def test_invoke_carries_tools_and_reasoning(claude):
    tool = {"name": "weather", "input_schema": TOOL["toolSpec"]["inputSchema"]["json"]}
    body = claude_body("Weather? " + directive(tools=2, reasoning=5), tools=[tool], **THINKING)
    content = json.loads(claude.invoke(body)["body"].read())["content"]
    assert [block["type"] for block in content] == ["thinking", "tool_use", "tool_use"] and content[0]["signature"]


# Cohere


@pytest.fixture(scope="module")
def vectors(plain, person):
    """Embeddings of an OpenAI-compatible server, of Cohere on Bedrock, and of the built-in model."""
    local_key, local = plain.ready["embeddingsKey"], plain.ready["embeddingsResource"]
    resource = provision(
        person, "embeddings", "Cohere for boto3", region=FRANKFURT, models=["Cohere Embed v3 Multilingual"],
        tokens=6)
    key = create_key(person, resource, "boto3")
    return {
        "local": Chat(plain, signed(plain.gateway, local_key), local, EMBED_MODEL),
        "bedrock": Chat(plain, signed(plain.gateway, key), resource, "cohere.embed-multilingual-v3"),
        "offline": Chat(plain, signed(plain.gateway, local_key), local, "packhouse-minilm-l6-v2"),
    }


@pytest.mark.parametrize("kind", ["local", "bedrock", "offline"])
def test_invoke_with_a_body_of_cohere(simulator, vectors, kind):
    embed = vectors[kind]
    answer = embed.invoke({"texts": ["hello world", "x"], "input_type": "search_document"})
    body = json.loads(answer["body"].read())
    assert body["response_type"] == "embeddings_floats" and body["texts"] == ["hello world", "x"]
    assert [len(vector) for vector in body["embeddings"]] == [384 if kind == "offline" else 1_024] * 2
    count = int(answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-bedrock-input-token-count"])
    if kind == "offline":
        assert count > 0
    else:
        assert metered(simulator, embed, request_id(answer))["inputTokens"] == count == 3
    typed = embed.invoke({"texts": ["x"], "input_type": "search_query", "embedding_types": ["float"]})
    assert list(json.loads(typed["body"].read())["embeddings"]) == ["float"]


def test_embeddings_are_not_streamed(vectors):
    client = vectors["local"].client
    with pytest.raises(client.exceptions.ValidationException) as caught:
        client.invoke_model_with_response_stream(
            modelId=EMBED_MODEL, body=json.dumps({"texts": ["x"], "input_type": "search_query"}))
    assert "streamed" in message_of(caught)
