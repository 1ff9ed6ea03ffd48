/// What `--help` says beside the options.
enum Manual {
  static let text = """
    It speaks OpenAI (chat completions, embeddings), Anthropic (messages, count_tokens), Bedrock (converse, \
    converse-stream, invoke, invoke-with-response-stream, count-tokens) and Cohere (v1 and v2 embed). One word is \
    one token; eight characters of JSON are one; an image counts \(Conversation.imageTokens), a document \
    \(Conversation.documentTokens).

    A directive in the user's newest text steers the call and the turns of tools that follow, for instance \
    [sim output=50 cache_read=3 latency=20 fault=cut@10]. The header x-sim-script takes the same words; single \
    settings come from x-sim-input-tokens, x-sim-output-tokens, x-sim-cache-read-tokens, x-sim-cache-write-tokens, \
    x-sim-latency-ms, x-sim-token-interval-ms and x-sim-fault.

    Settings: input, output, cache_read, cache_write, cache_write_1h (tokens), latency, interval (milliseconds), \
    tools=N or tools=NAME,NAME (calls of tools that the request offers), rounds=N (how often in a row before it \
    answers with text), preamble=N (words before the calls), reasoning=N (tokens, where the request asks for \
    reasoning), redacted=N (blocks before it), ending=refusal, guardrail, declined, context or pause, \
    say=TEXT (percent-encoded), usage=full, none, start, end or cumulative, fault=FAULT.

    A member "sim_echo" of a request, whatever it holds, stands in the ledger and comes back with the answer: as a \
    member of a whole one, as an event of a stream. No dialect knows it.

    Faults: \(SettingProblem.faults).

    PUT /behavior sets all of that for every call, {"fault":"503","probability":0.2,"seed":7,"for":5000}: beside a \
    fault stand times, every (calls), probability, seed, after and for (milliseconds from now); "faults" takes a \
    list of such objects, of which the first that strikes is used. "rejected_key" refuses a key. DELETE /behavior \
    goes back to the options.

    Everything is served under /region/NAME as well, and on a port of its own for each --region: a region has its \
    own behavior (PUT /region/NAME/behavior) and prompt cache, and the ledger names it.

    GET /ledger tells what was served by class of tokens, GET /ledger/summary the sums, DELETE /ledger and \
    DELETE /cache forget.
    """
}
