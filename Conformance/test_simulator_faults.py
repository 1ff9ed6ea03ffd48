"""What the simulator does wrong on purpose: in each dialect, for single calls, by chance and time, and by region."""

import email.utils
import json
import time

import anthropic
import botocore.exceptions
import openai
import pytest
import requests

from support.processes import wait_until
from support.simulator import Simulator, directive
from support.speakers import SPEAKERS, WAIT, bedrock_client

SHORT = 0.5
REGIONS = ("eu-central-1", "eu-west-1")


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    options = [part for region in REGIONS for part in ("--region", region)]
    started = Simulator(tmp_path_factory.mktemp("faults-simulator"), *options)
    yield started
    started.stop()


@pytest.fixture(params=SPEAKERS)
def speaker(request, upstream):
    return SPEAKERS[request.param](upstream.url)


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def stream(request):
    return request.param


BODIES = {
    "/v1/chat/completions": lambda text: {"model": "m", "messages": [{"role": "user", "content": text}]},
    "/v1/messages": lambda text: {"model": "m", "max_tokens": 90, "messages": [{"role": "user", "content": text}]},
    "/model/m/converse": lambda text: {"messages": [{"role": "user", "content": [{"text": text}]}]},
    "/model/m/converse-stream": lambda text: {"messages": [{"role": "user", "content": [{"text": text}]}]},
    "/model/m/invoke": lambda text: {
        "anthropic_version": "bedrock-2023-05-31", "max_tokens": 90, "messages": [{"role": "user", "content": text}]},
    "/model/m/invoke-with-response-stream": lambda text: {
        "anthropic_version": "bedrock-2023-05-31", "max_tokens": 90, "messages": [{"role": "user", "content": text}]},
    "/v1/embeddings": lambda text: {"model": "m", "input": [text]},
    "/v2/embed": lambda text: {"model": "m", "texts": [text], "input_type": "search_query"},
}


def post(base, path="/v1/chat/completions", text="hi", seconds=5, stream=False, **settings):
    body = BODIES[path](text + (" " + directive(**settings) if settings else ""))
    if stream and not path.startswith("/model"):
        body["stream"] = True
    return requests.post(
        base + path, json=body, timeout=seconds, headers={"anthropic-version": "2023-06-01"}, stream=stream)


def status_of(error):
    if isinstance(error, botocore.exceptions.ClientError):
        return error.response["ResponseMetadata"]["HTTPStatusCode"]
    return error.status_code


# Errors before the answer

ERRORS = (openai.APIStatusError, anthropic.APIStatusError, botocore.exceptions.ClientError)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 413, 424, 429, 500, 502, 503, 504, 529])
def test_every_status_is_an_error_of_the_client(speaker, stream, upstream, status):
    with pytest.raises(ERRORS) as caught:
        speaker.ask(directive(fault=status), stream)
    assert status_of(caught.value) == status
    entry = upstream.last()
    assert (entry["status"], entry["inputTokens"], entry["outputTokens"]) == (status, 0, 0)
    assert entry["fault"].split("@")[0] == str(status) and entry["finished"]


@pytest.mark.parametrize("status, kind, name", [
    (400, anthropic.BadRequestError, "invalid_request_error"), (401, anthropic.AuthenticationError, "authentication_error"),
    (413, anthropic.RequestTooLargeError, "request_too_large"), (429, anthropic.RateLimitError, "rate_limit_error"),
    (500, anthropic.InternalServerError, "api_error"), (529, anthropic.OverloadedError, "overloaded_error"),
])
def test_anthropics_errors_have_their_classes(upstream, status, kind, name):
    with pytest.raises(kind) as caught:
        SPEAKERS["anthropic"](upstream.url).ask(directive(fault=status))
    assert caught.value.body["error"]["type"] == name and caught.value.request_id.startswith("req_sim_")
    assert caught.value.body["request_id"] == caught.value.request_id


