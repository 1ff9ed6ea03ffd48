"""One load on one target, by wrk, checked against what the upstream counted."""

import json
import subprocess
import tempfile
import time
import urllib.request

import calls
from processes import Failure

TIMEOUT_SECONDS = 30
QUIET_SECONDS = 1
MARK = "RESULT "

# Answers are not read in Lua: that would make the load generator the slowest of all.
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer %(key)s"
%(headers)s
wrk.body = [==[%(body)s]==]
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '%(mark)s{"requests":%%d,"microseconds":%%d,"p50":%%d,"p90":%%d,"p99":%%d,"highest":%%d,' ..
    '"errors":{"connect":%%d,"read":%%d,"write":%%d,"status":%%d,"timeout":%%d}}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(90), latency:percentile(99),
    latency.max, e.connect, e.read, e.write, e.status, e.timeout))
end
"""


def check_answer(target, call):
    """Makes one call and fails unless the answer is whole and its token counts are right."""
    request = urllib.request.Request(
        target.url + call.path,
        data=call.body.encode(),
        headers={"Content-Type": "application/json", "Authorization": "Bearer " + target.key, **call.headers},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
        answer = json.load(response)
    asked, given, text = call.counts(answer)
    if asked != calls.words() or given != len(text.split()):
        raise Failure(f"{target.url} answers with wrong token counts: {answer['usage']} for {calls.words()} words, '{text}'.")


def calls_served(upstream):
    """How many calls the upstream has taken."""
    with urllib.request.urlopen(upstream.url + "/ledger/summary", timeout=TIMEOUT_SECONDS) as response:
        return json.load(response)["calls"]


def wait_for_quiet(upstream):
    """Waits until no call of the load before is still on its way."""
    end, calls = time.monotonic() + TIMEOUT_SECONDS, -1
    while time.monotonic() < end:
        before, calls = calls, calls_served(upstream)
        if calls == before:
            return calls
        time.sleep(QUIET_SECONDS)
    raise Failure(f"{upstream.url} still gets calls {TIMEOUT_SECONDS} s after the load ended.")


def run(target, upstream, call, connections, seconds):
    """Loads the target; gives requests per second, latencies in microseconds, and the command."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % {
            "key": target.key, "body": call.body, "mark": MARK,
            "headers": "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in call.headers.items()),
        })
        script.flush()
        command = [
            "wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
            "--timeout", f"{TIMEOUT_SECONDS}s", "--script", script.name, target.url + call.path,
        ]
        before = wait_for_quiet(upstream)
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
        served = calls_served(upstream) - before
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode != 0 or not lines:
        raise Failure(f"wrk failed: {done.stdout}{done.stderr}")
    result = json.loads(lines[-1].removeprefix(MARK))
    result["connections"] = connections
    result["requestsPerSecond"] = result["requests"] / (result.pop("microseconds") / 1e6)
    result["upstreamCalls"] = served
    command[command.index(script.name)] = "LUA"
    result["command"] = " ".join(command)
    _check(target, result)
    return result


def _check(target, result):
    if any(result["errors"].values()):
        raise Failure(f"{target.url} answered with errors under load: {result['errors']}")
    # Calls in flight when wrk stops reached the upstream and are not in wrk's count.
    extra = result["upstreamCalls"] - result["requests"]
    if not 0 <= extra <= result["connections"]:
        raise Failure(
            f"{target.url} answered {result['requests']} requests with {result['upstreamCalls']} upstream calls.")
