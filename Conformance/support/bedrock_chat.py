"""Chats on resources of every provider kind, for the checks with the official Bedrock client.

The fixtures are imported by the files that use them, each of which has a server of its own."""

import json

import pytest

from .bedrock import signed
from .company import create_key, provision
from .kinds import CLAUDE_MODEL, server_of_every_kind
from .portal import Portal
from .processes import wait_until
from .server import tokens
from .simulator import CHAT_MODEL

FRANKFURT = "Europe (Frankfurt) - eu-central-1"
METERED_SECONDS = 5
VERSION = "bedrock-2023-05-31"
THINKING = {"thinking": {"type": "enabled", "budget_tokens": 1_024}}
TOOL = {"toolSpec": {"name": "weather", "description": "Tells the weather.", "inputSchema": {"json": {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}}


@pytest.fixture(scope="module")
def plain(tmp_path_factory, simulator):
    """A server over plain HTTP."""
    with server_of_every_kind(tmp_path_factory.mktemp("plain"), simulator) as server:
        yield server


@pytest.fixture(scope="module")
def person(plain):
    return Portal(plain.portal, plain.admin)


class Chat:
    """A resource, its client and its model."""

    def __init__(self, server, client, resource, model):
        self.server, self.client, self.resource, self.model = server, client, resource, model

    def arguments(self, content, **options):
        messages = content if isinstance(content, list) else [user({"text": content})]
        return {"modelId": self.model, "messages": messages, "inferenceConfig": {"maxTokens": 3_000}, **options}

    def ask(self, content, **options):
        return self.client.converse(**self.arguments(content, **options))

    def stream(self, content, **options):
        return self.client.converse_stream(**self.arguments(content, **options))

    def invoke(self, body):
        return self.client.invoke_model(modelId=self.model, body=json.dumps(body))


def user(*content):
    return {"role": "user", "content": list(content)}


@pytest.fixture(scope="module")
def local(plain):
    return Chat(plain, signed(plain.gateway, plain.ready["textKey"]), plain.ready["textResource"], CHAT_MODEL)


@pytest.fixture(scope="module")
def anthropic(local):
    return Chat(local.server, local.client, local.resource, CLAUDE_MODEL)


@pytest.fixture(scope="module")
def bedrock(plain, person):
    resource = provision(
        person, "text", "Claude for boto3", region=FRANKFURT, models=["Claude Sonnet 4.6"], tokens=6)
    client = signed(plain.gateway, create_key(person, resource, "boto3"))
    return Chat(plain, client, resource, "eu.anthropic.claude-sonnet-4-6")


@pytest.fixture(params=["local", "anthropic", "bedrock"])
def chat(request):
    """A model on an OpenAI-compatible server, one on Anthropic's service, and Claude on Bedrock."""
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["anthropic", "bedrock"])
def claude(request):
    return request.getfixturevalue(request.param)


def metered(simulator, chat, identifier):
    """The usage entry of a call, after a comparison with what the simulator served under the same id."""
    entry = wait_until(
        lambda: [entry for entry in chat.server.usage(chat.resource) if entry["requestId"] == identifier],
        METERED_SECONDS, f"no usage entry for {identifier}")
    served = simulator.calls(identifier)
    assert len(entry) == 1 and len(served) == 1
    assert tokens(entry[0]) == {name: served[0][name] for name in tokens(entry[0])}
    assert entry[0]["status"] == "completed" and not entry[0]["estimated"]
    return entry[0]


def agrees(usage, entry):
    """Converse's usage tells what was metered, with cached tokens beside the input."""
    told = (usage["inputTokens"], usage["outputTokens"], usage["cacheReadInputTokens"], usage["cacheWriteInputTokens"])
    assert told == tuple(
        entry[name] for name in ("inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens"))
    assert usage["totalTokens"] == sum(told)


def message_of(caught):
    """The sentence of an error that names its request."""
    error = caught.value.response
    assert error["ResponseMetadata"]["RequestId"].startswith("req_") and error["Error"]["Message"].endswith(".")
    return error["Error"]["Message"]


def claude_body(text, **members):
    """A body of Claude's for InvokeModel."""
    messages = [{"role": "user", "content": text}]
    return {"anthropic_version": VERSION, "max_tokens": 2_000, "messages": messages, **members}
