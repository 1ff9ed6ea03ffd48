"""What the unmodified Mendix Cloud GenAI connector sends and reads."""

import base64
import json

import pytest
import requests

from support.company import create_configuration_key, provision
from support.portal import Portal
from support.processes import wait_until
from support.server import tokens
from support.simulator import CHAT_MODEL, EMBED_MODEL, directive

CONNECTOR_HEADERS = {"accept": "*/*", "content-type": "application/json"}
METERED_SECONDS = 2


@pytest.fixture(scope="module")
def person(server):
    return Portal(server.portal, server.admin)


@pytest.fixture(scope="module", params=["local", "bedrock"])
def chat(request, server, person):
    """A text resource and its base address: of a model in Local, and of Claude on Bedrock in Frankfurt."""
    return {
        "local": lambda: Connection(server, "textResource", "textKey", CHAT_MODEL),
        "bedrock": lambda: Connection.of_new(server, person, "Frankfurt chat", "text", "Claude Sonnet 4.6"),
    }[request.param]()


@pytest.fixture(scope="module", params=["local", "bedrock"])
def embed(request, server, person):
    return {
        "local": lambda: Connection(server, "embeddingsResource", "embeddingsKey", EMBED_MODEL),
        "bedrock": lambda: Connection.of_new(
            server, person, "Frankfurt embeddings", "embeddings", "Cohere Embed v3 Multilingual"),
    }[request.param]()


class Connection:
    """Calls one resource as the connector does."""

    def __init__(self, server, resource, key, model):
        self.resource, self.key, self.model = server.ready.get(resource, resource), server.ready.get(key, key), model
        self.base = f"{server.gateway}/resources/{self.resource}"

    @classmethod
    def of_new(cls, server, person, name, kind, model):
        resource = provision(person, kind, name, region="Europe (Frankfurt) - eu-central-1", models=[model], tokens=6)
        configuration = create_configuration_key(person, resource, "Connector")
        made = cls(server, resource, configuration["accessToken"], configuration["model"])
        assert configuration["resourceBaseUrl"] == made.base
        return made

    def get(self, path=""):
        return requests.get(self.base + path, headers={"x-api-key": self.key, "accept": "*/*"}, timeout=30)

    def post(self, path, body):
        headers = {"x-api-key": self.key, **CONNECTOR_HEADERS}
        data = body if isinstance(body, bytes) else json.dumps(body)
        return requests.post(self.base + path, data=data, headers=headers, timeout=60)

    def converse(self, text, path="/converse", **members):
        messages = [{"role": "user", "content": [{"text": text}]}]
        return self.post(path, {"messages": messages, "inferenceConfig": {}, **members})


def metered(server, simulator, connection, answer):
    request_id = answer.headers["x-request-id"]
    found = wait_until(
        lambda: [entry for entry in server.usage(connection.resource) if entry["requestId"] == request_id],
        METERED_SECONDS, f"no usage entry for {request_id}")
    served = simulator.calls(request_id)
    assert len(found) == 1 and len(served) == 1
    assert tokens(found[0]) == {name: served[0][name] for name in tokens(found[0])}
    return found[0]


def is_sentence(answer):
    return answer.headers["content-type"].startswith("text/plain") and answer.text.strip().endswith(".")


# The key


def test_the_configuration_key_holds_what_the_connector_reads(server, person):
    configuration = create_configuration_key(person, server.ready["textResource"], "For Mendix")
    assert configuration["type"] == "TEXT_GENERATION" and configuration["architecture"] == "AWS"
    assert configuration["id"] == server.ready["textResource"] and configuration["name"]
    assert configuration["resourceBaseUrl"] == f"{server.gateway}/resources/{server.ready['textResource']}"
    assert configuration["deepLinkUrl"] == f"{server.portal}/resources/{server.ready['textResource']}"
    assert configuration["keyName"] == "For Mendix" and configuration["schemaVersion"] == 3
    assert configuration["model"] and configuration["keyId"] and configuration["environment"]
    assert len(configuration["accessToken"]) <= 110
    assert not {"endpointUrl", "apiKey"} & set(configuration)


# Models and chat


def test_models_of_the_resource(chat):
    answer = chat.get()
    assert answer.status_code == 200
    body = answer.json()
    assert body["model"] and body["modelName"] and chat.model in [model["id"] for model in body["models"]]
    assert all(set(model) == {"id", "name"} for model in body["models"])


def test_converse(server, simulator, chat):
    answer = chat.converse(
        "one two " + directive(output=30), path=f"/models/{chat.model}/converse",
        system=[{"text": "be nice"}], inferenceConfig={"maxTokens": 100, "temperature": 0.5})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["output"]["message"]["role"] == "assistant" and body["stopReason"] == "end_turn"
    assert len(body["output"]["message"]["content"][0]["text"].split()) == 30
    usage = body["usage"]
    assert (usage["outputTokens"], usage["totalTokens"]) == (30, usage["inputTokens"] + 30)
    assert body["metrics"]["latencyMs"] >= 0
    entry = metered(server, simulator, chat, answer)
    assert entry["inputTokens"] == usage["inputTokens"] and entry["model"] == chat.model


