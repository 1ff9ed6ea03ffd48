"""Many streams at once, by stream-load, and what they cost beside the upstream called directly."""

import json
import subprocess

import calls
from processes import Failure, highest_memory

TOKENS = 200
INTERVAL_MILLISECONDS = 50
# The directive is taken by the simulator and costs one word of input for each of its own.
PROMPT = f"{calls.PROMPT} [sim output={TOKENS} interval={INTERVAL_MILLISECONDS}]"
DEADLINE_SECONDS = 240


def run(program, target, streams, rounds):
    """Opens the streams; gives times in milliseconds, how many were whole, and the highest memory."""
    call = calls.openai(target.model, PROMPT, max_tokens=TOKENS, stream=True)
    whole = _events(program, target, call, streams=1, rounds=1)
    command = _command(program, target, call, streams, rounds, whole)
    with highest_memory(target.process) as highest:
        done = subprocess.run(
            command, input=call.body, capture_output=True, text=True, timeout=DEADLINE_SECONDS + 60)
    if done.returncode != 0:
        raise Failure(f"stream-load failed: {done.stdout}{done.stderr}")
    result = json.loads(done.stdout)
    if result["whole"] != result["calls"] or result["calls"] != streams * rounds:
        raise Failure(f"{target.url} gave {result['whole']} whole streams of {streams * rounds}.")
    return {**result, "streams": streams, "memory": highest[0], "command": _shown(command, target)}


def _events(program, target, call, streams, rounds):
    """How many events a whole stream has here: a system may add some of its own, but each stream the same."""
    for wanted in range(TOKENS, TOKENS + 5):
        done = subprocess.run(
            _command(program, target, call, streams, rounds, wanted), input=call.body, capture_output=True, text=True,
            timeout=60)
        if done.returncode == 0 and json.loads(done.stdout)["whole"] == 1:
            return wanted
    raise Failure(f"{target.url} gives no whole stream of {TOKENS} tokens: {done.stdout}{done.stderr}")


def _command(program, target, call, streams, rounds, events):
    return [
        program, "--url", target.url + call.path, "--key", target.key, "--streams", str(streams),
        "--rounds", str(rounds), "--events", str(events), "--deadline", str(DEADLINE_SECONDS),
    ]


def _shown(command, target):
    return " ".join("KEY" if part == target.key else part for part in command)
