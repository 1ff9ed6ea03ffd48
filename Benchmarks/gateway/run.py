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

import calls
import load
import machine
import report
import streams
from processes import Failure, highest_memory, resident_bytes
from systems import Programs, system

SYSTEMS = ["simulator", "nginx", "packhouse", "litellm"]
PARTS = ["calls", "dialects", "streams"]
MANY, ONE = 32, 1
# The first is well below what two cores carry, so that it tells time and not the length of queues.
STREAMS, ROUNDS = [200, 1_000], 2
STREAMED_SYSTEMS = ["simulator", "nginx", "packhouse"]
SETTLE_SECONDS = 1
# Inbound dialect and the provider's, the same or not.
PAIRS = [("openai", "openai"), ("openai", "anthropic"), ("anthropic", "anthropic"), ("anthropic", "openai")]


def measure(name, programs, options):
    """Starts one system, loads it with many connections and with one, and stops it."""
    with system(name, programs) as (target, upstream):
        call = calls.openai(target.model)
        load.check_answer(target, call)
        time.sleep(SETTLE_SECONDS)
        idle = resident_bytes(target.process)
        loads = {}
        for label, connections in (("many", MANY), ("one", ONE)):
            load.run(target, upstream, call, connections, options.warmup)
            with highest_memory(target.process) as highest:
                loads[label] = load.run(target, upstream, call, connections, options.seconds)
            loads[label]["memory"] = highest[0]
        command = " ".join(target.command).replace(str(ROOT) + "/", "")
        return {
            "version": target.version, "command": command, **loads,
            "memoryIdle": idle, "memoryLoaded": max(loads[label]["memory"] for label in loads),
        }


def measure_dialects(programs, options):
    """Packhouse with every pair of dialects, in one process, one after the other."""
    found = {}
    with system("packhouse", programs) as (target, upstream):
        for inbound, outbound in PAIRS:
            call = calls.DIALECTS[inbound](target.models[outbound])
            load.check_answer(target, call)
            load.run(target, upstream, call, MANY, options.warmup)
            found[f"{inbound} to {outbound}"] = {
                "many": load.run(target, upstream, call, MANY, options.seconds),
                "one": load.run(target, upstream, call, ONE, options.seconds),
            }
    return found


def measure_streams(count, name, programs):
    with system(name, programs) as (target, _):
        return streams.run(programs.stream_load, target, count, ROUNDS)


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--systems", default=",".join(SYSTEMS), help="which to measure, of: " + ", ".join(SYSTEMS))
    parser.add_argument("--parts", default=",".join(PARTS), help="what to measure, of: " + ", ".join(PARTS))
    parser.add_argument("--seconds", type=int, default=10, help="measured seconds for each load")
    parser.add_argument("--warmup", type=int, default=3, help="seconds of the same load before, not measured")
    parser.add_argument("--packhouse", default=str(ROOT / ".build/release/packhouse"))
    parser.add_argument("--simulator", default=str(ROOT / ".build/release/upstream-simulator"))
    parser.add_argument("--stream-load", default=str(ROOT / ".build/release/stream-load"))
    parser.add_argument("--litellm", default=str(ROOT / ".venv-litellm/bin/litellm"))
    parser.add_argument("--nginx", default=shutil.which("nginx") or "/usr/sbin/nginx")
    parser.add_argument("--results", default=str(ROOT / "Benchmarks/results"), help="folder for the figures")
    options = parser.parse_args(arguments)
    options.systems = [name for name in options.systems.split(",") if name]
    if unknown := [name for name in options.systems if name not in SYSTEMS]:
        parser.error(f"unknown system {unknown[0]}; use {', '.join(SYSTEMS)}")
    options.parts = [name for name in options.parts.split(",") if name]
    if unknown := [name for name in options.parts if name not in PARTS]:
        parser.error(f"unknown part {unknown[0]}; use {', '.join(PARTS)}")
    return options


def main(arguments):
    options = parse(arguments)
    programs = Programs(options.simulator, options.packhouse, options.nginx, options.litellm, options.stream_load)
    for name in {"simulator", "stream_load", *options.systems}:
        if not pathlib.Path(getattr(programs, name)).exists():
            raise Failure(f"{getattr(programs, name)} is missing; `make bench-gateway` builds and installs all.")
    if not shutil.which("wrk"):
        raise Failure("wrk is missing; run scripts/install-system.sh bench.")
    facts, results = machine.facts(), {}
    facts["wrk"] = machine.first_line(["wrk", "--version"]).partition(" [")[0]
    dialects, streamed = {}, {}
    if "calls" in options.parts:
        for name in options.systems:
            print(f"Measuring: {report.NAMES[name]}", flush=True)
            results[name] = measure(name, programs, options)
    if "dialects" in options.parts and "packhouse" in options.systems:
        print("Measuring: pairs of dialects", flush=True)
        dialects = measure_dialects(programs, options)
    if "streams" in options.parts:
        names = [name for name in STREAMED_SYSTEMS if name in options.systems]
        for count in STREAMS:
            streamed[count] = {}
            for name in names:
                print(f"Measuring: {count} streams, {report.NAMES[name]}", flush=True)
                streamed[count][name] = measure_streams(count, name, programs)
    settings = {
        "seconds": options.seconds, "warmupSeconds": options.warmup, "connections": [MANY, ONE],
        "streams": STREAMS, "rounds": ROUNDS, "eventsPerSecond": 1_000 / streams.INTERVAL_MILLISECONDS,
    }
    run = report.Run(results, dialects, streamed)
    print("\n" + "\n".join(run.lines()) + "\n")
    for path in report.write(options.results, facts, run, settings):
        print(f"Written: {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Failure as failure:
        sys.exit(f"bench-gateway: {failure}")