def test_converse_with_max_tokens_as_the_key_test_sends(chat):
    answer = chat.converse("hi " + directive(output=50), inferenceConfig={"maxTokens": 10}, modelId=chat.model)
    assert answer.json()["usage"]["outputTokens"] == 10 and answer.json()["stopReason"] == "max_tokens"


def test_a_tool_conversation_is_carried(chat):
    tools = [{"toolSpec": {"name": "weather", "description": "d", "inputSchema": {"json": {
        "type": "object", "properties": {"city": {"enum": ["Delft", "Rome"]}}}}}}]
    messages = [
        {"role": "user", "content": [{"text": "weather?"}], "toolCallId": "stray"},
        {"role": "assistant", "content": [
            {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Rome"}}}]},
        {"role": "user", "content": [
            {"toolResult": {"toolUseId": "t1", "content": [{"json": {"result": "sunny"}}]}}]},
    ]
    answer = chat.post("/converse", {
        "messages": messages, "modelId": chat.model, "toolConfig": {"tools": tools, "toolChoice": {"auto": {}}}})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("suffix", ["/converse/converse", "/invoke/converse"])
def test_a_doubled_suffix_is_accepted(chat, suffix):
    assert chat.converse("hi", path=suffix, modelId=chat.model).status_code == 200


# Embeddings


def test_invoke_answers_with_vectors(server, simulator, embed):
    answer = embed.post(f"/models/{embed.model}/invoke", {
        "texts": ["hello world", "x"], "input_type": "search_query", "truncate": "NONE"})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["id"] and body["response_type"] and body["texts"] == ["hello world", "x"]
    assert [len(vector) for vector in body["embeddings"]] == [1024, 1024]
    assert answer.headers["x-amzn-bedrock-input-token-count"] == "3"
    assert answer.headers["x-amzn-bedrock-output-token-count"] == "0"
    assert metered(server, simulator, embed, answer)["inputTokens"] == 3


def test_invoke_answers_by_type_where_types_were_asked_for(embed):
    answer = embed.post(f"/models/{embed.model}/invoke", {
        "texts": ["hello world"], "input_type": "search_query", "embedding_types": ["float"]})
    assert answer.status_code == 200, answer.text
    assert list(answer.json()["embeddings"]) == ["float"] and len(answer.json()["embeddings"]["float"][0]) == 1024


@pytest.mark.parametrize("suffix", ["/invoke/invoke", "/converse/invoke"])
def test_a_doubled_suffix_is_accepted_for_embeddings(embed, suffix):
    assert embed.post(suffix, {"texts": ["x"], "input_type": "search_query"}).status_code == 200


# Errors are plain text, one sentence


def test_errors_are_plain_sentences(server, chat, embed):
    unknown = requests.get(chat.base, headers={"x-api-key": "nobody"}, timeout=30)
    assert unknown.status_code == 401 and is_sentence(unknown)
    missing = requests.get(chat.base, timeout=30)
    assert missing.status_code == 401 and is_sentence(missing)
    broken = chat.post("/converse", b'{"messages": [')
    assert broken.status_code == 400 and is_sentence(broken)
    elsewhere = requests.get(f"{server.gateway}/resources/zzzzzzzzzz", headers={"x-api-key": chat.key}, timeout=30)
    assert elsewhere.status_code == 404 and is_sentence(elsewhere)
    wrong_type = embed.converse("hi")
    assert wrong_type.status_code == 404 and is_sentence(wrong_type) and "embeddings" in wrong_type.text
    model = chat.converse("hi", modelId="gpt-4o")
    assert model.status_code == 404 and is_sentence(model) and chat.model in model.text
    assert all("{" not in answer.text for answer in (unknown, missing, broken, elsewhere, wrong_type, model))


@pytest.mark.parametrize("change, part", [
    ({"messages": []}, "messages"),
    ({"inferenceConfig": {"maxTokens": 0}}, "maxTokens"),
    ({"messages": [{"role": "user", "content": [{"image": {"format": "bmp", "source": {"bytes": "AAAA"}}}]}]}, "image"),
    ({"toolConfig": {"tools": [{"toolSpec": {"name": "1 bad", "inputSchema": {"json": {}}}}]}}, "tool"),
])
def test_limits_are_named(chat, simulator, change, part):
    before = simulator.count()
    answer = chat.converse("hi", modelId=chat.model, **change) if "messages" not in change else chat.post(
        "/converse", {"modelId": chat.model, **change})
    assert answer.status_code == 400 and is_sentence(answer) and part in answer.text, answer.text
    assert simulator.count() == before


def test_images_travel_as_base64(chat):
    # One pixel, as PNG.
    png = base64.b64encode(bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082")).decode()
    answer = chat.post("/converse", {"modelId": chat.model, "messages": [{"role": "user", "content": [
        {"text": "what is it"}, {"image": {"format": "png", "source": {"bytes": png}}}]}]})
    assert answer.status_code in (200, 400), answer.text
    # A model without image limits in the catalog takes none, and says so.
    assert answer.status_code == 200 or "image" in answer.text
