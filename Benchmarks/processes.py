"""Starting, watching and ending the programs of one measurement. Only processes started here are ever ended."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

STOP_SECONDS = 20
SAMPLE_SECONDS = 0.25


class Failure(Exception):
    """A benchmark that cannot be made, in a sentence for whoever started it."""


def free_port():
    """A loopback port that was free a moment ago, for programs that cannot pick one themselves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(name, command, folder, environment=None, stop_signal=signal.SIGTERM):
    """Runs a program with its output in FOLDER/NAME.log; ends it, with all that it started, at the end."""
    log = pathlib.Path(folder) / f"{name}.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    process.log = log
    try:
        yield process
    finally:
        process.send_signal(stop_signal)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        # The session is its own, so the group holds only what this program left behind.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(process, seconds, is_ready):
    """Waits for a started program; says with its last lines why it did not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        if is_ready():
            return
        time.sleep(0.05)
    tail = "\n".join(process.log.read_text(errors="replace").splitlines()[-20:])
    raise Failure(f"{process.args[0]} was not ready within {seconds} s. Its last lines:\n{tail}")


def answers(url):
    """True when a GET of the address answers with success."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _parents():
    parents = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                # The name in brackets may hold spaces; the parent is the second field after it.
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    return parents


def resident_bytes(process):
    """VmRSS summed over the process and all its descendants."""
    parents = _parents()
    tree, found = {process}, True
    while found:
        found = {child for child, parent in parents.items() if parent in tree and child not in tree}
        tree |= found
    total = 0
    for member in tree:
        with contextlib.suppress(OSError):
            for line in pathlib.Path(f"/proc/{member}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1]) * 1024
    return total


@contextlib.contextmanager
def highest_memory(process):
    """Samples the tree's memory while the block runs; the list ends up with the highest value."""
    highest, stopped = [0], threading.Event()

    def sample():
        while not stopped.is_set():
            highest[0] = max(highest[0], resident_bytes(process))
            stopped.wait(SAMPLE_SECONDS)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield highest
    finally:
        stopped.set()
        thread.join()
