"""The provider of all checks: every token it speaks of is known beforehand, and its ledger says what it served."""

import json

import requests

from . import paths
from .processes import Program

READY_SECONDS = 20
CHAT_MODEL = "sim-chat"
EMBED_MODEL = "sim-embed"
# A tenth of a GenAI Unit a token: the 100 units of one Cloud Token are 1,000 tokens.
DEAR_MODEL = "sim-dear"
REGION = "eu-central-1"
# Stand for what a provider's account holds; the simulator does not look at them.
CREDENTIALS = {"CONFORMANCE_ACCESS_KEY": "AKIDCONFORMANCE", "CONFORMANCE_SECRET_KEY": "conformance-secret"}


class Simulator:
    """A running upstream-simulator."""

    def __init__(self, folder, *options):
        ready = folder / "simulator.json"
        self.program = Program(
            [paths.SIMULATOR, "--listen", "127.0.0.1:0", "--ready-file", ready, *options], folder / "simulator.log")
        self.program.wait_for_file(ready, READY_SECONDS)
        facts = json.loads(ready.read_text())
        self.url, self.process = facts["url"], facts["process"]

    def ledger(self):
        """Everything served since the start, oldest first."""
        entries, start = [], 0
        while True:
            answer = requests.get(f"{self.url}/ledger", params={"from": start}, timeout=30)
            answer.raise_for_status()
            entries += answer.json()
            if "x-ledger-next" not in answer.headers:
                return entries
            start = int(answer.headers["x-ledger-next"])

    def calls(self, request_id):
        """What was served under one request id of the gateway."""
        return [entry for entry in self.ledger() if entry["requestId"] == request_id]

    def count(self):
        """How many calls arrived so far."""
        return requests.get(f"{self.url}/ledger/summary", timeout=30).json()["calls"]

    def stop(self):
        self.program.stop()


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
    """The words that steer one call, for the end of a prompt: directive(output=50, fault="cut@10")."""
    return "[sim " + " ".join(f"{name}={value}" for name, value in settings.items()) + "]"