@pytest.mark.parametrize("status, code", [
    (400, "ValidationException"), (403, "AccessDeniedException"), (404, "ResourceNotFoundException"),
    (408, "ModelTimeoutException"), (424, "ModelErrorException"), (429, "ThrottlingException"),
    (500, "InternalServerException"), (503, "ServiceUnavailableException"),
])
@pytest.mark.parametrize("name", ["converse", "invoke"])
def test_bedrocks_errors_have_their_names(upstream, status, code, name):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        SPEAKERS[name](upstream.url).ask(directive(fault=status))
    assert caught.value.response["Error"]["Code"] == code


def test_hints_say_when_to_come_again(upstream):
    for path in BODIES:
        headers = post(upstream.url, path, fault="429@7").headers
        assert headers["retry-after"] == "7" and "retry-after-ms" not in headers
        headers = post(upstream.url, path, fault="503@250ms").headers
        assert (headers["retry-after-ms"], headers["x-amz-retry-after"]) == ("250", "250")
        moment = email.utils.parsedate_to_datetime(post(upstream.url, path, fault="529@date60").headers["retry-after"])
        assert 50 < moment.timestamp() - time.time() < 70
        assert "retry-after" not in post(upstream.url, path, fault="500").headers
    assert post(upstream.url, "/v1/messages", fault=429).headers["anthropic-ratelimit-requests-remaining"] == "0"


def test_a_rejected_key_is_refused_and_others_are_not(upstream):
    upstream.behave(rejected_key="stolen")
    try:
        for path in BODIES:
            wrong = 403 if path.startswith("/model") else 401
            for headers in ({"authorization": "Bearer stolen"}, {"x-api-key": "stolen"}):
                body, version = BODIES[path]("x"), {"anthropic-version": "2023-06-01"}
                assert requests.post(upstream.url + path, json=body, headers=headers | version).status_code == wrong
            assert post(upstream.url, path).status_code == 200
        with pytest.raises(anthropic.AuthenticationError):
            anthropic.Anthropic(base_url=upstream.url, api_key="stolen", max_retries=0).messages.create(
                model="m", max_tokens=9, messages=[{"role": "user", "content": "x"}])
    finally:
        upstream.calm()


# Answers that break


def test_hanging_before_the_first_byte(upstream):
    for path in BODIES:
        with pytest.raises(requests.exceptions.ReadTimeout):
            post(upstream.url, path, seconds=SHORT, fault="timeout")
        assert upstream.last()["status"] == 0


def received(answer):
    """What arrives before the connection ends, breaks or says nothing for a while, and which of these."""
    data = b""
    try:
        for piece in answer.raw.stream(1):
            data += piece
        return data, "ended"
    except Exception as error:
        return data, "hung" if "timed out" in str(error).lower() else "broken"


STREAMS = [path for path in BODIES if path not in ("/v1/embeddings", "/v2/embed", "/model/m/converse", "/model/m/invoke")]


@pytest.mark.parametrize("path", STREAMS)
def test_streams_break_where_they_were_told_to(upstream, path):
    def run(fault, **settings):
        return received(post(upstream.url, path, stream=True, seconds=SHORT, output=9, fault=fault, **settings))
    whole, how = received(post(upstream.url, path, stream=True, output=9))
    assert how == "ended"
    lengths = []
    for fault, wanted in (("cut@4", "broken"), ("tear@4", "broken"), ("stall@4", "hung"), ("stall@0", "hung")):
        data, how = run(fault)
        assert how == wanted and len(data) < len(whole), fault
        entry = upstream.last()
        assert entry["outputSent"] == int(fault[-1]) and not entry["finished"] and entry["outputTokens"] == 9
        lengths.append(len(data))
    cut, torn, stalled, opening = lengths
    assert opening < cut == stalled < torn
    for fault, wanted in (("head", "broken"), ("head-hang", "hung")):
        assert run(fault) == (b"", wanted)
    assert post(upstream.url, path, stream=True, fault="empty").content == b""
    data, how = run("unclosed")
    assert how == "broken" and len(data) == len(whole) and upstream.last()["finished"]
    for fault in ("garbage", "garbage@3", "error@3", "error-429@3"):
        data, how = run(fault)
        assert how == "ended" and len(data) < len(whole)


