"""`kill -9` under load, ten times: what a client has whole is metered exactly once. Rules M-1, M-2."""

import collections
import json
import random
import threading
import time

import pytest
import requests

from support.company import consumption
from support.portal import Portal
from support.processes import wait_until
from support.server import Server, tokens
from support.simulator import CHAT_MODEL, Simulator, directive

KILLS = 10
CALLERS = 8
LOAD_SECONDS = (0.4, 1.0)
METERED_SECONDS = 5


class Caller(threading.Thread):
    """Calls until it is told to stop, and notes the ids of the answers that it received whole."""

    def __init__(self, server, number, stop):
        super().__init__(daemon=True)
        self.address, self.key = f"{server.gateway}/v1/chat/completions", server.ready["textKey"]
        self.number, self.stop, self.whole, self.broken = number, stop, [], 0

    def run(self):
        with requests.Session() as session:
            session.headers["x-api-key"] = self.key
            while not self.stop.is_set():
                self.number += CALLERS
                try:
                    self.whole.append(self._call(session, streamed=self.number % 2 == 0))
                except (requests.RequestException, json.JSONDecodeError, EOFError):
                    self.broken += 1

    def _call(self, session, streamed):
        text = "word " * (self.number % 5) + directive(output=self.number % 17 + 3, interval=3, latency=5)
        body = {"model": CHAT_MODEL, "stream": streamed, "messages": [{"role": "user", "content": text}]}
        with session.post(self.address, json=body, stream=streamed, timeout=20) as answer:
            answer.raise_for_status()
            if streamed:
                lines = [line for line in answer.iter_lines() if line]
                if lines[-1:] != [b"data: [DONE]"]:
                    raise EOFError
            else:
                answer.json()
            return answer.headers["x-request-id"]


@pytest.fixture
def own_server(tmp_path):
    upstream = Simulator(tmp_path)
    server = Server(tmp_path, upstream)
    yield server, upstream
    if server.program:
        server.kill()
    upstream.stop()


def test_ten_kills_under_load_lose_nothing_and_double_nothing(own_server):
    server, upstream = own_server
    seed = random.randrange(1 << 30)
    print("seed", seed)
    source, whole, broken = random.Random(seed), [], 0
    for _ in range(KILLS):
        server.start()
        stop = threading.Event()
        callers = [Caller(server, number, stop) for number in range(CALLERS)]
        for caller in callers:
            caller.start()
        time.sleep(source.uniform(*LOAD_SECONDS))
        server.kill()
        stop.set()
        for caller in callers:
            caller.join(30)
            assert not caller.is_alive()
            whole += caller.whole
            broken += caller.broken
    # Without these the check would prove nothing.
    assert len(whole) > KILLS * CALLERS and broken >= KILLS, (len(whole), broken)

    server.start()
    resource = server.ready["textResource"]
    served = {entry["requestId"]: entry for entry in upstream.ledger()}
    assert set(whole) <= set(served)
    wait_until(lambda: set(served) <= {entry["requestId"] for entry in server.usage(resource)}, METERED_SECONDS,
               "calls that reached the provider are missing in the usage entries")
    entries = server.usage(resource)
    counts = collections.Counter(entry["requestId"] for entry in entries)
    assert max(counts.values()) == 1
    found = {entry["requestId"]: entry for entry in entries}
    for request_id in whole:
        assert tokens(found[request_id]) == {name: served[request_id][name] for name in tokens(found[request_id])}
        assert found[request_id]["status"] == "completed"
    interrupted = [entry for entry in entries if entry["status"] == "interrupted"]
    assert interrupted and all(entry["estimated"] and entry["inputTokens"] > 0 for entry in interrupted)

    # The roll-ups agree with the facts.
    person = Portal(server.portal, server.admin)
    sums = {
        "calls": len(entries), "input": sum(entry["inputTokens"] for entry in entries),
        "output": sum(entry["outputTokens"] for entry in entries)}
    wait_until(lambda: consumption(person, resource) == sums, METERED_SECONDS,
               lambda: f"the consumption page shows {consumption(person, resource)}, the entries add up to {sums}")

    # A graceful end leaves nothing open, and another start changes nothing.
    assert server.stop() == 0
    server.start()
    assert collections.Counter(entry["requestId"] for entry in server.usage(resource)) == counts
    server.stop()
