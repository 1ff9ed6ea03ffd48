"""A resource at its limit refuses the next call before anything reaches the provider. Rules U-5, U-6, U-8, F-1."""

import concurrent.futures

import openai
import pytest

from support.company import create_key, provision
from support.portal import Portal
from support.processes import wait_until
from support.simulator import DEAR_MODEL, directive

ALLOWED_TOKENS = 1_000  # What 100 GenAI Units are worth with the dear model.
METERED_SECONDS = 2


@pytest.fixture(scope="module")
def person(server):
    return Portal(server.portal, server.admin)


@pytest.fixture
def small(person, request):
    """A new resource of one Cloud Token."""
    name = request.node.name.removeprefix("test_").replace("_", " ")[:60]
    return provision(person, "text", name, region="Local", models=[DEAR_MODEL], tokens=1)


class Counted:
    """A client with the official retries that counts the requests it really sends."""

    def __init__(self, client, key):
        self.sent = 0

        def count(_):
            self.sent += 1
        http = openai.DefaultHttpxClient(event_hooks={"request": [count], "response": []})
        self.client = client(key, max_retries=2, http_client=http)

    def ask(self, text, **options):
        raw = self.client.chat.completions.with_raw_response.create(
            model=DEAR_MODEL, messages=[{"role": "user", "content": text}], **options)
        return raw.parse(), raw.headers


def settled(server, resource):
    return sum(entry["inputTokens"] + entry["outputTokens"] for entry in server.usage(resource))


def test_an_exhausted_resource_refuses_before_the_provider_is_asked(server, simulator, client, person, small):
    caller = Counted(client, create_key(person, small, "Small"))
    # The control: a call that is admitted is in the provider's ledger.
    _, headers = caller.ask(directive(input=300, output=500), max_tokens=500)
    assert len(simulator.calls(headers["x-request-id"])) == 1 and caller.sent == 1
    # The rest of the allowance, reported by the provider beyond what was reserved: recorded, and the end.
    caller.ask(directive(input=300, output=1), max_tokens=1)
    wait_until(lambda: settled(server, small) >= ALLOWED_TOKENS, METERED_SECONDS, "the usage is not settled")

    before, caller.sent = simulator.count(), 0
    with pytest.raises(openai.RateLimitError) as caught:
        caller.ask("hi", max_tokens=1)
    error = caught.value
    assert caller.sent == 1, "the client was not told that a retry is useless"
    assert error.status_code == 429 and error.response.headers["x-should-retry"] == "false"
    assert 0 < int(error.response.headers["retry-after"]) <= 31 * 86_400
    assert simulator.count() == before and simulator.calls(error.request_id) == []
    for part in ("an exhausted resource", "exhausted", "110", "100 GenAI Units allowed", "refilled on"):
        assert part in error.body["message"], error.body["message"]
    assert not [entry for entry in server.usage(small) if entry["requestId"] == error.request_id]


def test_max_tokens_are_lowered_to_what_fits(client, person, small):
    caller = Counted(client, create_key(person, small, "Lowered"))
    answer, headers = caller.ask("hi " + directive(output=5_000), max_tokens=5_000)
    lowered = int(headers["x-packhouse-max-tokens"])
    assert 256 <= lowered < ALLOWED_TOKENS
    assert answer.usage.completion_tokens == lowered and answer.choices[0].finish_reason == "length"


def test_many_callers_never_pass_the_allowance(server, simulator, client, person, small):
    key = create_key(person, small, "Many")

    def call(number):
        try:
            client(key).chat.completions.create(
                model=DEAR_MODEL, messages=[{"role": "user", "content": directive(output=40, latency=30)}],
                max_tokens=40)
            return "answered"
        except openai.RateLimitError as error:
            return error.body["code"]
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        outcomes = list(pool.map(call, range(64)))
    assert outcomes.count("answered") >= 3 and outcomes.count("answered") < 64
    assert set(outcomes) <= {"answered", "insufficient_quota", "rate_limit_exceeded"}
    wait_until(lambda: len(server.usage(small)) == outcomes.count("answered"), METERED_SECONDS, "not all is settled")
    assert settled(server, small) <= ALLOWED_TOKENS


def test_calls_kept_out_by_running_ones_may_come_again(client, person, small):
    key = create_key(person, small, "Contended")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(
            lambda: Counted(client, key).ask(directive(output=10, latency=5_000), max_tokens=800))
        wait = Counted(client, key)

        def is_contended():
            try:
                wait.client.with_options(max_retries=0).chat.completions.create(
                    model=DEAR_MODEL, messages=[{"role": "user", "content": "hi " + directive(output=1)}],
                    max_tokens=256)
            except openai.RateLimitError as error:
                return error
            return None
        error = wait_until(is_contended, 4, "nothing was held back")
        running.result(30)
    assert error.response.headers["x-should-retry"] == "true"
    assert 1 <= int(error.response.headers["retry-after"]) <= 5 and "running calls" in error.body["message"]


def test_a_key_has_a_limit_of_its_own(simulator, client, person, small):
    limited = Counted(client, create_key(person, small, "Limited", monthly_limit="30"))
    limited.ask(directive(input=300, output=1), max_tokens=1)
    before, limited.sent = simulator.count(), 0
    with pytest.raises(openai.RateLimitError) as caught:
        limited.ask("hi", max_tokens=1)
    assert "key" in caught.value.body["message"] and limited.sent == 1 and simulator.count() == before
    Counted(client, create_key(person, small, "Free")).ask("hi " + directive(output=1), max_tokens=1)


def test_members_that_nobody_knows_are_reserved_by_their_bytes(simulator, client, person, small):
    caller = Counted(client, create_key(person, small, "Unknown members"))
    # The control: a short one fits beside the prompt and goes along.
    _, headers = caller.ask(directive(input=1, output=1), max_tokens=1, extra_body={"unheard_of": "x" * 20})
    assert len(simulator.calls(headers["x-request-id"])) == 1
    before = simulator.count()
    # The provider could bill every byte of this one.
    with pytest.raises(openai.RateLimitError):
        caller.ask(directive(input=1, output=1), max_tokens=1, extra_body={"unheard_of": "x" * ALLOWED_TOKENS})
    assert simulator.count() == before
