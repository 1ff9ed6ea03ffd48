#!/usr/bin/env python3
"""Times every page of the Control Center of a company with many resources and a long ledger.

Writes the company, starts the server on it, and asks for one page after the other: alone first, then while a colleague
changes resources all the time. See Benchmarks/README.md.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Benchmarks"))

import machine
import report
from changes import Colleague
from pages import Pages
from processes import Failure, resident_bytes, running, wait_until
from visitor import Visitor

COMPANY, EMAIL, PASSWORD = "Fernhill", "maud@history.example", "as long as it takes"
READY_SECONDS = 300


def command(options, *words, given=None):
    """Runs packhouse to its end; Failure with what it said where it fails."""
    place = ["--data", str(options.data), *(["--database", options.database] if options.database else [])]
    result = subprocess.run([options.packhouse, *words, *place], input=given, capture_output=True, text=True)
    if result.returncode != 0:
        raise Failure(f"packhouse {words[0]} {words[1]} failed:\n{result.stderr}{result.stdout}")
    return result.stdout


def write_company(options):
    """A fresh data folder with the company and its admin. The first command for it enters the ledger."""
    command(options, "company", "create", "Smallholding", "--admin-name", "Ada Quist", "--admin-email",
            "ada@smallholding.example", "--password-stdin", given=PASSWORD)
    history = [
        options.history, "--data", str(options.data), "--name", COMPANY, "--resources", str(options.resources),
        "--entries", str(options.entries), "--end", str(int(time.time() * 1000)), "--seed", str(options.seed),
        *(["--database", options.database] if options.database else []),
    ]
    print(subprocess.run(history, check=True, capture_output=True, text=True).stdout.strip(), flush=True)
    began = time.monotonic()
    command(options, "user", "create", COMPANY, "--name", "Maud Peters", "--email", EMAIL, "--admin",
            "--password-stdin", given=PASSWORD)
    print(f"Entered the ledger in {time.monotonic() - began:.0f} s.", flush=True)
    print(command(options, "ledger", "verify", COMPANY).strip(), flush=True)


def sample(visitor, pages, options):
    """Seconds of `options.samples` answers of each page, the pages taken in turn."""
    seconds = {name: [] for name in pages}
    for _ in range(options.samples):
        for name, address in pages.items():
            seconds[name].append(visitor.page(address())[1])
    return seconds


def measure(options, process, ready, results):
    url = json.loads(ready.read_text())["portal"]
    visitor = Visitor(url)
    visitor.sign_in(EMAIL, PASSWORD)
    pages = Pages(options.resources, options.entries, random.Random(options.seed)).all()
    # The first page after the start reads the whole history; each kind of page is asked for once before it counts.
    results["firstPage"] = visitor.page(pages["Resources, any page"]())[1]
    for address in pages.values():
        visitor.page(address())
    print("Measuring: alone", flush=True)
    results["alone"] = sample(visitor, pages, options)
    print("Measuring: while a colleague changes resources", flush=True)
    colleague = Colleague(url, EMAIL, PASSWORD, Pages(options.resources, options.entries, random.Random(options.seed + 1)))
    stop = threading.Event()
    thread = threading.Thread(target=colleague.work, args=(stop, options.pause))
    thread.start()
    try:
        results["busy"] = sample(visitor, pages, options)
    finally:
        stop.set()
        thread.join()
    if colleague.problem:
        raise Failure(f"The colleague could not go on: {colleague.problem}")
    results["changes"] = colleague.seconds
    results["memory"] = resident_bytes(process.pid)


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=1_000_000, help="ledger entries, about")
    parser.add_argument("--samples", type=int, default=100, help="answers of each page that count")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two changes of the colleague")
    parser.add_argument("--seed", type=int, default=1, help="chooses history and addresses")
    parser.add_argument("--data", help="data folder that stays; one that has the company already is used as it is")
    parser.add_argument("--database", help="PostgreSQL database, empty or of an earlier run with the same --data")
    parser.add_argument("--packhouse", default=str(ROOT / ".build/release/packhouse"))
    parser.add_argument("--history", default=str(ROOT / ".build/release/company-history"))
    parser.add_argument("--results", default=str(ROOT / "Benchmarks/results"), help="folder for the figures")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    for program in (options.packhouse, options.history):
        if not pathlib.Path(program).exists():
            raise Failure(f"{program} is missing; `make bench-portal` builds it.")
    facts, results = machine.facts(), {}
    with tempfile.TemporaryDirectory() as temporary:
        options.data = pathlib.Path(options.data or temporary + "/data")
        if not (options.data / "master.key").exists():
            write_company(options)
        ready = pathlib.Path(temporary) / "ready.json"
        serve = [
            options.packhouse, "serve", "--data", str(options.data), "--portal", "127.0.0.1:0", "--gateway",
            "127.0.0.1:0", "--operations", "127.0.0.1:0", "--ready-file", str(ready),
            *(["--database", options.database] if options.database else []),
        ]
        with running("packhouse", serve, temporary) as process:
            wait_until(process, READY_SECONDS, ready.exists)
            measure(options, process, ready, results)
        print(command(options, "ledger", "verify", COMPANY).strip())
    settings = {name: getattr(options, name) for name in ("resources", "entries", "samples", "pause", "seed")}
    settings["engine"] = "PostgreSQL" if options.database else "SQLite"
    print("\n" + report.table(results) + "\n")
    for path in report.write(options.results, facts, results, settings):
        print(f"Written: {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Failure as failure:
        sys.exit(f"bench-portal: {failure}")