@pytest.mark.parametrize("path", BODIES)
def test_whole_answers_break_as_told(upstream, path):
    if "stream" in path:
        pytest.skip("always streamed")
    for fault, wanted in (("cut@4", "broken"), ("stall@4", "hung"), ("head", "broken"), ("head-hang", "hung")):
        data, how = received(unread(upstream.url + path, path, fault))
        assert how == wanted and (data == b"") == fault.startswith("head")
    data, how = received(unread(upstream.url + path, path, "unclosed"))
    assert how == "broken" and json.loads(data) and upstream.last()["finished"]
    with pytest.raises(requests.exceptions.ConnectionError):
        post(upstream.url, path, fault="close")
    with pytest.raises(json.JSONDecodeError):
        post(upstream.url, path, fault="garbage").json()
    assert post(upstream.url, path, fault="empty").content == b""


def unread(url, path, fault):
    """A whole answer of which only the head is read yet."""
    body = BODIES[path]("hi " + directive(output=9, fault=fault))
    return requests.post(url, json=body, timeout=SHORT, stream=True, headers={"anthropic-version": "2023-06-01"})


@pytest.mark.parametrize("fault, name", [
    ("error@2", None), ("error-429@2", "throttlingException"), ("error-503@2", "serviceUnavailableException")])
def test_errors_inside_streams_reach_the_client(speaker, upstream, fault, name):
    with pytest.raises((openai.APIError, anthropic.APIStatusError, botocore.exceptions.EventStreamError)) as caught:
        speaker.ask(directive(fault=fault), stream=True)
    if name and isinstance(caught.value, botocore.exceptions.EventStreamError):
        assert caught.value.response["Error"]["Code"] == name
    assert upstream.last()["outputSent"] == 2


def test_drips_and_huge_answers_arrive(speaker, stream, upstream):
    start = time.monotonic()
    answered = speaker.ask(directive(output=1, fault="drip@1"), stream)
    assert answered.text == "amber" and time.monotonic() - start > 0.3
    if not (stream and speaker.__class__.__name__ == "OpenAISpeaker"):
        # That one hangs up when it knows the end, before the last bytes are through.
        wait_until(lambda: upstream.last()["finished"], WAIT, "the drip does not end")
    answered = speaker.ask(directive(fault="huge@1000000"), stream)
    assert answered.text == "x" * 1_000_000 and answered.usage[3] == 1
    answered = speaker.ask(directive(output=100_000), False, max_tokens=200_000)
    assert len(answered.text.split()) == 100_000


# Usage


def test_usage_is_reported_where_it_was_told_to(speaker, stream):
    for report in ("start", "end", "cumulative", "full"):
        talk = speaker.__class__(speaker.url)
        if report == "start" and stream and talk.__class__.__name__ == "AnthropicSpeaker":
            continue  # its client cannot read an end without counts
        if report == "start" and stream and talk.__class__.__name__ == "InvokeSpeaker":
            with pytest.raises(KeyError):
                talk.ask("a b " + directive(output=6, usage=report), stream)
            continue
        assert talk.ask("a b " + directive(output=6, usage=report), stream).usage == (5, 0, 0, 6), report


def test_anthropics_counts_stand_where_they_were_told_to(upstream):
    def counts(report):
        answer = post(upstream.url, "/v1/messages", "a b", stream=True, output=6, usage=report)
        events = [json.loads(line[6:]) for line in answer.iter_lines() if line.startswith(b"data: ")]
        found = [(event["type"], event.get("message", event).get("usage")) for event in events]
        return [(kind, usage and (usage["input_tokens"], usage["output_tokens"])) for kind, usage in found
                if kind in ("message_start", "message_delta")]
    assert counts("full") == [("message_start", (5, 1)), ("message_delta", (5, 6))]
    assert counts("none") == [("message_start", None), ("message_delta", None)]
    assert counts("start") == [("message_start", (5, 6)), ("message_delta", None)]
    assert counts("end") == [("message_start", (0, 0)), ("message_delta", (5, 6))]
    assert counts("cumulative") == [("message_start", (5, 1)), ("message_delta", (5, 6)), ("message_delta", (5, 6))]


