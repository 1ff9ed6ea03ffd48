#!/usr/bin/env python3
"""Writes usage-cases.txt: what providers report of an answer, and what it settles to.

    python3 Tests/DialectTests/Usage/make_usage_cases.py > Tests/DialectTests/Usage/usage-cases.txt

The objects are those of the providers' public references and clients. What they settle to is worked out here from
the rules U-1 to U-3 and M-3 alone, in a language and with code that the product does not share; then every line of
the table is read by a person before it is committed.

One line is one answer. Its columns:
  kind       whose answer, whole or streamed
  what       why the line is there
  answer     what is reported where (see AnswerSkeleton); the rest of the answer is always the same: the text
             "Twelve chars" or two vectors, and a call whose input was counted as 50 tokens, at 4 characters a token
  rates      nano-units a token: input/output/cache write/cache read
  tokens     input, cache write, cache read, output
  how        exact, or estimated
  units      the charge in nano-units
"""

import json
import math

COUNTED, TEXT, CHARACTERS_PER_TOKEN, MOST = 50, "Twelve chars", 4, 10**9
HAIKU = "35810/179070/35810/35810"
SONNET = "107440/537210/134300/10744"
PRIMES = "7/31/11/3"
EMBED = "30230/0/30230/30230"
ROWS = []


def row(kind, what, answer, rates=SONNET):
    ROWS.append((kind, what, answer, rates))


# ---- What the rules make of an answer -------------------------------------------------------------------------------

