"""Damaged input for every decoder and reader of the product. `make fuzz` runs as long as one likes; this is the short form."""

import os
import re
import subprocess

import pytest

from support.paths import BINARIES, ROOT

PROBE = BINARIES / "codec-probe"
COUNT = int(os.environ.get("PACKHOUSE_FUZZ_COUNT") or 20_000)
SECONDS = 900


def fuzz(*options):
    return subprocess.run(
        [PROBE, "fuzz", "--corpus", ROOT / "Tests/CodecCorpus", *map(str, options)], capture_output=True, text=True,
        timeout=SECONDS)


def test_nothing_crashes_hangs_fills_memory_or_minds_splits(tmp_path):
    trace = tmp_path / "input"
    run = fuzz("--count", COUNT, "--trace", trace)
    print(run.stdout)
    assert run.returncode == 0, f"input {trace.read_text()}{run.stdout}{run.stderr}"
    assert f"inputs {COUNT} " in run.stdout
    answers, requests = re.search(r"understood: (\d+) answers, (\d+) requests", run.stdout).groups()
    # What is refused at the door tests little.
    assert int(answers) > COUNT / 50 and int(requests) > COUNT / 100


@pytest.mark.parametrize("plant, sign", [
    ("split", "means something else"), ("hang", "takes longer than"), ("memory", "MB"), ("crash", ""),
    ("usage", "beyond reason"),
])
def test_each_planted_fault_is_found(tmp_path, plant, sign):
    trace = tmp_path / "input"
    run = fuzz("--count", 20_000, "--seed", 7, "--trace", trace, "--plant", plant)
    assert run.returncode != 0
    assert sign in run.stdout + run.stderr
    number = trace.read_text().split()[0]
    if plant == "crash":
        assert run.returncode < 0
    # The input that did it is found again by its number alone, and is nothing without the fault.
    if plant != "memory":
        assert fuzz("--count", 1, "--from", number, "--seed", 7, "--plant", plant).returncode != 0
    assert fuzz("--count", 1, "--from", number, "--seed", 7).returncode == 0


def test_the_same_seed_makes_the_same_input(tmp_path):
    for name, seed in [("a", 3), ("b", 3), ("c", 4)]:
        fuzz("--count", 1, "--from", 12_345, "--seed", seed, "--save", tmp_path / name)
    contents = [(tmp_path / name).read_bytes() for name in "abc"]
    assert contents[0] == contents[1] != contents[2]
