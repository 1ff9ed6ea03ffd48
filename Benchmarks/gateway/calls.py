"""The calls that are made: one small chat in the words of each dialect."""

import dataclasses
import json

PROMPT = "Tell me in a few words what the weather in the mountains is like in the early spring."
SYSTEM = "You are a helpful assistant."
MAX_TOKENS = 100


@dataclasses.dataclass
class Call:
    """What is sent to which path, and where the answer tells its tokens and its text."""

    path: str
    headers: dict
    body: str

    def counts(self, answer):
        """Input tokens, output tokens and text of an answer."""
        if "choices" in answer:
            usage = answer["usage"]
            return usage["prompt_tokens"], usage["completion_tokens"], answer["choices"][0]["message"]["content"]
        usage = answer["usage"]
        return usage["input_tokens"], usage["output_tokens"], "".join(b.get("text", "") for b in answer["content"])


def openai(model, prompt=PROMPT, max_tokens=MAX_TOKENS, **more):
    return Call("/v1/chat/completions", {}, json.dumps({
        "model": model,
        "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": prompt}],
        "max_tokens": max_tokens, **more,
    }))


def anthropic(model, prompt=PROMPT, max_tokens=MAX_TOKENS, **more):
    return Call("/v1/messages", {"anthropic-version": "2023-06-01"}, json.dumps({
        "model": model, "system": SYSTEM, "messages": [{"role": "user", "content": prompt}],
        "max_tokens": max_tokens, **more,
    }))


DIALECTS = {"openai": openai, "anthropic": anthropic}


def words():
    """Input tokens of the call: the simulator counts words."""
    return len(PROMPT.split()) + len(SYSTEM.split())
