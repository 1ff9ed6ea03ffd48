#!/usr/bin/env python3
"""Compares the gateway with its upstream called directly, nginx as a plain relay, and LiteLLM.

One after the other, each alone on the machine but for the upstream and the load generator. See Benchmarks/README.md.
"""

import argparse
import pathlib
import shutil
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Benchmarks"))

import load
import machine
import report
from processes import Failure, highest_memory, resident_bytes
from systems import Programs, system

SYSTEMS = ["simulator", "nginx", "packhouse", "litellm"]
MANY, ONE = 32, 1
SETTLE_SECONDS = 1


def measure(name, programs, options):
    """Starts one system, loads it with many connections and with one, and stops it."""
    with system(name, programs) as (target, upstream):
        load.check_answer(target)
        time.sleep(SETTLE_SECONDS)
        idle = resident_bytes(target.process)
        loads = {}
        for label, connections in (("many", MANY), ("one", ONE)):
            load.run(target, upstream, connections, options.warmup)
            with highest_memory(target.process) as highest:
                loads[label] = load.run(target, upstream, connections, options.seconds)
            loads[label]["memory"] = highest[0]
        command = " ".join(target.command).replace(str(ROOT) + "/", "")
        return {
            "version": target.version, "command": command, **loads,
            "memoryIdle": idle, "memoryLoaded": max(loads[label]["memory"] for label in loads),
        }


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--systems", default=",".join(SYSTEMS), help="which to measure, of: " + ", ".join(SYSTEMS))
    parser.add_argument("--seconds", type=int, default=10, help="measured seconds for each load")
    parser.add_argument("--warmup", type=int, default=3, help="seconds of the same load before, not measured")
    parser.add_argument("--packhouse", default=str(ROOT / ".build/release/packhouse"))
    parser.add_argument("--simulator", default=str(ROOT / ".build/release/upstream-simulator"))
    parser.add_argument("--litellm", default=str(ROOT / ".venv-litellm/bin/litellm"))
    parser.add_argument("--nginx", default=shutil.which("nginx") or "/usr/sbin/nginx")
    parser.add_argument("--results", default=str(ROOT / "Benchmarks/results"), help="folder for the figures")
    options = parser.parse_args(arguments)
    options.systems = [name for name in options.systems.split(",") if name]
    if unknown := [name for name in options.systems if name not in SYSTEMS]:
        parser.error(f"unknown system {unknown[0]}; use {', '.join(SYSTEMS)}")
    return options


def main(arguments):
    options = parse(arguments)
    programs = Programs(options.simulator, options.packhouse, options.nginx, options.litellm)
    for name in {"simulator", *options.systems}:
        if not pathlib.Path(getattr(programs, name)).exists():
            raise Failure(f"{getattr(programs, name)} is missing; `make bench-gateway` builds and installs all.")
    if not shutil.which("wrk"):
        raise Failure("wrk is missing; run scripts/install-system.sh bench.")
    facts, results = machine.facts(), {}
    facts["wrk"] = machine.first_line(["wrk", "--version"]).partition(" [")[0]
    for name in options.systems:
        print(f"Measuring: {report.NAMES[name]}", flush=True)
        results[name] = measure(name, programs, options)
    settings = {"seconds": options.seconds, "warmupSeconds": options.warmup, "connections": [MANY, ONE]}
    print("\n" + report.table(results) + "\n")
    print("\n".join(report.ratio_lines(results)))
    for path in report.write(options.results, facts, results, settings):
        print(f"Written: {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Failure as failure:
        sys.exit(f"bench-gateway: {failure}")
