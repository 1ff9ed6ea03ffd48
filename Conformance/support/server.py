"""A packhouse server on a data folder of its own."""

import dataclasses
import json
import os
import pathlib
import stat
import subprocess

from . import paths
from .processes import Program
from .simulator import CREDENTIALS, providers

READY_SECONDS = 60
COMMAND_SECONDS = 60


@dataclasses.dataclass(frozen=True)
class Person:
    email: str
    password: str


class Server:
    """Starts, stops and asks one server; `ready` is what its ready file says."""

    def __init__(self, folder, simulator=None, demo=True, options=(), environment=None, open_files=None):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.environment = {**CREDENTIALS, **(environment or {})}
        self.options, self.open_files = list(options), open_files
        if demo:
            self.options.append("--demo")
        if simulator:
            path = self.folder / "providers.yaml"
            path.write_text(json.dumps(providers(simulator.url)))
            self.options += ["--providers", path]
        self.program, self.ready = None, {}

    # Life

    def start(self):
        ready = self.folder / "ready.json"
        ready.unlink(missing_ok=True)
        self.program = Program(
            [paths.PACKHOUSE, *self.serve_arguments, "--ready-file", ready], self.folder / "server.log",
            self.environment, self.open_files)
        self.program.wait_for_file(ready, READY_SECONDS)
        self.ready_mode = stat.S_IMODE(os.stat(ready).st_mode)
        self.ready = json.loads(ready.read_text())
        return self

    @property
    def serve_arguments(self):
        arguments = ["serve", "--data", self.data, "--models", paths.MODELS, *self.options]
        given = {str(option) for option in self.options}
        for listener in ("--portal", "--gateway", "--operations"):
            if listener not in given:
                arguments += [listener, "127.0.0.1:0"]
        return arguments

    def stop(self):
        return self.program.stop() if self.program else None

    def kill(self):
        self.program.kill()

    def restart(self):
        self.stop()
        return self.start()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.program and self.program.process.poll() is None:
            self.program.stop()

    # Facts

    portal = property(lambda self: self.ready["portal"])
    gateway = property(lambda self: self.ready["gateway"])
    operations = property(lambda self: self.ready["operations"])
    admin = property(lambda self: Person(**self.ready["admin"]))
    member = property(lambda self: Person(**self.ready["member"]))

    def usage(self, resource):
        """All usage entries of a resource, as the operator's command prints them."""
        result = run("usage", "export", "--data", self.data, "--resource", resource, "--format", "json",
                     environment=self.environment)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    def entry(self, resource, request_id):
        """The one usage entry of a call; more or fewer fail."""
        found = [entry for entry in self.usage(resource) if entry["requestId"] == request_id]
        assert len(found) == 1, f"{len(found)} usage entries for {request_id}"
        return found[0]


def run(*arguments, environment=None, seconds=COMMAND_SECONDS):
    """Runs a packhouse command to its end."""
    return subprocess.run(
        [str(part) for part in (paths.PACKHOUSE, *arguments)], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=seconds, env={**os.environ, **(environment or {})})


def tokens(entry):
    """The token classes of a usage entry under the simulator's names."""
    return {
        "inputTokens": entry["inputTokens"], "cacheReadTokens": entry["cacheReadTokens"],
        "cacheWriteTokens": entry["cacheWriteTokens"], "outputTokens": entry["outputTokens"],
    }
