"""The systems that are compared. Each is a context manager that starts one and gives its Target."""

import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
import tempfile
import urllib.request

from processes import Failure, answers, free_port, running, wait_until

READY_SECONDS = 30
# LiteLLM imports a great deal, once for each worker.
LITELLM_READY_SECONDS = 180
LITELLM_WORKERS = 2
MODEL = "sim-chat"
# The same upstream, spoken to in Anthropic's dialect.
ANTHROPIC_MODEL = "sim-messages"


@dataclasses.dataclass
class Target:
    """Where and how to call a system."""

    url: str
    key: str
    model: str
    process: int
    version: str
    command: list
    # The model's names by the dialect of the provider that serves it.
    models: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Programs:
    """Where the measured programs are."""

    simulator: str
    packhouse: str
    nginx: str
    litellm: str
    stream_load: str


def _version(command, pick=lambda text: text.splitlines()[0]):
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    text = (result.stdout + result.stderr).strip()
    return pick(text) if text else "unknown"


def _read_ready(process, path, seconds):
    wait_until(process, seconds, path.exists)
    return json.loads(path.read_text())


@contextlib.contextmanager
def start_simulator(programs, folder):
    """The upstream of all others, on one thread and without its ledger: it only counts calls."""
    ready = pathlib.Path(folder) / "simulator.json"
    command = [
        programs.simulator, "--listen", "127.0.0.1:0", "--threads", "1", "--no-ledger", "--ready-file", str(ready),
    ]
    with running("simulator", command, folder) as process:
        url = _read_ready(process, ready, READY_SECONDS)["url"]
        yield Target(url, "none", MODEL, process.pid, "of this repository", command)


NGINX_CONFIGURATION = """
{user}
worker_processes auto;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream simulator {{
    server {upstream};
    keepalive 256;
    keepalive_requests 1000000000;
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://simulator;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }}
  }}
}}
"""


@contextlib.contextmanager
def start_nginx(programs, folder, upstream):
    """A relay that decides nothing: the floor for anything between caller and upstream."""
    port = free_port()
    configuration = pathlib.Path(folder) / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(
        NGINX_CONFIGURATION.format(
            user=user, folder=folder, port=port, upstream=upstream.url.removeprefix("http://")))
    command = [programs.nginx, "-p", str(folder), "-c", str(configuration)]
    with running("nginx", command, folder) as process:
        url = f"http://127.0.0.1:{port}"
        wait_until(process, READY_SECONDS, lambda: answers(url + "/v1/models"))
        yield Target(url, "none", MODEL, process.pid, _version([programs.nginx, "-v"], lambda text: text.rpartition("/")[2]), command)


@contextlib.contextmanager
def start_litellm(programs, folder, upstream):
    """The LiteLLM proxy with key authentication, without a database, without calls to the outside."""
    port, key = free_port(), "sk-benchmark"
    configuration = pathlib.Path(folder) / "litellm.json"  # JSON is YAML
    configuration.write_text(json.dumps({
        "model_list": [{
            "model_name": MODEL,
            "litellm_params": {"model": f"openai/{MODEL}", "api_base": upstream.url + "/v1", "api_key": "none"},
        }],
        "litellm_settings": {"num_retries": 0, "telemetry": False},
        "general_settings": {"master_key": key},
    }))
    command = [
        programs.litellm, "--config", str(configuration), "--host", "127.0.0.1", "--port", str(port),
        "--num_workers", str(LITELLM_WORKERS), "--telemetry", "False",
    ]
    environment = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION", "LITELLM_LOG": "ERROR"}
    python = pathlib.Path(programs.litellm).parent / "python"
    version = _version([str(python), "-c", "import importlib.metadata as m; print(m.version('litellm'))"])
    with running("litellm", command, folder, environment) as process:
        url = f"http://127.0.0.1:{port}"
        wait_until(process, LITELLM_READY_SECONDS, lambda: answers(url + "/health/liveliness"))
        yield Target(url, key, MODEL, process.pid, version, command)


