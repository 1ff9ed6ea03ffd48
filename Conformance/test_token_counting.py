"""Official clients count the tokens of a call without making it: exactly where somebody can count, marked as an
estimate elsewhere, and charged nowhere."""

import asyncio
import json

import anthropic
import boto3
import botocore.config
import botocore.exceptions
import pytest

from support.company import create_key, provision
from support.portal import Portal
from support.processes import wait_until
from support.server import Server
from support.simulator import CHAT_MODEL, DEAR_MODEL, REGION, directive, providers

CLIENT_SECONDS = 60
METERED_SECONDS = 2
EXTRACTIVE = "packhouse-extractive-1"
ESTIMATED = "x-packhouse-estimated"
TOOL = {
    "name": "weather", "description": "Tells the weather.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
MESSAGES = [
    {"role": "user", "content": "one two three"},
    {"role": "assistant", "content": "four five"},
    {"role": "user", "content": [{"type": "text", "text": "six seven eight nine"}]},
]


class Counter:
    """A resource's model, and official clients that count for it."""

    def __init__(self, server, resource, key, model):
        self.server, self.resource, self.key, self.model = server, resource, key, model

    @property
    def claude(self):
        return anthropic.Anthropic(
            base_url=self.server.gateway, api_key=self.key, timeout=CLIENT_SECONDS, max_retries=0)

    @property
    def bedrock(self):
        # Any credentials do: the key travels as the session token.
        return boto3.client(
            "bedrock-runtime", endpoint_url=self.server.gateway, region_name=REGION, aws_access_key_id="any",
            aws_secret_access_key="any", aws_session_token=self.key,
            config=botocore.config.Config(
                retries={"mode": "standard", "total_max_attempts": 1}, read_timeout=CLIENT_SECONDS))

    def count(self, messages=MESSAGES, **options):
        """The number, whether it is an estimate, and the request id."""
        raw = self.claude.messages.with_raw_response.count_tokens(model=self.model, messages=messages, **options)
        return raw.parse().input_tokens, raw.headers.get(ESTIMATED) == "true", raw.headers["request-id"]

    def count_by_bedrock(self, input):
        answer = self.bedrock.count_tokens(modelId=self.model, input=input)
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        return answer["inputTokens"], headers.get(ESTIMATED) == "true", headers["x-amzn-requestid"]


@pytest.fixture(scope="module")
def person(server):
    return Portal(server.portal, server.admin)


@pytest.fixture(scope="module")
def local(server):
    """A server that speaks OpenAI's dialect, in which nobody counts."""
    return Counter(server, server.ready["textResource"], server.ready["textKey"], CHAT_MODEL)


@pytest.fixture(scope="module")
def offline(server):
    return Counter(server, server.ready["textResource"], server.ready["textKey"], EXTRACTIVE)


@pytest.fixture(scope="module")
def frankfurt(server, person):
    resource = provision(
        person, "text", "Counting on Bedrock", region="Europe (Frankfurt) - eu-central-1",
        models=["Claude Sonnet 4.6"], tokens=6)
    return Counter(server, resource, create_key(person, resource, "Counting"), "claude-sonnet-4-6")


@pytest.fixture(scope="module")
def second(tmp_path_factory, simulator):
    """A server whose models come from a provider of kind `anthropic`."""
    folder = tmp_path_factory.mktemp("anthropic")
    content = providers(simulator.url)
    content["models"] = [model for model in content["models"] if model["type"] == "text"]
    content["providers"] = [{
        "name": "direct", "kind": "anthropic", "region": "local", "endpoint": simulator.url,
        "apiKeyFrom": "CONFORMANCE_CLAUDE_KEY", "models": {name: name for name in (CHAT_MODEL, DEAR_MODEL)}}]
    path = folder / "anthropic.yaml"
    path.write_text(json.dumps(content))
    environment = {"CONFORMANCE_CLAUDE_KEY": "conformance-claude-key"}
    with Server(folder, options=["--providers", path], environment=environment) as started:
        yield started


@pytest.fixture(scope="module")
def direct(second):
    return Counter(second, second.ready["textResource"], second.ready["textKey"], CHAT_MODEL)


@pytest.fixture(params=["direct", "frankfurt", "offline"])
def exact(request):
    """Anthropic's own service and Bedrock count; the built-in model counts for itself."""
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["direct", "frankfurt", "offline", "local"])
def counter(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["direct", "frankfurt"])
def upstream(request):
    return request.getfixturevalue(request.param)


def invoke_body(messages, **options):
    return json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 50, "messages": messages, **options})


def converse(messages):
    def blocks(content):
        return [{"text": content}] if isinstance(content, str) else [{"text": block["text"]} for block in content]
    return {"converse": {
        "messages": [{"role": turn["role"], "content": blocks(turn["content"])} for turn in messages]}}


def nothing_is_charged(counter, *request_ids):
    return not [entry for entry in counter.server.usage(counter.resource) if entry["requestId"] in request_ids]


# Numbers


