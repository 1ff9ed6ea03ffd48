"""What the simulator's models can do, alike in every chat dialect, seen through the official clients."""

import copy
import json

import anthropic
import botocore.exceptions
import openai
import pytest

from support.simulator import DOCUMENT_TOKENS, IMAGE_TOKENS, PDF, PNG, Simulator, directive
from support.speakers import SPEAKERS, Media

SCHEMA = {
    "type": "object", "required": ["city", "days", "unit"],
    "properties": {
        "city": {"type": "string"}, "days": {"type": "integer", "minimum": 3}, "unit": {"enum": ["C", "F"]},
        "optional": {"type": "boolean"}}}
TOOLS = [("weather", SCHEMA), ("clock", {"type": "object", "properties": {"zone": {"type": "string"}}})]
SAMPLE = {"city": "Zürich \"amber\" \\ 日本 😀\nend", "days": 3, "unit": "C"}
REFUSED = (openai.BadRequestError, anthropic.BadRequestError, botocore.exceptions.ClientError)
IMAGE, DOCUMENT = Media("image", "png", PNG), Media("document", "pdf", PDF)


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    started = Simulator(tmp_path_factory.mktemp("features-simulator"))
    yield started
    started.stop()


@pytest.fixture(params=SPEAKERS)
def speaker(request, upstream):
    return SPEAKERS[request.param](upstream.url)


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def stream(request):
    return request.param


def served(upstream):
    return upstream.ledger()[-1]


# Plain words


def test_plain_words_are_counted(speaker, stream, upstream):
    answered = speaker.ask("one two three " + directive(output=9), stream)
    assert len(answered.text.split()) == 9 and answered.stop == "end"
    assert answered.usage == (5, 0, 0, 9)
    entry = served(upstream)
    assert (entry["inputTokens"], entry["outputTokens"], entry["finished"], entry["streamed"]) == (5, 9, True, stream)
    answered = speaker.ask("more", stream, max_tokens=4)
    assert answered.stop == "length" and answered.usage[3] == 4 and served(upstream)["maxTokens"] == 4


def test_any_text_can_be_said(speaker, stream):
    text = "Grüße aus 日本 😀 \"quoted\" \\ tab\tline\nend "
    answered = speaker.ask(directive(say=text), stream)
    assert answered.text == text and answered.usage[3] == len(text.split())


def test_the_first_stop_sequence_ends_the_text(speaker, stream):
    answered = speaker.ask("x", stream, stops=["grove", "cedar de", "never"])
    assert answered.text == "amber birch " and answered.usage[3] == 2
    assert answered.stop == ("end" if speaker.__class__.__name__ == "OpenAISpeaker" else "sequence")


# Tools


def test_a_tool_is_called_when_the_prompt_asks_for_it(speaker, stream, upstream):
    answered = speaker.ask("Weather? " + directive(tools=1), stream, tools=TOOLS)
    [(_, name, arguments)] = answered.calls
    assert name == "weather" and json.loads(arguments) == SAMPLE
    assert answered.stop == "tools" and answered.text == ""
    assert answered.usage[3] == served(upstream)["outputTokens"] > 5 and served(upstream)["toolCalls"] == 1
    if stream:
        assert answered.fragments > 5


def test_tools_are_not_called_unasked(speaker, stream):
    assert speaker.ask("Weather?", stream, tools=TOOLS).calls == []
    assert speaker.ask(directive(tools=2), stream).calls == []


def test_parallel_calls_follow_some_words(speaker, stream):
    answered = speaker.ask(directive(tools=3, preamble=4), stream, tools=TOOLS)
    assert [name for _, name, _ in answered.calls] == ["weather", "clock", "weather"]
    assert len({identifier for identifier, _, _ in answered.calls}) == 3
    assert answered.text == "amber birch cedar delta"
    named = speaker.__class__(speaker.url).ask(directive(tools=["clock", "weather"]), stream, tools=TOOLS)
    assert [name for _, name, _ in named.calls] == ["clock", "weather"]