@contextlib.contextmanager
def start_packhouse(programs, folder, upstream):
    """Packhouse with everything on: key check, admission, durable metering, all listeners, the demo company.

    What this needs of the product, and nothing else does:
    - `packhouse serve` with the options below;
    - a providers file as `packhouse_providers` makes it;
    - the ready file, written once all listeners answer: `gateway` (URL), `textKey` (a key of the demo company's text
      resource, on which the model of the providers file is enabled), `process` (id).
    """
    folder = pathlib.Path(folder)
    providers, ready = folder / "providers.yaml", folder / "packhouse.json"
    providers.write_text(json.dumps(packhouse_providers(upstream.url)))  # JSON is YAML
    command = [
        programs.packhouse, "serve", "--data", str(folder / "data"), "--demo", "--providers", str(providers),
        "--portal", "127.0.0.1:0", "--gateway", "127.0.0.1:0", "--operations", "127.0.0.1:0",
        "--ready-file", str(ready),
        # All calls are of one key, which usually makes fewer.
        "--calls-per-minute", "1000000", "--calls-per-key", "4000",
        "--calls-per-resource", "4000", "--connections-per-address", "4000",
    ]
    with running("packhouse", command, folder, {"BENCH_SIMULATOR_KEY": "none"}) as process:
        facts = _read_ready(process, ready, READY_SECONDS)
        target = Target(
            facts["gateway"], facts["textKey"], MODEL, facts["process"], _version([programs.packhouse, "--version"]),
            command, {"openai": MODEL, "anthropic": ANTHROPIC_MODEL})
        _check_model(target)
        yield target


def packhouse_providers(upstream):
    """The content of the providers file: two more models, in Local, answered by the simulator in two dialects."""
    return {
        "families": [{"id": "simulated", "name": "Simulated", "vendor": "Packhouse"}],
        "models": [_model(MODEL, "Simulated chat", "openai-compatible"),
                   _model(ANTHROPIC_MODEL, "Simulated messages", "anthropic")],
        "providers": [
            {"name": "simulator", "kind": "openai-compatible", "region": "local", "endpoint": upstream + "/v1",
             "models": {MODEL: MODEL}},
            {"name": "simulator-messages", "kind": "anthropic", "region": "local", "endpoint": upstream,
             "apiKeyFrom": "BENCH_SIMULATOR_KEY", "models": {ANTHROPIC_MODEL: ANTHROPIC_MODEL}},
        ],
    }


def _model(name, shown, kind):
    return {
        "id": name, "name": shown, "family": "simulated", "type": "text", "availability": [{"region": "local"}],
        # The lowest rates there are: no allowance ends during a benchmark.
        "rates": {"input": 0.001, "output": 0.001},
        "limits": {
            "maxOutputTokens": 4096, "defaultMaxTokens": 1024, "maxInputTokens": 65536,
            "inputCounting": "bytes", "charactersPerToken": 4, "maxToolNameLength": 64,
        },
        "upstream": {kind: name},
    }


def _check_model(target):
    request = urllib.request.Request(target.url + "/v1/models", headers={"Authorization": "Bearer " + target.key})
    with urllib.request.urlopen(request, timeout=READY_SECONDS) as response:
        models = [model["id"] for model in json.load(response)["data"]]
    if target.model not in models:
        raise Failure(f"The demo company's text resource has {models}, but not {target.model}.")


@contextlib.contextmanager
def system(name, programs):
    """Starts the named system with an upstream of its own; gives its Target and the upstream's."""
    starts = {"nginx": start_nginx, "litellm": start_litellm, "packhouse": start_packhouse}
    with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder:
        with start_simulator(programs, folder) as upstream:
            if name == "simulator":
                yield upstream, upstream
                return
            with starts[name](programs, folder, upstream) as target:
                yield target, upstream