def test_a_count_is_what_the_call_then_costs(exact):
    counted, is_estimated, request_id = exact.count()
    message = exact.claude.messages.create(model=exact.model, max_tokens=200, messages=MESSAGES)
    assert (counted, is_estimated) == (message.usage.input_tokens, False)
    assert nothing_is_charged(exact, request_id)


def test_providers_are_asked_under_the_request_id_and_bedrock_by_the_model_itself(simulator, direct, frankfurt):
    _, _, request_id = direct.count()
    assert [call["path"] for call in simulator.calls(request_id)] == ["/v1/messages/count_tokens"]
    # The catalog names an inference profile, which Bedrock's counter does not take.
    _, _, request_id = frankfurt.count()
    assert [call["path"] for call in simulator.calls(request_id)] == [
        "/model/anthropic.claude-sonnet-4-6/count-tokens"]


def test_system_prompts_count(exact):
    plain, _, _ = exact.count()
    longer, is_estimated, _ = exact.count(system="Answer in five words.")
    assert longer > plain and not is_estimated


def test_tools_and_reasoning_go_along(upstream):
    options = {
        "tools": [TOOL], "tool_choice": {"type": "auto"}, "thinking": {"type": "enabled", "budget_tokens": 1_024}}
    counted, is_estimated, _ = upstream.count(**options)
    message = upstream.claude.messages.create(
        model=upstream.model, max_tokens=2_000, messages=MESSAGES, **options)
    assert (counted, is_estimated) == (message.usage.input_tokens, False)


def test_bedrock_clients_get_the_same_number(exact):
    counted, _, _ = exact.count()
    by_converse, is_estimated, first = exact.count_by_bedrock(converse(MESSAGES))
    by_invoke, _, second = exact.count_by_bedrock({"invokeModel": {"body": invoke_body(MESSAGES)}})
    assert counted == by_converse == by_invoke and not is_estimated
    assert nothing_is_charged(exact, first, second)


def test_asynchronous_clients(exact):
    async def ask():
        async with anthropic.AsyncAnthropic(
                base_url=f"{exact.server.gateway}/anthropic", api_key=exact.key, timeout=CLIENT_SECONDS) as client:
            return await client.messages.count_tokens(model=exact.model, messages=MESSAGES)
    assert asyncio.run(ask()).input_tokens == exact.count()[0]


def test_where_nobody_counts_the_likely_number_is_marked(simulator, local):
    before = simulator.count()
    words = "A sentence of usual words that says little. " * 100
    messages = [{"role": "user", "content": words}]
    counted, is_estimated, first = local.count(messages)
    # The model has four characters a token; what stands around the text is small.
    assert is_estimated and len(words) / 4 <= counted <= len(words) / 4 + 20
    by_bedrock, is_estimated, second = local.count_by_bedrock(converse(messages))
    assert by_bedrock == counted and is_estimated
    assert simulator.count() == before and nothing_is_charged(local, first, second)


@pytest.mark.parametrize("fault", ["429@7", "503", "404", "garbage", "close"])
def test_a_counter_that_fails_is_replaced_by_an_estimate(upstream, fault):
    # The control: the same question without the fault is counted.
    assert not upstream.count([{"role": "user", "content": "some words"}])[1]
    counted, is_estimated, request_id = upstream.count(
        [{"role": "user", "content": "some words " + directive(fault=fault)}])
    assert counted > 0 and is_estimated and nothing_is_charged(upstream, request_id)


# Refusals


def test_wrong_questions_are_refused(simulator, counter):
    before = simulator.count()
    with pytest.raises(anthropic.BadRequestError) as caught:
        counter.claude.messages.count_tokens(model=counter.model, messages=[])
    assert "messages must hold" in caught.value.body["error"]["message"]
    with pytest.raises(anthropic.NotFoundError) as caught:
        counter.claude.messages.count_tokens(model="gpt-9", messages=MESSAGES)
    assert "Enabled are:" in caught.value.body["error"]["message"]
    with pytest.raises(anthropic.AuthenticationError):
        Counter(counter.server, None, "phk_wrong", counter.model).count()
    for model, code in ((counter.model, "ValidationException"), ("gpt-9", "ResourceNotFoundException")):
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            counter.bedrock.count_tokens(
                modelId=model, input={"converse": {"messages": []}} if model == counter.model else converse(MESSAGES))
        assert caught.value.response["Error"]["Code"] == code
    assert simulator.count() == before


def test_an_exhausted_resource_may_count(second):
    person = Portal(second.portal, second.admin)
    resource = provision(person, "text", "Small counting", region="Local", models=[DEAR_MODEL], tokens=1)
    small = Counter(second, resource, create_key(person, resource, "Small"), DEAR_MODEL)

    def ask():
        return small.claude.messages.create(
            model=DEAR_MODEL, max_tokens=500, messages=[{
                "role": "user", "content": directive(input=600, output=500)}])
    ask()
    wait_until(
        lambda: sum(e["inputTokens"] + e["outputTokens"] for e in second.usage(resource)) >= 1_000, METERED_SECONDS,
        "the usage is not settled")
    with pytest.raises(anthropic.RateLimitError):
        ask()
    counted, is_estimated, _ = small.count()
    assert counted > 0 and not is_estimated
    assert len(second.usage(resource)) == 1
