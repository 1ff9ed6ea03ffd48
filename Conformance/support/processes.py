"""Programs that the checks start. Each is watched and ended by its own id, and every wait has an end."""

import os
import pathlib
import resource
import signal
import socket
import subprocess
import time

STOP_SECONDS = 75  # The server gives calls in flight 60 s.
POLL_SECONDS = 0.02


def wait_until(condition, seconds, what):
    """Waits until `condition()` is true and gives its value; fails with `what` when it takes too long."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(POLL_SECONDS)


def free_port():
    """A loopback port that was free a moment ago, for checks that need the same address twice."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """One started process with its output in a file."""

    def __init__(self, command, log, environment=None, open_files=None):
        """`open_files` lowers how many files and connections the system permits the program."""
        self.log = pathlib.Path(log)

        def lower():
            if open_files:
                resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})}, preexec_fn=lower if open_files else None)

    @property
    def output(self):
        return self.log.read_text(errors="replace")

    @property
    def tail(self):
        return "\n".join(self.output.splitlines()[-25:])

    def wait_for_file(self, path, seconds):
        """Waits for a file that the program writes when it is ready."""
        def is_there():
            assert self.process.poll() is None, f"the program ended with {self.process.returncode}:\n{self.tail}"
            return pathlib.Path(path).exists()
        wait_until(is_there, seconds, lambda: f"{path} is not written; the program said:\n{self.tail}")

    def wait(self, seconds):
        """The exit status of a program that ends by itself."""
        return self.process.wait(seconds)

    def stop(self):
        """Asks the program to end, as an operator does, and gives its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"the program did not stop within {STOP_SECONDS} s:\n{self.tail}") from None
        return self.process.returncode

    def kill(self):
        """`kill -9`: the program has no chance to do anything."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(STOP_SECONDS)