def test_parallel_calls_can_be_forbidden(speaker, stream):
    assert len(speaker.ask(directive(tools=3), stream, tools=TOOLS, parallel=False).calls) == 1


@pytest.mark.parametrize("choice, names", [("any", ["weather"]), ("clock", ["clock"]), ("auto", []), ("none", [])])
def test_the_choice_of_tools_is_honoured(speaker, stream, choice, names):
    if choice == "none" and speaker.__class__.__name__ == "ConverseSpeaker":
        pytest.skip("Converse has no way to say none")
    assert [name for _, name, _ in speaker.ask("x", stream, tools=TOOLS, choice=choice).calls] == names
    if choice == "none":
        assert speaker.ask(directive(tools=1), stream, tools=TOOLS, choice=choice).calls == []


def test_every_result_arrives(speaker, stream, upstream):
    calls = speaker.ask("Weather? " + directive(tools=2), stream, tools=TOOLS).calls
    (first, *_), (second, *_) = calls
    failed = speaker.__class__.__name__ != "OpenAISpeaker"
    speaker.results({second: ("it is late", False), first: ("no such city", failed)})
    answered = speaker.answer(stream, tools=TOOLS)
    assert answered.text == f"Received 2 tool results: {second}=ok {first}={'error' if failed else 'ok'}"
    assert answered.calls == [] and answered.stop == "end" and served(upstream)["toolResults"] == 2
    assert answered.usage[0] == 3 + 3 + 3
    assert speaker.ask("thanks", stream, tools=TOOLS).stop == "end"


def test_tools_are_called_for_as_many_rounds_as_asked(speaker, stream):
    answered = speaker.ask(directive(tools=1, rounds=3), stream, tools=TOOLS)
    rounds = 0
    while answered.calls:
        rounds += 1
        answered = speaker.results({answered.calls[0][0]: ("ok", False)}).answer(stream, tools=TOOLS)
    assert rounds == 3 and answered.text.startswith("Received 1 tool results")


def test_results_must_belong_to_calls(speaker, upstream):
    calls = speaker.ask(directive(tools=2), tools=TOOLS).calls
    before = copy.deepcopy(speaker.messages)
    for results in ({calls[0][0]: ("x", False)}, {calls[0][0]: ("x", False), "unknown": ("y", False)}):
        speaker.messages = copy.deepcopy(before)
        with pytest.raises(REFUSED):
            speaker.results(results).answer(tools=TOOLS)
        assert served(upstream)["status"] == 400 and served(upstream)["inputTokens"] == 0


def test_a_call_that_is_cut_short_ends_with_length(speaker):
    answered = speaker.ask(directive(tools=1), tools=TOOLS, max_tokens=3)
    assert answered.stop == "length" and answered.usage[3] == 3


# Reasoning


def test_reasoning_is_told_and_counted(speaker, stream, upstream):
    answered = speaker.ask(directive(output=4, reasoning=7), stream, thinking=True)
    assert len(answered.reasoning.split()) == 7 and len(answered.text.split()) == 4
    assert answered.usage[3] == 11 and served(upstream)["reasoningTokens"] == 7
    assert len(answered.signatures) == (1 if speaker.shows_signatures else 0)
    assert speaker.ask("x", stream).reasoning == ""


def test_signatures_and_redacted_blocks_are_verified(speaker, stream):
    if not speaker.shows_signatures:
        pytest.skip("the dialect has none")
    answered = speaker.ask(directive(tools=1, redacted=2), stream, tools=TOOLS, thinking=True)
    assert len(answered.redacted) == 2 and len(answered.signatures) == 1
    speaker.results({answered.calls[0][0]: ("sunny", False)})
    kept = copy.deepcopy(speaker.messages)
    assert "Received 1" in speaker.answer(stream, tools=TOOLS, thinking=True).text

    def changed(messages):
        """Every message list in which one thing of the reasoning differs."""
        for index, block in enumerate(messages[1]["content"]):
            block = block.get("reasoningContent", block)
            inner = block.get("reasoningText", block)
            for name in ("thinking", "text", "signature", "data", "redactedContent"):
                if name not in inner:
                    continue
                other = copy.deepcopy(messages)
                place = other[1]["content"][index]
                place = place.get("reasoningContent", place)
                place = place.get("reasoningText", place)
                place[name] = place[name][:-3] + (b"abc" if isinstance(place[name], bytes) else "abc")
                yield other
        other = copy.deepcopy(messages)
        other[1]["content"] = other[1]["content"][3:]
        yield other

    tried = 0
    for speaker.messages in changed(kept):
        with pytest.raises(REFUSED):
            speaker.answer(stream, tools=TOOLS, thinking=True)
        tried += 1
    assert tried == 5


