"""A server whose providers are of every kind that chats, all of them the simulator."""

import json

from .server import Server
from .simulator import providers

CLAUDE_MODEL = "sim-claude"
# Those of Claude in the shipped catalog, as far as the checks come near them.
LIMITS = {
    "maxOutputTokens": 8_192, "defaultMaxTokens": 1_024, "inputCounting": "bytes", "charactersPerToken": 3.5,
    "maxToolNameLength": 64,
    "images": {
        "max": 20, "maxBytes": 3_932_160, "maxSide": 8_000, "tokensEach": 2_000,
        "formats": ["png", "jpeg", "gif", "webp"]},
    "documents": {
        "max": 5, "maxBytes": 4_718_592, "tokensPerByte": 4,
        "formats": ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"]},
}


def every_kind(url):
    """The usual providers, and one of the kind `anthropic` beside them."""
    content = providers(url)
    content["models"].append({
        "id": CLAUDE_MODEL, "name": CLAUDE_MODEL, "family": "simulated", "type": "text",
        "availability": [{"region": "local"}], "rates": {"input": 3, "output": 15},
        "limits": LIMITS})
    content["providers"].append({
        "name": "claude", "kind": "anthropic", "region": "local", "endpoint": url,
        "apiKeyFrom": "CONFORMANCE_CLAUDE_KEY", "models": {CLAUDE_MODEL: CLAUDE_MODEL}})
    return content


def server_of_every_kind(folder, simulator, *options):
    path = folder / "every-kind.yaml"
    path.write_text(json.dumps(every_kind(simulator.url)))
    return Server(
        folder, options=["--providers", path, *options], environment={"CONFORMANCE_CLAUDE_KEY": "conformance"})
