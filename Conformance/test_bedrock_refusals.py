"""Refusals and faults are the exceptions that the official Bedrock client knows, and only what may mend is retried."""

import concurrent.futures
import json

import pytest
from botocore.exceptions import ClientError, EventStreamError

from support.bedrock import request_id, sent_by, signed
from support.bedrock_chat import (  # noqa: F401 (fixtures)
    METERED_SECONDS, Chat, anthropic, bedrock, chat, claude_body, local, message_of, person, plain)
from support.company import create_key, provision, revoke_key
from support.processes import wait_until
from support.simulator import CHAT_MODEL, DEAR_MODEL, directive


def test_each_refusal_has_its_class(plain, person, local, bedrock):
    with pytest.raises(ClientError) as caught:
        Chat(plain, signed(plain.gateway, "phk_wrong"), None, CHAT_MODEL).ask("hi")
    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 401
    known = local.client.exceptions
    with pytest.raises(known.ResourceNotFoundException) as caught:
        Chat(plain, local.client, None, "anthropic.claude-nowhere").ask("hi")
    assert CHAT_MODEL in message_of(caught)
    embeddings = signed(plain.gateway, plain.ready["embeddingsKey"])
    with pytest.raises(embeddings.exceptions.ResourceNotFoundException) as caught:
        Chat(plain, embeddings, None, CHAT_MODEL).ask("hi")
    assert "embeddings" in message_of(caught)
    with pytest.raises(known.ValidationException) as caught:
        local.ask("hi", guardrailConfig={"guardrailIdentifier": "abc", "guardrailVersion": "1"})
    assert "guardrailConfig" in message_of(caught)
    key = create_key(person, bedrock.resource, "To be revoked")
    revoked = signed(plain.gateway, key)
    Chat(plain, revoked, None, bedrock.model).ask(directive(output=1))
    revoke_key(person, bedrock.resource, "To be revoked")

    def is_refused():
        try:
            Chat(plain, revoked, None, bedrock.model).ask(directive(output=1))
        except revoked.exceptions.AccessDeniedException as error:
            return "revoked" in error.response["Error"]["Message"]
    wait_until(is_refused, 10, "the revoked key is still taken")


@pytest.mark.parametrize("fault, status, name", [
    ("429@7", 429, "ThrottlingException"), ("500", 503, "ServiceUnavailableException"),
    ("503", 503, "ServiceUnavailableException"), ("400", 400, "ValidationException"),
    ("garbage", 424, "ModelErrorException"),
])
def test_faults_of_the_provider_are_passed_on_in_words(chat, fault, status, name):
    for call in (chat.ask, chat.stream):
        with pytest.raises(getattr(chat.client.exceptions, name)) as caught:
            call("hi " + directive(fault=fault))
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status and message_of(caught)


def test_a_lost_connection_is_told_and_after_several_when_to_come_back(chat):
    answers = []
    for _ in range(4):
        with pytest.raises(ClientError) as caught:
            chat.ask("hi " + directive(fault="close"))
        answers.append((
            caught.value.response["ResponseMetadata"]["HTTPStatusCode"], caught.value.response["Error"]["Code"]))
        assert message_of(caught)
    # Faults of other tests may have opened the circuit breaker before.
    assert set(answers) <= {(424, "ModelErrorException"), (503, "ServiceUnavailableException")}
    assert answers[-1] == (503, "ServiceUnavailableException")


@pytest.mark.parametrize("fault", ["cut@5", "error@5"])
@pytest.mark.parametrize("action", ["converse", "invoke"])
def test_a_stream_that_breaks_raises_and_is_metered(chat, fault, action):
    prompt = "hi " + directive(output=20, interval=20, fault=fault)
    if action == "converse":
        answer = chat.stream(prompt)
        stream = answer["stream"]
    else:
        answer = chat.client.invoke_model_with_response_stream(
            modelId=chat.model, body=json.dumps(claude_body(prompt)))
        stream = answer["body"]
    with pytest.raises(EventStreamError) as caught:
        list(stream)
    assert caught.value.response["Error"]["Code"].endswith("Exception") and caught.value.response["Error"]["Message"]
    entry = wait_until(
        lambda: [e for e in chat.server.usage(chat.resource) if e["requestId"] == request_id(answer)],
        METERED_SECONDS, "the broken stream has no usage entry")
    assert len(entry) == 1 and entry[0]["estimated"] and entry[0]["outputTokens"] > 0


def dear(plain, person, name):
    """A resource with room for 1,000 tokens, and its key."""
    resource = provision(person, "text", name, region="Local", models=[DEAR_MODEL], tokens=1)
    return resource, create_key(person, resource, "Small")


def test_at_an_exhausted_allowance_there_is_exactly_one_attempt(simulator, plain, person):
    resource, key = dear(plain, person, "Exhausted on Bedrock")
    client = signed(plain.gateway, key, attempts=3)
    small, sent = Chat(plain, client, resource, DEAR_MODEL), sent_by(client)
    # The control: a call that is admitted is in the provider's ledger, and takes all that there is.
    answer = small.ask(directive(input=1_000, output=1), inferenceConfig={"maxTokens": 1})
    assert len(simulator.calls(request_id(answer))) == 1 and len(sent) == 1
    wait_until(lambda: plain.usage(resource), METERED_SECONDS, "the usage is not settled")
    before = simulator.count()
    for call in (small.ask, small.stream):
        sent.clear()
        with pytest.raises(ClientError) as caught:
            call("hi", inferenceConfig={"maxTokens": 1})
        error = caught.value.response
        assert error["Error"]["Code"] == "ServiceQuotaExceededException"
        assert error["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert "exhausted" in message_of(caught) and "refilled on" in message_of(caught)
        assert len(sent) == 1, "the client was not told that a retry is useless"
    sent.clear()
    with pytest.raises(client.exceptions.ServiceQuotaExceededException):
        small.invoke({**claude_body("hi"), "max_tokens": 1})
    assert len(sent) == 1 and simulator.count() == before


def test_a_contended_allowance_is_asked_again(simulator, plain, person):
    resource, key = dear(plain, person, "Contended on Bedrock")
    holding = Chat(plain, signed(plain.gateway, key), resource, DEAR_MODEL)
    client = signed(plain.gateway, key, attempts=6)
    waiting, sent = Chat(plain, client, resource, DEAR_MODEL), sent_by(client)
    before = simulator.count()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        # It holds most of the allowance for longer than the gateway lets a call wait.
        first = pool.submit(
            holding.ask, directive(input=1, output=1, latency=6_000), inferenceConfig={"maxTokens": 800})
        wait_until(lambda: simulator.count() > before, 30, "the first call does not arrive")
        answer = waiting.ask(directive(input=1, output=1), inferenceConfig={"maxTokens": 800})
        assert first.result()["usage"]["outputTokens"] == 1
    assert answer["usage"]["outputTokens"] == 1 and len(sent) > 1
    assert answer["ResponseMetadata"]["RetryAttempts"] == len(sent) - 1


def test_throttling_by_the_provider_is_asked_again_when_it_said(plain, person, local):
    client = signed(plain.gateway, plain.ready["textKey"], attempts=2)
    sent = sent_by(client)
    with pytest.raises(client.exceptions.ThrottlingException) as caught:
        Chat(plain, client, local.resource, CHAT_MODEL).ask("hi " + directive(fault="429@1"))
    headers = caught.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert len(sent) == 2 and headers["retry-after"] == "1" and headers["x-amz-retry-after"] == "1000"