# Refusals and structure


@pytest.mark.parametrize("ending, stops", [
    ("refusal", ("content_filter", "refusal", "content_filtered")),
    ("guardrail", ("content_filter", "refusal", "guardrail_intervened")),
    ("context", ("length", "model_context_window_exceeded", "model_context_window_exceeded")),
])
def test_answers_end_as_told(speaker, stream, ending, stops):
    kind = {"OpenAISpeaker": 0, "ConverseSpeaker": 2}.get(speaker.__class__.__name__, 1)
    assert speaker.ask(directive(ending=ending), stream).raw_stop == stops[kind]


def test_structured_answers_fit_their_schema(speaker, stream):
    assert json.loads(speaker.ask("x", stream, schema=SCHEMA).text) == SAMPLE
    nested = {
        "type": "object", "required": ["items", "link"], "$defs": {"link": {"type": "string", "format": "uri"}},
        "properties": {
            "items": {"type": "array", "minItems": 2, "items": SCHEMA}, "link": {"$ref": "#/$defs/link"}}}
    assert json.loads(speaker.ask("x", stream, schema=nested).text) == {
        "items": [SAMPLE, SAMPLE], "link": "https://example.com/amber"}


# Media


def test_media_have_a_fixed_price(speaker, stream, upstream):
    answered = speaker.user("what is this", IMAGE, DOCUMENT).answer(stream)
    assert answered.usage[0] == 3 + IMAGE_TOKENS + DOCUMENT_TOKENS and served(upstream)["media"] == 2


@pytest.mark.parametrize("media", [Media("image", "jpeg", PNG), Media("image", "png", PDF), Media("document", "pdf", PNG)])
def test_media_must_be_what_they_say(speaker, media):
    with pytest.raises(REFUSED):
        speaker.user("x", media).answer()


# Caching


@pytest.mark.parametrize("life", [True, "1h"], ids=["5m", "1h"])
def test_marked_beginnings_are_written_once_and_then_read(speaker, stream, upstream, life):
    if speaker.__class__.__name__ == "OpenAISpeaker":
        pytest.skip("OpenAI caches without marks")
    text = f"a b c d {stream} {speaker.__class__.__name__} {life}"
    usages = []
    for question in ("first question", "another much longer question"):
        talk = speaker.__class__(speaker.url)
        talk.user(text, cached=life)
        talk.messages[0]["content"] += talk._content([question], False)
        usages.append(talk.answer(stream).usage[:3])
    assert usages == [(2, 0, 7), (4, 7, 0)]
    first, second = upstream.ledger()[-2:]
    kind = {True: "cacheWrite5mTokens", "1h": "cacheWrite1hTokens"}[life]
    assert (first[kind], first["cacheWriteTokens"], second["cacheReadTokens"]) == (7, 7, 7)
    upstream.forget()
    talk.messages.pop()
    assert talk.answer(stream).usage[1] == 0


def test_openai_caches_turns_under_a_key(upstream):
    talk = SPEAKERS["openai"](upstream.url)
    assert talk.ask("one two three [sim output=2]", prompt_cache_key="k").usage[1] == 0
    assert talk.ask("four", prompt_cache_key="k").usage[:2] == (8, 0)
    assert talk.ask("five", prompt_cache_key="k").usage[1] == 7
