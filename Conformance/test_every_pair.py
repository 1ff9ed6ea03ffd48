"""Any dialect with any kind of provider (D-1, D-2): one conversation, four official clients, three provider kinds.

Each call is held against what the provider itself counted, by class of tokens. What a provider's dialect cannot express
is refused by name and never reaches it.
"""

import copy
import json

import anthropic
import botocore.exceptions
import openai
import pytest

from support.kinds import LIMITS
from support.processes import wait_until
from support.server import Server, tokens
from support.simulator import DOCUMENT_TOKENS, IMAGE_TOKENS, PDF, PNG, Simulator, directive, providers
from support.speakers import SPEAKERS, Media

KINDS = {"openai-compatible": "pair-openai", "anthropic": "pair-anthropic", "bedrock": "pair-bedrock"}
METERED_SECONDS = 2
SCHEMA = {
    "type": "object", "required": ["city", "days"],
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 3}}}
TOOLS = [("weather", SCHEMA), ("clock", {"type": "object", "properties": {"zone": {"type": "string"}}})]
IMAGE, DOCUMENT = Media("image", "png", PNG), Media("document", "pdf", PDF)
REFUSED = (openai.BadRequestError, anthropic.BadRequestError, botocore.exceptions.ClientError)
FAILED = (openai.APIError, anthropic.APIError, botocore.exceptions.ClientError, botocore.exceptions.EventStreamError)


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    started = Simulator(tmp_path_factory.mktemp("pairs-simulator"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, upstream):
    folder = tmp_path_factory.mktemp("pairs")
    content = providers(upstream.url)
    content["models"] = [
        {"id": model, "name": model, "family": "simulated", "type": "text", "availability": [{"region": "local"}],
         "rates": {"input": 1, "output": 1}, "limits": LIMITS} for model in KINDS.values()]
    secrets = {
        "openai-compatible": {}, "anthropic": {"apiKeyFrom": "CONFORMANCE_PAIR_KEY"},
        "bedrock": {"bearerTokenFrom": "CONFORMANCE_PAIR_KEY"}}
    content["providers"] = [
        {"name": kind, "kind": kind, "region": "local", "endpoint": upstream.url + ("/v1" if "openai" in kind else ""),
         # Bedrock takes bodies of Claude's for models whose id tells that they are Anthropic's.
         "models": {model: "eu.anthropic.pair" if kind == "bedrock" else model}, **secrets[kind]}
        for kind, model in KINDS.items()]
    path = folder / "pairs.yaml"
    path.write_text(json.dumps(content))
    with Server(folder, options=["--providers", path], environment={"CONFORMANCE_PAIR_KEY": "any"}) as server:
        yield server


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(params=SPEAKERS)
def dialect(request):
    return request.param


@pytest.fixture
def speaker(gateway, dialect, kind):
    return SPEAKERS[dialect](gateway.gateway, gateway.ready["textKey"], KINDS[kind])


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def stream(request):
    return request.param


@pytest.fixture
def metered(gateway, upstream):
    """Gives a function that holds every call since the test began against the provider's own counts."""
    resource = gateway.ready["textResource"]
    before = upstream.count()

    def check(calls):
        served = upstream.ledger()[before:]
        assert len(served) == calls

        def entries():
            found = {entry["requestId"]: entry for entry in gateway.usage(resource)}
            return found if all(call["requestId"] in found for call in served) else None

        found = wait_until(entries, METERED_SECONDS, "not every call is metered")
        for call in served:
            entry = found[call["requestId"]]
            assert tokens(entry) == {name: call[name] for name in tokens(entry)}
            assert entry["status"] == "completed" and not entry["estimated"]
        return served
    return check


def refused(upstream, ask):
    before = upstream.count()
    with pytest.raises(REFUSED) as caught:
        ask()
    assert upstream.count() == before, "a refused call reached the provider"
    return str(caught.value)


def test_a_chat_is_answered_and_metered(speaker, stream, metered):
    answered = speaker.ask("one two three " + directive(output=9, cache_read=4), stream)
    assert len(answered.text.split()) == 9 and answered.stop == "end"
    assert answered.usage == (6, 4, 0, 9)
    metered(1)
    assert speaker.ask("more " + directive(output=50), stream, max_tokens=4).stop == "length"
    assert metered(2)[-1]["maxTokens"] == 4


def test_any_text_comes_through(speaker, stream):
    text = "Grüße aus 日本 😀 \"quoted\" \\ tab\tline\nend "
    assert speaker.ask(directive(say=text), stream).text == text


def test_stop_sequences_end_the_text(speaker, stream):
    answered = speaker.ask("x", stream, stops=["grove", "cedar de", "never"])
    assert answered.text.strip() == "amber birch"


def test_a_tool_is_called_and_its_result_taken(speaker, stream, metered):
    answered = speaker.ask("Weather? " + directive(tools=1), stream, tools=TOOLS)
    [(identifier, name, arguments)] = answered.calls
    assert name == "weather" and json.loads(arguments)["days"] == 3 and answered.stop == "tools"
    answered = speaker.results({identifier: ("21 degrees", False)}).answer(stream, tools=TOOLS)
    assert answered.text and not answered.calls and identifier in answered.text
    metered(2)


def test_tools_are_called_at_once(speaker, stream, metered):
    answered = speaker.ask("Both? " + directive(tools="weather,clock", preamble=3), stream, tools=TOOLS)
    assert [name for _, name, _ in answered.calls] == ["weather", "clock"] and len(answered.text.split()) == 3
    results = {identifier: (f"result of {name}", False) for identifier, name, _ in answered.calls}
    answered = speaker.results(results).answer(stream, tools=TOOLS)
    assert all(identifier in answered.text for identifier in results)
    metered(2)


@pytest.mark.parametrize("choice", ["auto", "any", "none", "clock"])
def test_every_choice_of_tools_is_obeyed(speaker, choice):
    names = {name for _, name, _ in speaker.ask("Now?", tools=TOOLS, choice=choice).calls}
    # Converse has no word for "none": its client leaves the tools' choice out.
    assert names == {"clock"} if choice == "clock" else bool(names) == (choice == "any")


def test_one_tool_at_a_time_or_a_refusal(speaker, dialect, kind, upstream, metered):
    ask = lambda: speaker.ask("Both? " + directive(tools=2), tools=TOOLS, parallel=False)
    # Converse has no word for it; the body of InvokeModel has, and passes.
    if dialect == "converse" or kind == "bedrock" and dialect != "invoke":
        assert "tool" in refused(upstream, ask)
    else:
        assert len(ask().calls) == 1
        metered(1)


def test_images_and_documents_are_seen(speaker, stream, metered):
    answered = speaker.user("What? " + directive(output=3), IMAGE, DOCUMENT).answer(stream)
    assert answered.usage[0] >= IMAGE_TOKENS + DOCUMENT_TOKENS
    metered(1)


def test_an_answer_in_json(speaker, stream, metered):
    answered = speaker.ask("Ulm? " + directive(output=30), stream, schema=SCHEMA)
    assert json.loads(answered.text)["days"] == 3 and answered.stop == "end"
    metered(1)


def test_reasoning_is_told_and_its_signature_survives_a_turn(speaker, stream, kind, upstream, metered):
    answered = speaker.ask("Why? " + directive(reasoning=8, tools=1), stream, tools=TOOLS, thinking=True, max_tokens=4096)
    assert len(answered.reasoning.split()) == 8
    [(identifier, _, _)] = answered.calls
    if speaker.shows_signatures:
        # What is signed is checked by the provider when it comes back; an altered text is refused there.
        assert bool(answered.signatures[0]) == (kind != "openai-compatible")
    if not speaker.shows_signatures and kind != "openai-compatible":
        # OpenAI's chat completions have no place for a signature: reasoning is told, and not sent back.
        metered(1)
        return
    answered = speaker.results({identifier: ("done", False)}).answer(stream, tools=TOOLS, thinking=True, max_tokens=4096)
    assert identifier in answered.text
    metered(2)


def test_cache_markers_are_kept_or_refused(speaker, dialect, kind, upstream, metered):
    if dialect == "openai" and kind == "openai-compatible":
        pytest.skip("the simulator passes over the cache markers of chat completions")
    ask = lambda talk: talk.user(f"{dialect} {kind} the same long text", cached=True).answer()
    if kind == "openai-compatible":
        assert "cache marker" in refused(upstream, lambda: ask(speaker))
        return
    again = copy.copy(speaker)
    again.messages = []
    first, second = ask(speaker), ask(again)
    if dialect == "openai":
        # What is written to a cache is not told here.
        assert second.usage[1] > 0 == first.usage[1]
    else:
        assert first.usage[2] == second.usage[1] > 0 and first.usage[1] == second.usage[2] == 0
    metered(2)


def test_refusals_of_the_model_are_told(speaker, stream, metered):
    assert speaker.ask("No. " + directive(ending="refusal", output=4), stream).stop == "refusal"
    metered(1)


@pytest.mark.parametrize("fault", ["429", "500", "503", "garbage"])
def test_faults_of_the_provider_are_told_in_the_caller_s_dialect(gateway, speaker, stream, fault):
    with pytest.raises(FAILED) as caught:
        speaker.ask("x " + directive(fault=fault), stream)
    assert "simulat" not in str(caught.value).lower().replace("simulated", "")


@pytest.mark.parametrize("fault", ["cut@5", "error@5"])
def test_a_stream_that_breaks_is_raised(speaker, fault):
    with pytest.raises((*FAILED, KeyError, anthropic.APIConnectionError, openai.APIConnectionError)):
        speaker.ask("x " + directive(output=50, fault=fault), True)


# Same dialect in and out: bytes pass through


def test_members_that_nobody_knows_reach_a_provider_of_the_same_dialect(gateway):
    talk = SPEAKERS["openai"](gateway.gateway, gateway.ready["textKey"], KINDS["openai-compatible"])
    answer = talk.client.chat.completions.create(
        model=talk.model, messages=[{"role": "user", "content": "x"}], seed=7, logprobs=True, presence_penalty=0.5)
    assert answer.choices[0].message.content and answer.model == talk.model
    for kind in ("anthropic", "bedrock"):
        with pytest.raises(openai.BadRequestError, match="logprobs"):
            talk.client.chat.completions.create(
                model=KINDS[kind], messages=[{"role": "user", "content": "x"}], logprobs=True)


def test_usage_is_told_only_where_it_was_asked_for(gateway, upstream):
    talk = SPEAKERS["openai"](gateway.gateway, gateway.ready["textKey"], KINDS["openai-compatible"])
    chunks = list(talk.client.chat.completions.create(
        model=talk.model, messages=[{"role": "user", "content": "x " + directive(output=5)}], stream=True))
    assert all(chunk.choices and chunk.usage is None for chunk in chunks)
    request_id = upstream.last()["requestId"]
    entry = wait_until(
        lambda: [e for e in gateway.usage(gateway.ready["textResource"]) if e["requestId"] == request_id],
        METERED_SECONDS, "not metered")
    assert entry[0]["outputTokens"] == 5 and not entry[0]["estimated"]


# Members beside the conversation: each is carried, refused by name, or a hint that says nothing elsewhere

NAMES = {"openai": "openai-compatible", "anthropic": "anthropic", "bedrock": "bedrock"}
EVERYWHERE, NOWHERE, AT_HOME = "everywhere", "nowhere", "at home"
MEMBERS = [
    ("openai", {"metadata": {"a": "b"}, "user": "u", "safety_identifier": "s", "prompt_cache_key": "k"}, EVERYWHERE),
    ("openai", {"store": False, "service_tier": "default", "n": 1, "modalities": ["text"]}, EVERYWHERE),
    ("openai", {"seed": 7}, AT_HOME), ("openai", {"logit_bias": {"5": 1}}, AT_HOME),
    ("openai", {"verbosity": "low"}, AT_HOME), ("openai", {"store": True}, NOWHERE),
    ("openai", {"service_tier": "priority"}, NOWHERE), ("openai", {"service_tier": "flex"}, NOWHERE),
    ("openai", {"moderation": {"model": "m"}}, NOWHERE), ("openai", {"prompt_cache_retention": "24h"}, NOWHERE),
    ("openai", {"prediction": {"type": "content", "content": "x"}}, NOWHERE),
    ("openai", {"extra_body": {"n_predict": 9_000}}, NOWHERE),
    ("anthropic", {"metadata": {"user_id": "u"}, "service_tier": "standard_only", "speed": "standard"}, EVERYWHERE),
    ("anthropic", {"betas": ["interleaved-thinking-2025-05-14"]}, EVERYWHERE),
    ("anthropic", {"output_config": {"effort": "low"}}, AT_HOME),
    ("anthropic", {"context_management": {"edits": [{"type": "clear_thinking_20251015"}]}}, AT_HOME),
    ("anthropic", {"speed": "fast"}, NOWHERE), ("anthropic", {"inference_geo": "us"}, NOWHERE),
    ("anthropic", {"container": "c"}, NOWHERE), ("anthropic", {"betas": ["context-1m-2025-08-07"]}, NOWHERE),
    ("anthropic", {"mcp_servers": [{"type": "url", "name": "n", "url": "https://x"}]}, NOWHERE),
    ("bedrock", {"requestMetadata": {"a": "b"}, "serviceTier": {"type": "default"}}, EVERYWHERE),
    ("bedrock", {"additionalModelResponseFieldPaths": ["/stop_sequence"]}, AT_HOME),
    ("bedrock", {"outputConfig": {"effort": "low"}}, AT_HOME),
    ("bedrock", {"serviceTier": {"type": "priority"}}, NOWHERE),
    ("bedrock", {"performanceConfig": {"latency": "optimized"}}, NOWHERE),
    ("bedrock", {"guardrailConfig": {"guardrailIdentifier": "g", "guardrailVersion": "1"}}, NOWHERE),
    ("bedrock", {"promptVariables": {"a": {"text": "b"}}}, NOWHERE),
]


@pytest.mark.parametrize(
    "dialect, options, where", MEMBERS, ids=[f"{dialect}-{'+'.join(options)}" for dialect, options, _ in MEMBERS])
def test_a_member_is_taken_where_it_means_something_and_refused_by_name_elsewhere(
        gateway, upstream, dialect, kind, options, where):
    speaker = SPEAKERS["converse" if dialect == "bedrock" else dialect]
    client = speaker(gateway.gateway, gateway.ready["textKey"], KINDS[kind]).client
    words = "x " + directive(output=1)

    def ask():
        if dialect == "bedrock":
            return client.converse(
                modelId=KINDS[kind], messages=[{"role": "user", "content": [{"text": words}]}], **options)
        messages = [{"role": "user", "content": words}]
        if dialect == "anthropic":
            return client.beta.messages.create(model=KINDS[kind], max_tokens=9, messages=messages, **options)
        return client.chat.completions.create(model=KINDS[kind], messages=messages, **options)
    if where == EVERYWHERE or where == AT_HOME and kind == NAMES[dialect]:
        before = upstream.count()
        ask()
        assert upstream.count() == before + 1
        return
    told = refused(upstream, ask)
    name = next(iter(options.get("extra_body", options)))
    assert (options[name][0] if name == "betas" else name) in told