def count(value):
    """A count is a whole number that an answer can have; anything else was not reported."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or abs(value) > MOST:
        return None
    return int(value) if value >= 0 and value == int(value) else None


def member(node, *names):
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return node


# Each reading gives what is told by now, or None where a report tells nothing, or nothing new of the output.

def openai(usage, before):
    """The prompt holds what was read from and written to a cache; the total holds everything."""
    total, completion, prompt = (count(usage.get(name)) for name in
                                 ("total_tokens", "completion_tokens", "prompt_tokens"))
    if not prompt:
        prompt = total - completion if total is not None and completion is not None and total > completion else None
    if prompt is None:
        return {**(before or ZERO), "output": completion} if completion else None
    if completion is None and total is None and before:
        return None
    read = next((v for v in (member(usage, "prompt_tokens_details", "cached_tokens"),
                             usage.get("prompt_cache_hit_tokens"), usage.get("cached_tokens")) if v is not None), 0)
    read = min(count(read) or 0, prompt)
    write = min(count(member(usage, "prompt_tokens_details", "cache_write_tokens")) or 0, prompt - read)
    output = max(completion or 0, (total or 0) - prompt)
    return {"input": prompt - read - write, "write": write, "read": read, "output": output}


def embeddings(usage, before):
    tokens = count(usage.get("prompt_tokens")) or count(usage.get("total_tokens"))
    return {**ZERO, "input": tokens} if tokens else None


class Anthropic:
    """Cached tokens stand beside the input; reports are cumulative; compaction is a request of its own."""

    def __init__(self):
        self.message, self.compaction = dict(ZERO), dict(ZERO)

    @staticmethod
    def classes(usage, start):
        write = count(usage.get("cache_creation_input_tokens"))
        if write is None and isinstance(usage.get("cache_creation"), dict):
            lifetimes = [count(usage["cache_creation"].get(f"ephemeral_{t}_input_tokens")) for t in ("5m", "1h")]
            write = sum(v or 0 for v in lifetimes) if lifetimes != [None, None] else None
        told = {"input": count(usage.get("input_tokens")), "write": write,
                "read": count(usage.get("cache_read_input_tokens")), "output": count(usage.get("output_tokens"))}
        return {name: start[name] if told[name] is None else told[name] for name in ZERO}

    def __call__(self, usage, before):
        later = self.classes(usage, self.message)
        if later["input"] + later["write"] + later["read"]:
            self.message = later
        else:
            self.message = {**self.message, "output": later["output"]}
        if usage.get("iterations") is not None:
            entries = [self.classes(i, ZERO) for i in usage["iterations"] if i.get("type") == "compaction"]
            self.compaction = {name: sum(e[name] for e in entries) for name in ZERO}
        both = {name: self.message[name] + self.compaction[name] for name in ZERO}
        is_news = before is None or count(usage.get("output_tokens")) is not None
        return both if is_news and any(both.values()) else None


def converse(usage, before):
    write = count(usage.get("cacheWriteInputTokens"))
    if write is None:
        write = sum(count(entry.get("inputTokens")) or 0 for entry in usage.get("cacheDetails") or [])
    told = {"input": count(usage.get("inputTokens")) or 0, "write": write,
            "read": count(usage.get("cacheReadInputTokens")) or 0, "output": count(usage.get("outputTokens")) or 0}
    return told if any(told.values()) else None


def cohere(usage, before):
    tokens = count(usage.get("input_tokens"))
    return {**ZERO, "input": tokens} if tokens else None


def header(text):
    try:
        return cohere({"input_tokens": int(text)}, None)
    except ValueError:
        return None


ZERO = {"input": 0, "write": 0, "read": 0, "output": 0}
# The places of a stream that stand before the last of the text.
BEFORE_TEXT_ENDS = {"first", "early", "start"}


def settle(kind, answer):
    read = {"openai-chat": openai, "openai-chat-stream": openai, "openai-embeddings": embeddings,
            "anthropic": Anthropic(), "anthropic-stream": Anthropic(), "converse": converse,
            "converse-stream": converse, "cohere-embed": cohere, "cohere-invoke": cohere}[kind]
    pieces = [piece.split(" ", 1) for piece in answer.split(" ; ")] if answer else []
    words = {piece[0] for piece in pieces if len(piece) == 1}
    embeds = kind in ("openai-embeddings", "cohere-embed", "cohere-invoke")
    beyond = {"after"} | ({"finish", "last", "raw", "delta", "metadata"} if "cut" in words else set())
    report, current = None, False
    for place, text in (piece for piece in pieces if len(piece) == 2):
        value = json.loads(text)
        if place == "raw":
            value = value.get("usage")
        later = None
        if place == "header":
            later = header(value)
        elif isinstance(value, dict) and place not in beyond and not (embeds and report):
            later = read(value, report)
        if later:
            report = later
            current = place not in BEFORE_TEXT_ENDS or ("silent" in words and place != "start")
    received = 0 if embeds or "silent" in words else math.ceil(len(TEXT) / CHARACTERS_PER_TOKEN)
    told = report or dict(ZERO)
    has_input = told["input"] + told["write"] + told["read"] > 0
    charge = dict(told) if has_input else {**told, "input": COUNTED}
    if "cut" in words or not current:
        charge["output"] = max(charge["output"], received)
        return charge, False
    if charge["output"] == 0 and received:
        charge["output"] = received
        return charge, False
    return charge, has_input


def units(charge, rates):
    return sum(charge[name] * int(rate) for name, rate in zip(("input", "output", "write", "read"), rates.split("/")))


def line(kind, what, answer, rates):
    charge, is_exact = settle(kind, answer)
    tokens = " ".join(str(charge[name]) for name in ("input", "write", "read", "output"))
    return " | ".join([kind, what, answer, rates, tokens, "exact" if is_exact else "estimated",
                       str(units(charge, rates))])


def j(**members):
    return json.dumps(members, separators=(",", ":"))


# ---- OpenAI and servers that speak like it --------------------------------------------------------------------------

def chat(p=None, c=None, t=None, **more):
    """A usage object by the book, with whatever else a server puts into it."""
    told = {"prompt_tokens": p, "completion_tokens": c, "total_tokens": t}
    return j(**{name: value for name, value in told.items() if value is not None}, **more)


def cached(n, **more):
    return {"prompt_tokens_details": {"cached_tokens": n, **more}}


def reasoned(n, **more):
    return {"completion_tokens_details": {"reasoning_tokens": n, **more}}


OPENAI = [
    ("by the book", chat(9, 12, 21)),
    ("one token of each", chat(1, 1, 2)),
    ("without a total", chat(9, 12)),
    ("no output and text all the same", chat(9, 0, 9)),
    ("a part of the prompt from the cache", chat(2006, 300, 2306, **cached(1920), **reasoned(0))),
    ("nothing from the cache", chat(2006, 300, 2306, **cached(0))),
    ("details without the cache", chat(2006, 300, 2306, prompt_tokens_details={"audio_tokens": 0})),
    ("details are null", chat(2006, 300, 2306, prompt_tokens_details=None, completion_tokens_details=None)),
    ("cached tokens are null", chat(2006, 300, 2306, **cached(None))),
    ("the whole prompt from the cache", chat(1024, 5, 1029, **cached(1024))),
    ("more cached than the prompt has", chat(10, 5, 15, **cached(99))),
    ("a negative number of cached tokens", chat(10, 5, 15, **cached(-4))),
    ("cached tokens as text", chat(10, 5, 15, **cached("4"))),
    ("a fraction of a cached token", chat(10, 5, 15, **cached(4.5))),
    ("written to the cache", chat(9657, 78, 9735, **cached(0, cache_write_tokens=9654, audio_tokens=0), **reasoned(37))),
    ("written to and read from the cache", chat(100, 7, 107, **cached(40, cache_write_tokens=50))),
    ("more written than is left of the prompt", chat(100, 7, 107, **cached(80, cache_write_tokens=50))),
    ("a negative number written", chat(100, 7, 107, **cached(80, cache_write_tokens=-50))),
    ("reasoning inside the completion", chat(75, 1186, 1261, **cached(0), **reasoned(1024))),
    ("reasoning inside, without a total", chat(75, 1186, **reasoned(1024))),
    ("reasoning beside the completion (xAI)", chat(12, 1, 399, **reasoned(386))),
    ("reasoning beside the completion, with a cache (xAI)", chat(10120, 1499, 14428, **cached(128), **reasoned(2809))),
    ("thoughts only in the total (Gemini)", chat(10, 9, 119)),
    ("a total that is too small", chat(10, 9, 12)),
    ("a total of zero", chat(10, 9, 0)),
    ("predictions accepted and rejected", chat(30, 40, 70, **reasoned(0, accepted_prediction_tokens=8,
                                                                       rejected_prediction_tokens=12))),
    ("audio beside text", chat(30, 40, 70, **cached(0, audio_tokens=10, text_tokens=20), **reasoned(0, audio_tokens=30))),
    ("DeepSeek's hit and miss", chat(100, 20, 120, prompt_cache_hit_tokens=64, prompt_cache_miss_tokens=36)),
    ("DeepSeek's hit beside details", chat(100, 20, 120, prompt_cache_hit_tokens=64, **cached(64))),
    ("DeepSeek's hit of nothing", chat(100, 20, 120, prompt_cache_hit_tokens=0, prompt_cache_miss_tokens=100)),
    ("DeepSeek's reasoner", chat(18, 242, 260, prompt_cache_hit_tokens=0, **reasoned(221))),
    ("Moonshot's cached tokens", chat(100, 20, 120, cached_tokens=70)),
    ("vLLM with prefix caching", chat(21, 128, 149, **cached(16))),
    ("vLLM without details", chat(21, 128, 149, prompt_tokens_details=None)),
    ("Azure with all details", chat(18, 11, 29, **cached(0, audio_tokens=0), **reasoned(
        0, audio_tokens=0, accepted_prediction_tokens=0, rejected_prediction_tokens=0))),
    ("times beside tokens (Groq)", chat(18, 11, 29, queue_time=0.1, prompt_time=0.002, total_time=0.3)),
    ("costs beside tokens (OpenRouter)", chat(18, 11, 29, cost=0.00014, **cached(8, cache_write_tokens=0))),
    ("searches beside tokens (Perplexity)", chat(14, 243, 257, num_search_queries=1, search_context_size="low")),
    ("no prompt, but a total", chat(None, 12, 21)),
    ("a prompt of zero, and a total (Ollama)", chat(0, 12, 21)),
    ("a prompt of zero, and no more in the total", chat(0, 12, 12)),
    ("no completion, but a total", chat(9, None, 21)),
    ("no completion and no total", chat(9)),
    ("no prompt and no total", chat(None, 12)),
    ("a total alone", chat(None, None, 21)),
    ("all zero", chat(0, 0, 0)),
    ("an empty object", "{}"),
    ("null", "null"),
    ("a list", "[]"),
    ("a text", '"none"'),
    ("a negative prompt", chat(-9, 12, 3)),
    ("a negative completion", chat(9, -12, 21)),
    ("everything negative", chat(-1, -1, -2)),
    ("a prompt as text", chat("9", 12)),
    ("a completion as text", chat(9, "12")),
    ("numbers as text", chat("9", "12", "21")),
    ("a fraction of a prompt", chat(9.5, 12)),
    ("a fraction of a completion", chat(9, 12.5)),
    ("whole numbers written as fractions", '{"prompt_tokens":9.0,"completion_tokens":1.2e1,"total_tokens":2.1e1}'),
    ("a prompt beyond Int64", '{"prompt_tokens":9223372036854775808,"completion_tokens":12}'),
    ("the largest Int64 as completion", '{"prompt_tokens":9,"completion_tokens":9223372036854775807}'),
    ("a completion of 1e300", '{"prompt_tokens":9,"completion_tokens":1e300}'),
    ("a total beyond all bounds", '{"prompt_tokens":9,"completion_tokens":12,"total_tokens":1e18}'),
    ("the most that a report can say", chat(10**9, 10**9, 2 * 10**9)),
    ("one more than a report can say", chat(10**9 + 1, 12)),
    ("truth values", chat(True, False)),
    ("names of the responses service", j(input_tokens=9, output_tokens=12, total_tokens=21)),
    ("the same name twice", '{"prompt_tokens":1,"prompt_tokens":9,"completion_tokens":12}'),
]
for what, usage in OPENAI:
    row("openai-chat", what, f"usage {usage}", [SONNET, HAIKU, PRIMES][len(ROWS) % 3])
row("openai-chat", "no usage at all", "")
row("openai-chat", "nothing produced, and a report", f"silent ; usage {chat(9, 0, 9)}")
row("openai-chat", "nothing produced, and no report", "silent")

OPENAI_STREAM = [
    ("only in a last chunk of its own", f"last {chat(9, 12, 21)}"),
    ("null until the last chunk", f"first null ; early null ; late null ; finish null ; last {chat(9, 12, 21, **cached(4))}"),
    ("with the finish reason", f"finish {chat(9, 12, 21)}"),
    ("with the finish reason, and null after it", f"finish {chat(9, 12, 21)} ; last null"),
    ("in every chunk, growing (vLLM)",
     f"first {chat(9, 0, 9)} ; early {chat(9, 4, 13)} ; late {chat(9, 11, 20)} ; finish {chat(9, 12, 21)}"),
    ("in every chunk and in the last",
     f"early {chat(9, 4, 13)} ; late {chat(9, 11, 20)} ; finish {chat(9, 12, 21)} ; last {chat(9, 12, 21)}"),
    ("in every chunk with text, not after it", f"early {chat(9, 4, 13)} ; late {chat(9, 12, 21)}"),
    ("zero until the last chunk", f"first {chat(0, 0, 0)} ; early {chat(0, 0, 0)} ; last {chat(9, 12, 21)}"),
    ("zero after the report", f"finish {chat(9, 12, 21)} ; last {chat(0, 0, 0)}"),
    ("prompt first, completion last", f"first {chat(9)} ; last {chat(None, 12)}"),
    ("prompt with a cache first, completion last", f"first {chat(100, **cached(60))} ; last {chat(None, 12)}"),
    ("in the first chunk, and a prompt alone in the last", f"first {chat(9, 1, 10)} ; last {chat(9)}"),
    ("with the finish reason, and a prompt alone after it", f"finish {chat(9, 12, 21)} ; last {chat(9)}"),
    ("only in the first chunk", f"first {chat(9, 1, 10)}"),
    ("only in the first chunk, with a cache", f"first {chat(100, 1, 101, **cached(60))}"),
    ("only before the text ends", f"early {chat(9, 1, 10)}"),
    ("only before the text ends, and more than arrived", f"early {chat(9, 40, 49)}"),
    ("a chunk of usage after [DONE] is nothing", f"after {chat(9, 12, 21)}"),
    ("a report, and another after [DONE]", f"last {chat(9, 12, 21)} ; after {chat(90, 120, 210)}"),
    ("reasoning beside the completion (xAI)", f"last {chat(279, 6, 374, **cached(163), **reasoned(89))}"),
    ("reasoning inside the completion", f"last {chat(75, 1186, 1261, **reasoned(1024))}"),
    ("written to the cache", f"last {chat(9657, 78, 9735, **cached(0, cache_write_tokens=9654))}"),
    ("DeepSeek's hit and miss", f"last {chat(100, 20, 120, prompt_cache_hit_tokens=64, prompt_cache_miss_tokens=36)}"),
    ("in a member of its own that nobody claims (Groq)", "raw " + j(id="c", choices=[], x_groq={"usage": {
        "prompt_tokens": 9, "completion_tokens": 12}})),
    ("a last chunk without choices", "raw " + j(id="c", usage={"prompt_tokens": 9, "completion_tokens": 12})),
    ("a last chunk whose choices are null", "raw " + j(choices=None, usage={"prompt_tokens": 9, "completion_tokens": 12})),
    ("no usage at all", ""),
    ("usage is null in every chunk", "first null ; early null ; late null ; finish null ; last null"),
    ("the last report is worth nothing", f"finish {chat(9, 12, 21)} ; last {chat('x', 'y')}"),
    ("the last report has a negative completion", f"last {chat(9, -12)}"),
    ("the last report has a completion as text", f"last {chat(9, '12')}"),
    ("the last report has no completion", f"last {chat(9)}"),
    ("the last report has a huge completion", '''last {"prompt_tokens":9,"completion_tokens":1e300}'''),
    ("cut short without a report", "cut"),
    ("cut short after reports in every chunk", f"cut ; first {chat(9, 0, 9)} ; early {chat(9, 1, 10)} ; late {chat(9, 2, 11)}"),
    ("cut short after a report of more than arrived", f"cut ; late {chat(9, 12, 21)}"),
    ("nothing produced, and a report", f"silent ; last {chat(9, 0, 9)}"),
    ("nothing produced, and an early report", f"silent ; first {chat(9, 1, 10)}"),
    ("nothing produced, and no report", "silent"),
]
for what, answer in OPENAI_STREAM:
    row("openai-chat-stream", what, answer, [SONNET, HAIKU, PRIMES][len(ROWS) % 3])

for what, usage in [
    ("by the book", chat(8, None, 8)), ("without a total", chat(8)), ("a total alone", chat(None, None, 8)),
    ("a prompt of zero, and a total", chat(0, None, 8)), ("all zero", chat(0, None, 0)), ("an empty object", "{}"),
    ("null", "null"), ("a completion of zero (vLLM)", chat(8, 0, 8, prompt_tokens_details=None)),
    ("a completion, which embeddings do not have", chat(8, 5, 13)), ("a negative prompt", chat(-8, None, -8)),
    ("a negative prompt beside a total", chat(-8, None, 8)), ("numbers as text", chat("8", None, "8")),
    ("a fraction", chat(8.5)), ("a prompt beyond all bounds", '{"prompt_tokens":1e18}'),
    ("2,048 long texts", chat(16_777_216, None, 16_777_216)),
]:
    row("openai-embeddings", what, f"usage {usage}", EMBED)
row("openai-embeddings", "no usage at all", "", EMBED)

# ---- Anthropic ------------------------------------------------------------------------------------------------------

def lifetimes(five, hour):
    return {"ephemeral_5m_input_tokens": five, "ephemeral_1h_input_tokens": hour}


def ant(i=None, o=None, w=None, r=None, **more):
    told = {"input_tokens": i, "cache_creation_input_tokens": w, "cache_read_input_tokens": r, "output_tokens": o}
    return j(**{name: value for name, value in told.items() if value is not None}, **more)


def iteration(kind, i, o, w=0, r=0):
    return {"type": kind, "input_tokens": i, "output_tokens": o, "cache_creation_input_tokens": w,
            "cache_read_input_tokens": r}


ANTHROPIC = [
    ("by the book", ant(12, 6)),
    ("cached tokens beside the input", ant(3, 40, 6, 5)),
    ("everything from the cache", ant(0, 40, 0, 5000)),
    ("everything written to the cache", ant(0, 40, 5000, 0)),
    ("the cache is null", '{"input_tokens":12,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":6}'),
    ("written for five minutes", ant(3, 40, 600, 0, cache_creation=lifetimes(600, 0))),
    ("written for an hour", ant(3, 40, 600, 0, cache_creation=lifetimes(0, 600))),
    ("written with two lifetimes", ant(50, 503, 248, 1800, cache_creation=lifetimes(148, 100))),
    ("lifetimes without their sum", ant(50, 503, None, 1800, cache_creation=lifetimes(148, 100))),
    ("one lifetime without a sum", ant(50, 503, None, 1800, cache_creation={"ephemeral_1h_input_tokens": 100})),
    ("lifetimes that are not the sum", ant(50, 503, 248, 0, cache_creation=lifetimes(1, 2))),
    ("lifetimes are null", ant(50, 503, 248, 0, cache_creation=None)),
    ("lifetimes as text, without a sum", ant(50, 503, None, 0, cache_creation=lifetimes("1", "2"))),
    ("a negative lifetime, without a sum", ant(50, 503, None, 0, cache_creation=lifetimes(-1, 20))),
    ("searches of the service", ant(105, 6039, 7123, 7345, server_tool_use={"web_search_requests": 1})),
    ("tier, speed and place", ant(12, 6, 0, 0, service_tier="standard", speed="fast", inference_geo="eu")),
    ("thoughts inside the output", ant(12, 600, output_tokens_details={"thinking_tokens": 550})),
    ("turns of a service tool, which are inside", ant(30, 9, 0, 0, iterations=[iteration("message", 10, 4), iteration("message", 20, 5)])),
    ("a compaction, which is not inside", ant(30, 9, 0, 0, iterations=[iteration("compaction", 900, 80), iteration("message", 30, 9)])),
    ("two compactions with a cache", ant(30, 9, 1, 2, iterations=[iteration("compaction", 900, 80, 7, 8), iteration("compaction", 100, 20, 3, 4), iteration("message", 30, 9, 1, 2)])),
    ("iterations are empty", ant(30, 9, iterations=[])),
    ("iterations are null", ant(30, 9, iterations=None)),
    ("no input", ant(None, 6)),
    ("no output", ant(12)),
    ("no output, but a cache", ant(12, None, 5, 7)),
    ("an output of zero and text all the same", ant(12, 0)),
    ("all zero", ant(0, 0, 0, 0)),
    ("an empty object", "{}"),
    ("null", "null"),
    ("a negative input", ant(-12, 6)),
    ("a negative output", ant(12, -6)),
    ("a negative number of cached tokens", ant(12, 6, -5, -7)),
    ("numbers as text", ant("12", "6")),
    ("cached tokens as text", ant(12, 6, "5", "7")),
    ("fractions", ant(12.5, 6.5)),
    ("whole numbers written as fractions", '{"input_tokens":12.0,"output_tokens":6e0}'),
    ("an input beyond Int64", '{"input_tokens":99999999999999999999,"output_tokens":6}'),
    ("an output beyond all bounds", '{"input_tokens":12,"output_tokens":1e18}'),
    ("a cache beyond all bounds", '{"input_tokens":12,"cache_read_input_tokens":1e18,"output_tokens":6}'),
    ("the most that a report can say", ant(10**9, 10**9, 10**9, 10**9)),
]
for what, usage in ANTHROPIC:
    row("anthropic", what, f"usage {usage}", [SONNET, HAIKU, PRIMES][len(ROWS) % 3])
row("anthropic", "no usage at all", "")
row("anthropic", "a refusal without content", f"silent ; usage {ant(12, 0)}")

ANTHROPIC_STREAM = [
    ("input at the start, output at the end", f"start {ant(25, 1)} ; delta {ant(None, 15)}"),
    ("a cache at the start", f"start {ant(3, 1, 6, 5)} ; delta {ant(None, 9)}"),
    ("everything again at the end", f"start {ant(3, 1, 6, 5)} ; delta {ant(3, 9, 6, 5)}"),
    ("more input at the end, after a search", f"start {ant(472, 2)} ; delta {ant(10682, 510, 0, 0, server_tool_use={'web_search_requests': 1})}"),
    ("another cache at the end", f"start {ant(3, 1, 6, 0)} ; delta {ant(30, 9, 0, 50)}"),
    ("two lifetimes at the start", f"start {ant(50, 1, 248, 1800, cache_creation=lifetimes(148, 100))} ; delta {ant(None, 503)}"),
    ("two lifetimes without a sum at the start", f"start {ant(50, 1, None, 1800, cache_creation=lifetimes(148, 100))} ; delta {ant(None, 503)}"),
    ("only at the start", f"start {ant(25, 1)}"),
    ("only at the start, with a cache", f"start {ant(3, 1, 6, 5)}"),
    ("only at the start, with more output than arrived", f"start {ant(25, 8)}"),
    ("only at the start, and null at the end", f"start {ant(25, 1)} ; delta null"),
    ("only at the start, and input alone at the end", f"start {ant(25, 1)} ; delta {ant(30)}"),
    ("only at the start, and nothing in it at the end", f"start {ant(25, 1)} ; delta {{}}"),
    ("only at the end", f"delta {ant(25, 15)}"),
    ("only at the end, with a cache", f"delta {ant(3, 9, 6, 5)}"),
    ("only the output, at the end", f"delta {ant(None, 15)}"),
    ("zero at the start, everything at the end", f"start {ant(0, 0)} ; delta {ant(25, 15)}"),
    ("input at the start, zero at the end", f"start {ant(25, 1)} ; delta {ant(0, 15)}"),
    ("a cache at the start, zeros at the end", f"start {ant(3, 1, 6, 5)} ; delta {ant(0, 15, 0, 0)}"),
    ("an output of zero at the end", f"start {ant(25, 1)} ; delta {ant(None, 0)}"),
    ("a negative output at the end", f"start {ant(25, 1)} ; delta {ant(None, -15)}"),
    ("an output as text at the end", f"start {ant(25, 0)} ; delta {ant(None, '15')}"),
    ("a negative input at the start", f"start {ant(-25, 1)} ; delta {ant(None, 15)}"),
    ("an absurd input at the start", f'start {{"input_tokens":1e18,"output_tokens":1}} ; delta {ant(None, 15)}'),
    ("several reports, growing", f"start {ant(25, 1)} ; delta {ant(None, 7)} ; delta {ant(None, 15)}"),
    ("several reports, the last without tokens", f"start {ant(25, 1)} ; delta {ant(None, 15)} ; delta {{}}"),
    ("a compaction at the end", f"start {ant(25, 1)} ; delta {ant(25, 15, iterations=[iteration('compaction', 900, 80), iteration('message', 25, 15)])}"),
    ("a compaction told twice", f"start {ant(25, 1, iterations=[iteration('compaction', 900, 80)])} ; delta {ant(25, 15, iterations=[iteration('compaction', 900, 80), iteration('message', 25, 15)])}"),
    ("no usage at all", ""),
    ("cut short after the start", f"cut ; start {ant(25, 1)}"),
    ("cut short after a start with a cache", f"cut ; start {ant(3, 1, 6, 5)}"),
    ("cut short without a report", "cut"),
    ("a refusal without content", f"silent ; start {ant(25, 1)} ; delta {ant(None, 2)}"),
    ("a refusal without content and without a last report", f"silent ; start {ant(25, 1)}"),
]
for what, answer in ANTHROPIC_STREAM:
    row("anthropic-stream", what, answer, [SONNET, HAIKU, PRIMES][len(ROWS) % 3])

# ---- Bedrock --------------------------------------------------------------------------------------------------------

def con(i=None, o=None, t=None, w=None, r=None, **more):
    told = {"inputTokens": i, "outputTokens": o, "totalTokens": t, "cacheReadInputTokens": r,
            "cacheWriteInputTokens": w}
    return j(**{name: value for name, value in told.items() if value is not None}, **more)


def details(*entries):
    return {"cacheDetails": [{"ttl": ttl, "inputTokens": tokens} for ttl, tokens in entries]}


CONVERSE = [
    ("by the book", con(12, 551, 563)),
    ("cached tokens beside the input", con(7, 300, 1731, 0, 1424)),
    ("written to the cache", con(7, 300, 1731, 1424, 0)),
    ("written with two lifetimes", con(7, 300, 1731, 1424, 0, **details(("5m", 1000), ("1h", 424)))),
    ("lifetimes without their sum", con(7, 300, 1731, None, 0, **details(("5m", 1000), ("1h", 424)))),
    ("one lifetime without a sum", con(7, 300, None, None, 9, **details(("1h", 424)))),
    ("lifetimes that are not the sum", con(7, 300, None, 10, 9, **details(("5m", 1), ("1h", 2)))),
    ("no lifetimes", con(7, 300, None, None, None, cacheDetails=[])),
    ("lifetimes as text, without a sum", con(7, 300, None, None, None, **details(("5m", "4")))),
    ("everything from the cache", con(0, 300, 1724, 0, 1424)),
    ("the old names of the cache, which nobody sends", con(7, 300, 307, cacheReadInputTokenCount=5, cacheWriteInputTokenCount=6)),
    ("without a total", con(12, 551)),
    ("no output, whatever the total says", con(12, None, 563)),
    ("no input, whatever the total says", con(None, 551, 563)),
    ("a total alone", con(None, None, 563)),
    ("guarded: all zero", con(0, 0, 0)),
    ("an empty object", "{}"),
    ("null", "null"),
    ("a negative input", con(-12, 551)),
    ("a negative output", con(12, -551)),
    ("negative cached tokens", con(12, 551, None, -4, -5)),
    ("numbers as text", con("12", "551")),
    ("fractions", con(12.25, 551.5)),
    ("an output beyond all bounds", '{"inputTokens":12,"outputTokens":1e18}'),
    ("the most that a report can say", con(10**9, 10**9, None, 10**9, 10**9)),
]
for what, usage in CONVERSE:
    row("converse", what, f"usage {usage}", [SONNET, HAIKU, PRIMES][len(ROWS) % 3])
row("converse", "no usage at all", "")
row("converse", "nothing produced, and a report", f"silent ; usage {con(12, 0, 12)}")

CONVERSE_STREAM = [
    ("in the metadata at the end", f"metadata {con(12, 551, 563)}"),
    ("with a cache", f"metadata {con(7, 300, 1731, 24, 1400)}"),
    ("with two lifetimes", f"metadata {con(7, 300, 1731, 1424, 0, **details(('5m', 1000), ('1h', 424)))}"),
    ("lifetimes without their sum", f"metadata {con(7, 300, None, None, 3, **details(('5m', 1000), ('1h', 424)))}"),
    ("told twice", f"metadata {con(12, 300, 312)} ; metadata {con(12, 551, 563)}"),
    ("told, then empty", f"metadata {con(12, 551, 563)} ; metadata {{}}"),
    ("metadata without usage", "metadata null"),
    ("no metadata", ""),
    ("no output", f"metadata {con(12, None, 563)}"),
    ("no input", f"metadata {con(None, 551)}"),
    ("guarded: all zero", f"metadata {con(0, 0, 0)}"),
    ("a negative output", f"metadata {con(12, -551)}"),
    ("an output as text", f"metadata {con(12, '551')}"),
    ("cut short", "cut"),
    ("nothing produced, and a report", f"silent ; metadata {con(12, 0, 12)}"),
    ("nothing produced, and no report", "silent"),
]
for what, answer in CONVERSE_STREAM:
    row("converse-stream", what, answer, [SONNET, HAIKU, PRIMES][len(ROWS) % 3])

# ---- Cohere, its own service and behind Bedrock ---------------------------------------------------------------------

for what, answer in [
    ("by the book", f"units {j(input_tokens=4)}"),
    ("written as a fraction", 'units {"input_tokens":4.0}'),
    ("text and images apart", f"units {j(input_tokens=4, text_tokens=4, image_tokens=0, images=0)}"),
    ("other units", f"units {j(input_tokens=4, search_units=1, classifications=2)}"),
    ("an output, which embeddings do not have", f"units {j(input_tokens=4, output_tokens=9)}"),
    ("zero", f"units {j(input_tokens=0)}"), ("a fraction", f"units {j(input_tokens=4.5)}"),
    ("a negative number", f"units {j(input_tokens=-4)}"), ("a number as text", f"units {j(input_tokens='4')}"),
    ("a number beyond all bounds", 'units {"input_tokens":1e18}'), ("no input", f"units {j(images=2)}"),
    ("an empty object", "units {}"), ("null", "units null"), ("no usage at all", ""),
    ("a batch of 96 long texts", f"units {j(input_tokens=49_152)}"),
]:
    row("cohere-embed", what, answer, EMBED)
for what, answer in [
    ("in the head", 'header "4"'), ("in the head and in the body", f'header "4" ; units {j(input_tokens=5)}'),
    ("only in the body", f"units {j(input_tokens=5)}"), ("nowhere", ""), ("zero in the head", 'header "0"'),
    ("zero in the head, but not in the body", f'header "0" ; units {j(input_tokens=5)}'),
    ("a negative number in the head", 'header "-4"'),
    ("a negative number in the head, but not in the body", f'header "-4" ; units {j(input_tokens=5)}'),
    ("a fraction in the head", 'header "4.5"'), ("a word in the head", 'header "four"'),
    ("nothing in the head's field", 'header ""'),
    ("a number beyond all bounds in the head", 'header "99999999999999999999"'),
    ("a large number in the head", 'header "196608"'),
]:
    row("cohere-invoke", what, answer, EMBED)

if __name__ == "__main__":
    print("# Written by make_usage_cases.py, which says what the columns are.")
    for each in ROWS:
        print(line(*each))
