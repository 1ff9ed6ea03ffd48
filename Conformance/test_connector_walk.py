"""A walk through the connector's protocol as an application makes it, by plain HTTP and from the protocol alone: a key
is imported, the resource asked about, a chat held with tools, an answer streamed, texts embedded, errors read."""

import json

import pytest
import requests

from support.company import create_configuration_key, provision
from support.kinds import CLAUDE_MODEL, server_of_every_kind
from support.portal import Portal
from support.processes import wait_until
from support.server import tokens
from support.simulator import CHAT_MODEL, EMBED_MODEL, directive

CLIENT_SECONDS = 300
METERED_SECONDS = 5
FRANKFURT = "Europe (Frankfurt) - eu-central-1"
# As the client makes them of microflow parameters: a choice has no type.
TOOLS = [{"toolSpec": {"name": "FindWeather", "description": "Finds the weather of a city.", "inputSchema": {"json": {
    "type": "object", "properties": {"City": {"enum": ["Delft", "Rome"]}, "Day": {"type": "string"}},
    "required": ["City", "Day"]}}}}]
REQUIRED = {
    "id", "name", "type", "resourceBaseUrl", "accessToken", "architecture", "model", "keyName", "keyId", "environment",
    "deepLinkUrl", "schemaVersion"}


class Connector:
    """One imported key, and what was sent and answered with it, in order."""

    def __init__(self, configuration):
        assert REQUIRED <= set(configuration) and configuration["architecture"] == "AWS"
        assert configuration["schemaVersion"] == 3 and configuration["model"]
        assert configuration["type"] in ("TEXT_GENERATION", "EMBEDDINGS_GENERATION")
        assert not {"endpointUrl", "apiKey"} & set(configuration)
        assert len(configuration["accessToken"]) <= 110 and not configuration["resourceBaseUrl"].endswith("/")
        self.base, self.key = configuration["resourceBaseUrl"], configuration["accessToken"]
        self.resource, self.record = configuration["id"], []

    def call(self, method, path, body=None, accept="*/*", headers=None):
        headers = {"x-api-key": self.key, "Accept": accept, **(headers or {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
        answer = requests.request(
            method, self.base + path, data=None if body is None else json.dumps(body), headers=headers,
            timeout=CLIENT_SECONDS)
        self.record.append((method, path, body, answer.status_code, answer.text))
        return answer

    def details(self):
        answer = self.call("GET", "")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def converse(self, messages, path="/converse", **members):
        answer = self.call("POST", path, {"messages": messages, "inferenceConfig": {}, **members})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        usage = body["usage"]
        assert body["output"]["message"]["role"] == "assistant" and body["metrics"]["latencyMs"] >= 0
        assert usage["totalTokens"] >= usage["inputTokens"] + usage["outputTokens"]
        return answer, body

    def converse_stream(self, messages, path="/converse-stream", **members):
        answer = self.call(
            "POST", path, {"messages": messages, "inferenceConfig": {}, **members}, accept="text/event-stream")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/event-stream")
        return answer, Streamed(events(answer.text))

    def invoke(self, texts, **members):
        answer = self.call("POST", "/invoke", {"texts": texts, "input_type": "search_query", **members})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["id"] and body["response_type"] and body["texts"] == texts
        return answer, body


def events(text):
    """Server-sent events as pairs of name and data."""
    found = []
    for block in text.split("\n\n"):
        if block:
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            assert set(fields) == {"event", "data"}
            found.append((fields["event"], json.loads(fields["data"])))
    return found


class Streamed:
    """What the client makes of a stream: a text, and a tool call for every block that is announced."""

    def __init__(self, found):
        self.names = [name for name, _ in found]
        self.text, self.calls, self.reason, self.usage = "", {}, None, None
        for name, data in found:
            if name == "CONTENT_BLOCK_START":
                self.calls[data["contentBlockIndex"]] = {**data["start"]["toolUse"], "input": ""}
            elif name == "CONTENT_BLOCK_DELTA" and "toolUse" in data["delta"]:
                self.calls[data["contentBlockIndex"]]["input"] += data["delta"]["toolUse"]["input"]
            elif name == "CONTENT_BLOCK_DELTA":
                assert data["contentBlockIndex"] == 0
                self.text += data["delta"]["text"]
            elif name == "MESSAGE_STOP":
                self.reason = data["stopReason"]
            elif name == "METADATA":
                self.usage = data["usage"]
        assert self.names[0] == "MESSAGE_START" and self.names[-2:] == ["MESSAGE_STOP", "METADATA"]
        assert sorted(self.calls) == list(range(1, len(self.calls) + 1)), "tools are not numbered from 1"

    def content(self):
        """The assistant's content array as the client sends it back."""
        text = [{"text": self.text}] if self.text else []
        return text + [
            {"toolUse": {"toolUseId": call["toolUseId"], "name": call["name"], "input": json.loads(call["input"])}}
            for _, call in sorted(self.calls.items())]


def user(*content):
    return {"role": "user", "content": list(content)}


def results(content):
    """The one user message after tools ran."""
    return user(*({"toolResult": {
        "toolUseId": block["toolUse"]["toolUseId"], "content": [{"json": {"result": "sunny"}}]}}
        for block in content if "toolUse" in block))


def is_sentence(answer):
    text = answer.text
    return answer.headers["content-type"].startswith("text/plain") and text.endswith(".") and "{" not in text


@pytest.fixture(scope="module")
def server(tmp_path_factory, simulator):
    with server_of_every_kind(tmp_path_factory.mktemp("walk"), simulator) as started:
        yield started


@pytest.fixture(scope="module")
def imported(server):
    """Makes a resource and imports its key. At the end the record of every walk lies beside the server's log."""
    person, walks = Portal(server.portal, server.admin), {}

    def make(kind, name, region, model):
        resource = provision(person, kind, name, region=region, models=[model], tokens=6)
        walks[name] = Connector(create_configuration_key(person, resource, "For Mendix"))
        return walks[name]
    yield make
    for name, walk in walks.items():
        (server.folder / f"{name}.json").write_text(json.dumps(walk.record, indent=1))


@pytest.fixture(scope="module", params=["openai-compatible", "anthropic", "bedrock"])
def chat(request, imported):
    place = {
        "openai-compatible": ("Local", CHAT_MODEL), "anthropic": ("Local", CLAUDE_MODEL),
        "bedrock": (FRANKFURT, "Claude Sonnet 4.6")}[request.param]
    return imported("text", f"Walk on {request.param}", *place)


@pytest.fixture(scope="module", params=["openai-compatible", "bedrock"])
def embed(request, imported):
    place = {
        "openai-compatible": ("Local", EMBED_MODEL),
        "bedrock": (FRANKFURT, "Cohere Embed v3 Multilingual")}[request.param]
    return imported("embeddings", f"Walk on {request.param}", *place)


def metered(server, simulator, connector, answer):
    identifier = answer.headers["x-request-id"]
    entry = wait_until(
        lambda: [e for e in server.usage(connector.resource) if e["requestId"] == identifier],
        METERED_SECONDS, f"no usage entry for {identifier}")
    served = simulator.calls(identifier)
    assert len(entry) == 1 and len(served) == 1
    assert tokens(entry[0]) == {name: served[0][name] for name in tokens(entry[0])}
    return entry[0]


def test_import_and_test_of_a_key(server, simulator, chat):
    details = chat.details()
    assert details["model"] and details["modelName"]
    assert {"id": details["model"], "name": details["modelName"]} in details["models"]
    answer, body = chat.converse([user({"text": "Hello " + directive(output=40)})], inferenceConfig={"maxTokens": 10})
    assert body["usage"]["outputTokens"] == 10 and body["stopReason"] == "max_tokens"
    assert metered(server, simulator, chat, answer)["outputTokens"] == 10


def test_a_chat_with_tools(server, simulator, chat):
    messages = [user({"text": "Weather? " + directive(tools=2, preamble=2)})]
    options = {
        "system": [{"text": "Help with travel."}], "inferenceConfig": {"maxTokens": 500, "temperature": 0.5},
        "toolConfig": {"tools": TOOLS, "toolChoice": {"auto": {}}}}
    answer, body = chat.converse(messages, **options)
    metered(server, simulator, chat, answer)
    content = body["output"]["message"]["content"]
    calls = [block["toolUse"] for block in content if "toolUse" in block]
    assert body["stopReason"] == "tool_use" and len(calls) == 2
    assert all(call["name"] == "FindWeather" and call["input"]["City"] in ("Delft", "Rome") for call in calls)
    # The content goes back exactly as it came; the client leaves a stray member on its messages.
    messages += [
        {"role": "assistant", "content": content}, {**results(content), "toolCallId": calls[0]["toolUseId"]}]
    answer, body = chat.converse(messages, **options)
    metered(server, simulator, chat, answer)
    assert body["stopReason"] == "end_turn"
    assert body["output"]["message"]["content"][0]["text"].startswith("Received 2 tool results:")


@pytest.mark.parametrize("choice", [{"any": {}}, {"tool": {"name": "FindWeather"}}], ids=["any", "tool"])
def test_a_tool_that_must_be_called(chat, choice):
    _, body = chat.converse([user({"text": "Hello"})], toolConfig={"tools": TOOLS, "toolChoice": choice})
    assert [block["toolUse"]["name"] for block in body["output"]["message"]["content"]] == ["FindWeather"]


def test_a_streamed_text(server, simulator, chat):
    answer, streamed = chat.converse_stream([user({"text": "Tell " + directive(output=120)})])
    assert len(streamed.text.split()) == 120 and streamed.reason == "end_turn" and not streamed.calls
    assert set(streamed.names[1:-3]) == {"CONTENT_BLOCK_DELTA"} and streamed.names[-3] == "CONTENT_BLOCK_STOP"
    entry = metered(server, simulator, chat, answer)
    assert (streamed.usage["inputTokens"], streamed.usage["outputTokens"]) == (entry["inputTokens"], 120)


def test_streamed_tools_and_the_turn_after(server, simulator, chat):
    messages = [user({"text": "Weather? " + directive(tools=2, preamble=2)})]
    options = {"toolConfig": {"tools": TOOLS, "toolChoice": {"auto": {}}}}
    answer, streamed = chat.converse_stream(messages, **options)
    assert streamed.reason == "tool_use" and len(streamed.calls) == 2 and len(streamed.text.split()) == 2
    assert streamed.names.count("CONTENT_BLOCK_START") == 2 and streamed.names.count("CONTENT_BLOCK_STOP") == 3
    metered(server, simulator, chat, answer)
    content = streamed.content()
    messages += [{"role": "assistant", "content": content}, results(content)]
    _, streamed = chat.converse_stream(messages, **options)
    assert streamed.reason == "end_turn" and streamed.text.startswith("Received 2 tool results:")


def test_where_the_client_may_name_its_model(chat):
    model = chat.details()["model"]
    said = [user({"text": directive(output=1)})]
    for path in ("/converse", f"/models/{model}/converse", "/converse/converse", "/invoke/converse"):
        chat.converse(said, path=path)
    for path in (f"/models/{model}/converse-stream", "/converse/converse-stream", "/invoke/converse-stream",
                 "/converse-stream/converse-stream"):
        chat.converse_stream(said, path=path)
    chat.converse(said, modelId=model)
    chat.converse(said, model=model)
    answer = chat.call(
        "POST", "/converse", {"messages": said, "inferenceConfig": {}}, headers={"x-model-id": "nowhere"})
    assert answer.status_code == 404 and is_sentence(answer) and model in answer.text


def test_embeddings_of_both_shapes(server, simulator, embed):
    assert embed.details()["models"]
    answer, body = embed.invoke(["one two", "three"], truncate="NONE")
    floats = body["embeddings"]
    assert [len(vector) for vector in floats] == [1_024, 1_024]
    assert answer.headers["x-amzn-bedrock-input-token-count"] == "3"
    assert answer.headers["x-amzn-bedrock-output-token-count"] == "0"
    assert metered(server, simulator, embed, answer)["inputTokens"] == 3
    _, body = embed.invoke(["one two", "three"], embedding_types=["float"])
    assert body["embeddings"] == {"float": floats}
    _, body = embed.invoke([f"text {number}" for number in range(96)])
    assert len(body["embeddings"]) == 96


def test_errors_are_one_sentence_for_the_log(simulator, chat, embed):
    before = simulator.count()
    said = [user({"text": "Hello"})]
    nobody = requests.get(chat.base, timeout=30)
    unknown = requests.get(chat.base, headers={"x-api-key": "phk_nobody"}, timeout=30)
    assert nobody.status_code == unknown.status_code == 401
    refused = [
        (400, chat.call("POST", "/converse", {"inferenceConfig": {}})),
        (400, chat.call("POST", "/converse-stream", {"messages": []}, accept="text/event-stream")),
        (400, chat.call("POST", "/converse-stream", {
            "messages": said, "toolConfig": {"tools": TOOLS + TOOLS}}, accept="text/event-stream")),
        (404, embed.call("POST", "/converse", {"messages": said})),
        (404, embed.call("POST", "/converse-stream", {"messages": said})),
        (400, embed.call("POST", "/invoke", {"texts": ["x"] * 97, "input_type": "search_query"})),
    ]
    for status, answer in [(401, nobody), (401, unknown), *refused]:
        assert answer.status_code == status and is_sentence(answer), answer.text
        assert answer.headers["x-request-id"].startswith("req_")
    assert simulator.count() == before


def test_faults_of_the_provider(server, chat):
    for path, accept in (("/converse", "*/*"), ("/converse-stream", "text/event-stream")):
        body = {"messages": [user({"text": directive(fault="503")})], "inferenceConfig": {}}
        answer = chat.call("POST", path, body, accept=accept)
        assert answer.status_code == 503 and is_sentence(answer)
    broken = chat.call("POST", "/converse-stream", {
        "messages": [user({"text": directive(output=20, interval=20, fault="cut@5")})], "inferenceConfig": {}})
    found = events(broken.text)
    name, data = found[-1]
    assert broken.status_code == 200 and name == "ERROR" and "MESSAGE_STOP" not in dict(found)
    assert data["message"].endswith(".") and data["requestId"] == broken.headers["x-request-id"]
    entry = wait_until(
        lambda: [e for e in server.usage(chat.resource) if e["requestId"] == data["requestId"]],
        METERED_SECONDS, "the broken stream has no usage entry")
    assert entry[0]["estimated"] and entry[0]["outputTokens"] > 0