# Chance, time and regions


def statuses(base, count):
    return [post(base).status_code for _ in range(count)]


def test_faults_strike_by_number_chance_and_time(upstream):
    try:
        upstream.fault("500", every=3)
        assert statuses(upstream.url, 7) == [200, 200, 500, 200, 200, 500, 200]
        seen = []
        for seed in (5, 5, 6):
            upstream.fault("503", probability=0.4, seed=seed)
            seen.append(statuses(upstream.url, 60))
        assert seen[0] == seen[1] != seen[2] and 8 < seen[0].count(503) < 40
        upstream.faults([{"fault": "429", "times": 2}, {"fault": "529", "times": 1}])
        assert statuses(upstream.url, 4) == [429, 429, 529, 200]
        upstream.fault("503", after=400, **{"for": 500})
        assert statuses(upstream.url, 1) == [200]
        time.sleep(0.45)
        assert statuses(upstream.url, 1) == [503]
        time.sleep(0.55)
        assert statuses(upstream.url, 1) == [200]
    finally:
        upstream.calm()


@pytest.mark.parametrize("wrong", [
    {"fault": "418"}, {"fault": "500", "probability": 2}, {"fault": "500", "every": 0}, {"every": 2}, {"faults": 3},
    {"faults": [{"fault": "500", "colour": 1}]}, {"fault": "drip@0"}, {"usage": "some"}, {"tools": "a,,b"},
])
def test_wrong_behaviors_are_refused_whole(upstream, wrong):
    before = requests.get(f"{upstream.url}/behavior").json()
    answer = requests.put(f"{upstream.url}/behavior", json={"output": 3, **wrong})
    assert answer.status_code == 400 and any(word in answer.text for word in ("use", "need", "object"))
    assert requests.get(f"{upstream.url}/behavior").json() == before


def test_regions_fail_alone_and_are_told_apart(upstream):
    first, second = REGIONS
    upstream.forget()
    with upstream.outage("503", first):
        assert statuses(upstream.region_url(first), 2) == [503, 503] == statuses(upstream.regions[first], 2)
        assert statuses(upstream.region_url(second), 1) == [200] == statuses(upstream.url, 1)
    assert statuses(upstream.regions[first], 1) == [200]
    client = bedrock_client(upstream.region_url(second))
    client.converse(modelId="m", messages=[{"role": "user", "content": [{"text": "a b"}]}])
    assert [len(upstream.ledger(region=region)) for region in (first, second, "")] == [5, 2, 1]
    assert upstream.tokens(region=second)["inputTokens"] == 3 and upstream.tokens(region=first)["outputTokens"] == 20
    by_region = upstream.summary()["byRegion"]
    assert by_region[first]["byStatus"] == {"200": 1, "503": 4} and by_region[second]["entries"] == 2
    upstream.calm(first)
    with upstream.outage("500"):
        assert statuses(upstream.region_url("ca-central-1"), 1) == [500]
    assert statuses(upstream.region_url("ca-central-1"), 1) == [200]


@pytest.mark.parametrize("path", BODIES)
def test_a_member_that_no_dialect_knows_comes_back(upstream, path):
    usual = post(upstream.url, path, text="hi", stream=True).content
    assert upstream.last()["echo"] is None and b"sim_echo" not in usual
    body = {**BODIES[path]("hi"), "sim_echo": {"a": [1, 2.5]}}
    if "/v1/chat" in path or "/v1/messages" in path:
        body["stream"] = True
    answer = requests.post(upstream.url + path, json=body, timeout=SHORT, headers={"anthropic-version": "2023-06-01"})
    assert b'"sim_echo":{"a": [1, 2.5]}' in answer.content
    assert upstream.last()["echo"] == {"a": [1, 2.5]} and upstream.last()["finished"]
