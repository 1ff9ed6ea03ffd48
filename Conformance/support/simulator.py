"""The provider of all checks: every token it speaks of is known beforehand, and its ledger says what it served.

For tests:

- `Simulator(folder, "--region", "eu-central-1", ...)` starts one with options of its own;
- `directive(tools=2, reasoning=5)` are the words in a prompt that steer one call and the turns of tools after it;
- `simulator.behave(...)`, `.fault("503", probability=0.2)`, `.faults([...])`, `.outage(...)`, `.calm()` change what all
  calls, or those of one region, meet while it runs;
- `simulator.region_url(name)` is a provider's address that the ledger tells apart;
- `simulator.ledger(region=..., dialect=...)`, `.last()`, `.tokens(...)`, `.calls(request_id)`, `.summary()` say what it
  served, by class of tokens;
- `PNG`, `PDF` are media that it takes, `IMAGE_TOKENS`, `DOCUMENT_TOKENS` what it counts for them.

`upstream-simulator --help` lists every setting and fault.
"""

import base64
import contextlib
import json
import urllib.parse

import requests

from . import paths
from .processes import Program

READY_SECONDS = 20
CONTROL_SECONDS = 30
IMAGE_TOKENS, DOCUMENT_TOKENS = 100, 200
# One transparent pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# The classes of a ledger entry.
CLASSES = (
    "inputTokens", "cacheReadTokens", "cacheWriteTokens", "cacheWrite5mTokens", "cacheWrite1hTokens", "outputTokens",
    "reasoningTokens")
CHAT_MODEL = "sim-chat"
EMBED_MODEL = "sim-embed"
# A tenth of a GenAI Unit a token: the 100 units of one Cloud Token are 1,000 tokens.
DEAR_MODEL = "sim-dear"
REGION = "eu-central-1"
# Stand for what a provider's account holds; the simulator does not look at them.
CREDENTIALS = {"CONFORMANCE_ACCESS_KEY": "AKIDCONFORMANCE", "CONFORMANCE_SECRET_KEY": "conformance-secret"}


class Simulator:
    """A running upstream-simulator; `regions` maps each region with a port of its own to its address."""

    def __init__(self, folder, *options):
        ready = folder / "simulator.json"
        self.program = Program(
            [paths.SIMULATOR, "--listen", "127.0.0.1:0", "--ready-file", ready, *options], folder / "simulator.log")
        self.program.wait_for_file(ready, READY_SECONDS)
        facts = json.loads(ready.read_text())
        self.url, self.process, self.regions = facts["url"], facts["process"], facts["regions"]

    def stop(self):
        self.program.stop()

    # Regions and behavior

    def region_url(self, region=None):
        """The address under which the simulator plays a region, whether or not it has a port of its own."""
        return f"{self.url}/region/{region}" if region else self.url

    def behave(self, region=None, **settings):
        """Changes settings for all calls, or for one region's, until `calm`. Gives the settings then in force."""
        return self._control("PUT", "behavior", region, json=settings)

    def fault(self, fault, region=None, **rule):
        """Strikes calls with a fault: fault("429@2", times=3), fault("500", probability=0.1, seed=4),
        fault("timeout", every=5), fault("503", after=500, **{"for": 2000}). None ends it."""
        return self.behave(region, fault=fault, **rule)

    def faults(self, rules, region=None):
        """Several faults at once, each a dict as for `fault`; the first that strikes a call is used."""
        return self.behave(region, faults=rules)

    @contextlib.contextmanager
    def outage(self, fault="503", region=None, **rule):
        """A fault for as long as the block lasts."""
        self.fault(fault, region, **rule)
        try:
            yield self
        finally:
            self.fault(None, region)

    def calm(self, region=None):
        """Back to the options it was started with; without a region for all regions as well."""
        return self._control("DELETE", "behavior", region)

    def forget(self):
        """Empties the ledger and the prompt cache."""
        self._control("DELETE", "ledger")
        self._control("DELETE", "cache")

    def _control(self, method, path, region=None, **options):
        answer = requests.request(method, f"{self.region_url(region)}/{path}", timeout=CONTROL_SECONDS, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    # The ledger

    def ledger(self, **members):
        """Everything served since the start, oldest first; ledger(region="eu-west-1", dialect="bedrock") filters."""
        entries, start = [], 0
        while True:
            answer = requests.get(f"{self.url}/ledger", params={"from": start}, timeout=CONTROL_SECONDS)
            answer.raise_for_status()
            entries += answer.json()
            if "x-ledger-next" not in answer.headers:
                break
            start = int(answer.headers["x-ledger-next"])
        return [entry for entry in entries if all(entry[name] == value for name, value in members.items())]

    def calls(self, request_id):
        """What was served under one request id of the gateway."""
        return self.ledger(requestId=request_id)

    def last(self, **members):
        """The newest entry of those that `ledger` gives."""
        return self.ledger(**members)[-1]

    def tokens(self, entries=None, **members):
        """Sums by class over the given entries, or over those that `ledger` gives."""
        entries = self.ledger(**members) if entries is None else entries
        return {name: sum(entry[name] for entry in entries) for name in CLASSES}

    def summary(self):
        """The sums over everything, and in `byRegion` those of each region."""
        return self._control("GET", "ledger/summary")

    def count(self):
        """How many calls arrived so far."""
        return self.summary()["calls"]


def providers(url):
    """The content of a providers file that sends everything to the simulator. JSON is YAML."""
    def model(name, kind, rates, **limits):
        return {
            "id": name, "name": name, "family": "simulated", "type": kind, "availability": [{"region": "local"}],
            "rates": rates, "limits": {"inputCounting": "bytes", **limits},
        }
    chat = {"maxOutputTokens": 8192, "defaultMaxTokens": 1024, "charactersPerToken": 4, "maxToolNameLength": 64}
    return {
        "families": [{"id": "simulated", "name": "Simulated", "vendor": "Packhouse"}],
        "models": [
            model(CHAT_MODEL, "text", {"input": 1.5, "output": 2.5}, **chat),
            model(DEAR_MODEL, "text", {"input": 100_000, "output": 100_000}, **chat),
            model(EMBED_MODEL, "embeddings", {"input": 1.5}, dimensions=1024, maxTexts=96),
        ],
        "providers": [
            {
                "name": "local-simulator", "kind": "openai-compatible", "region": "local", "endpoint": f"{url}/v1",
                "models": {name: name for name in (CHAT_MODEL, DEAR_MODEL, EMBED_MODEL)},
            },
            {
                "name": "frankfurt", "kind": "bedrock", "region": REGION, "endpoint": url,
                "accessKeyFrom": "CONFORMANCE_ACCESS_KEY", "secretKeyFrom": "CONFORMANCE_SECRET_KEY",
            },
        ],
    }


def directive(**settings):
    """The words that steer one call, for the end of a prompt: directive(output=50, fault="cut@10").

    Any text can be given to `say`; lists become NAME,NAME.
    """
    def word(name, value):
        if name == "say":
            return urllib.parse.quote(value)
        return ",".join(value) if isinstance(value, (list, tuple)) else value
    return "[sim " + " ".join(f"{name}={word(name, value)}" for name, value in settings.items()) + "]"
