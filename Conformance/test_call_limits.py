"""How many calls run at a time, and how often a key calls: refused with a hint that official clients obey. Rules L-1,
F-1."""

import concurrent.futures
import json
import time

import boto3
import botocore.config
import botocore.exceptions
import openai
import pytest

from support.processes import wait_until
from support.raw import Connection, exchange, request
from support.server import Server
from support.simulator import CHAT_MODEL, directive

CALLS_PER_KEY = 3
CALLS_PER_MINUTE = 60
SETTLED_SECONDS = 10


@pytest.fixture(scope="module")
def narrow(tmp_path_factory, simulator):
    """A server that lets few calls of a key run at a time."""
    with Server(tmp_path_factory.mktemp("narrow"), simulator, options=["--calls-per-key", CALLS_PER_KEY]) as started:
        yield started


@pytest.fixture(scope="module")
def slow(tmp_path_factory, simulator):
    """A server on which a key makes one call a second, after its first minute's."""
    options = ["--calls-per-minute", CALLS_PER_MINUTE]
    with Server(tmp_path_factory.mktemp("slow"), simulator, options=options) as started:
        yield started


def client(server, **options):
    return openai.OpenAI(base_url=f"{server.gateway}/v1", api_key=server.ready["textKey"], timeout=60, **options)


def ask(client, stream=False, **settings):
    return client.chat.completions.create(
        model=CHAT_MODEL, messages=[{"role": "user", "content": directive(**{"output": 2, **settings})}], stream=stream)


def has_room(server):
    try:
        return bool(ask(client(server, max_retries=0)))
    except openai.RateLimitError:
        return False


def test_a_key_with_too_many_running_calls_is_told_which_limit(narrow, simulator):
    with concurrent.futures.ThreadPoolExecutor(CALLS_PER_KEY) as pool:
        before = simulator.count()
        running = [pool.submit(ask, client(narrow, max_retries=0), latency=3_000) for _ in range(CALLS_PER_KEY)]
        wait_until(lambda: simulator.count() >= before + CALLS_PER_KEY, 10, "the calls do not run")
        with pytest.raises(openai.RateLimitError) as caught:
            ask(client(narrow, max_retries=0))
        error = caught.value
        headers = error.response.headers
        assert headers["x-should-retry"] == "true" and 1 <= int(headers["retry-after"]) <= 5
        assert error.body["code"] == "rate_limit_exceeded"
        assert f"{CALLS_PER_KEY} calls running" in error.body["message"] and "callsPerKey" in error.body["message"]
        assert simulator.calls(error.request_id) == []
        # It is refused before its body: a stranger to the limit cannot make the server read.
        with Connection(narrow.gateway) as connection:
            key = f"Authorization: Bearer {narrow.ready['textKey']}"
            connection.send(request("/v1/chat/completions", key, length=1_000_000))
            assert connection.answer().status == 429
        # The official client comes again when it is told to, and succeeds.
        assert ask(client(narrow, max_retries=4)).usage.completion_tokens == 2
        for call in running:
            assert call.result().usage.completion_tokens == 2


def test_bedrock_clients_are_throttled_and_come_again(narrow, simulator):
    def converse(attempts):
        bedrock = boto3.client(
            "bedrock-runtime", region_name="eu-central-1", endpoint_url=narrow.gateway, aws_access_key_id="any",
            aws_secret_access_key="any", aws_session_token=narrow.ready["textKey"],
            config=botocore.config.Config(retries={"mode": "standard", "total_max_attempts": attempts}))
        return bedrock.converse(
            modelId=CHAT_MODEL, messages=[{"role": "user", "content": [{"text": directive(output=2)}]}])
    with concurrent.futures.ThreadPoolExecutor(CALLS_PER_KEY) as pool:
        before = simulator.count()
        running = [pool.submit(ask, client(narrow, max_retries=0), latency=2_500) for _ in range(CALLS_PER_KEY)]
        wait_until(lambda: simulator.count() >= before + CALLS_PER_KEY, 10, "the calls do not run")
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            converse(1)
        response = caught.value.response
        assert response["Error"]["Code"] == "ThrottlingException"
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 429
        assert converse(8)["usage"]["outputTokens"] == 2
        [call.result() for call in running]


@pytest.mark.parametrize("leave", ["whole", "stream", "unread", "disconnected", "refused", "broken", "bad body"])
def test_a_place_comes_back_on_every_way_out(narrow, leave):
    """More times than there are places: what is not given back would be missed."""
    key = f"Authorization: Bearer {narrow.ready['textKey']}"
    for _ in range(2 * CALLS_PER_KEY + 1):
        wait_until(lambda: has_room(narrow), SETTLED_SECONDS, "a place is lost")
        if leave == "whole":
            ask(client(narrow, max_retries=0))
        elif leave == "stream":
            list(ask(client(narrow, max_retries=0), stream=True, output=20))
        elif leave == "unread":
            stream = ask(client(narrow, max_retries=0), stream=True, output=50, interval=5)
            next(iter(stream))
            stream.close()
        elif leave == "disconnected":
            body = json.dumps({"model": CHAT_MODEL, "messages": [
                {"role": "user", "content": directive(output=2, latency=300)}]}).encode()
            with Connection(narrow.gateway) as connection:
                connection.send(request("/v1/chat/completions", key, body=body))
                time.sleep(0.1)
        elif leave == "refused":
            assert exchange(narrow.gateway, request("/v1/chat/completions", key, body=b"{}")).status == 400
        elif leave == "broken":
            with pytest.raises(openai.APIError):
                list(ask(client(narrow, max_retries=0), stream=True, output=20, fault="cut@5"))
        else:
            with Connection(narrow.gateway) as connection:
                connection.send(request("/v1/chat/completions", key, body=b"{", length=1_000))
    for _ in range(CALLS_PER_KEY):
        wait_until(lambda: has_room(narrow), SETTLED_SECONDS, "a place is lost")


def test_a_call_whose_client_has_gone_keeps_its_place_until_it_is_settled(narrow, simulator):
    """It still holds the provider's."""
    wait_until(lambda: has_room(narrow), SETTLED_SECONDS, "no room")
    before = simulator.count()
    streams = [ask(client(narrow, max_retries=0), stream=True, output=40, interval=100) for _ in range(CALLS_PER_KEY)]
    for stream in streams:
        next(iter(stream))
        stream.close()
    assert simulator.count() == before + CALLS_PER_KEY
    assert not has_room(narrow)
    wait_until(lambda: has_room(narrow), 15, "drained calls keep their places")


def test_a_key_that_calls_too_often_waits_and_then_succeeds(slow, simulator):
    quick = client(slow, max_retries=0)
    refused = None
    for _ in range(4 * CALLS_PER_MINUTE):
        try:
            ask(quick, output=1)
        except openai.RateLimitError as error:
            refused = error
            break
    assert refused, "nothing was refused"
    assert f"{CALLS_PER_MINUTE} calls a minute" in refused.body["message"]
    assert refused.response.headers["x-should-retry"] == "true"
    assert int(refused.response.headers["retry-after"]) == 1
    assert simulator.calls(refused.request_id) == []
    patient = client(slow, max_retries=3)
    for _ in range(3):
        assert ask(patient, output=1).usage.completion_tokens == 1
    # Another key is not concerned.
    answer = exchange(slow.gateway, request(
        "/v1/embeddings", f"Authorization: Bearer {slow.ready['embeddingsKey']}", body=b'{"input":"hi"}'))
    assert answer.status == 200
