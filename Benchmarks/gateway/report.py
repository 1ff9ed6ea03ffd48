"""Tables and files of one run's results."""

import dataclasses
import datetime
import json
import pathlib

NAMES = {
    "simulator": "upstream, called directly", "nginx": "nginx, plain relay",
    "packhouse": "Packhouse, everything on", "litellm": "LiteLLM, 2 workers",
}


def _milliseconds(microseconds):
    return f"{microseconds / 1000:.2f} ms"


def _megabytes(count):
    return f"{count / 1e6:.0f} MB"


@dataclasses.dataclass
class Run:
    """What was measured; empty where it was not asked for."""

    calls: dict
    dialects: dict
    streams: dict

    def lines(self):
        lines = []
        if self.calls:
            lines += [table(self.calls), "", *ratio_lines(self.calls), ""]
        if self.dialects:
            lines += ["Dialects, inbound to the provider's; the same passes through:", "", dialect_table(self.dialects), ""]
        if self.streams:
            lines += [*stream_lines(self.streams), ""]
        return lines[:-1]

    def commands(self):
        for result in self.calls.values():
            yield from (result["command"], result["many"]["command"])
        for results in self.streams.values():
            yield from (result["command"] for result in results.values())


def table(results):
    """The results as a Markdown table, also readable in a terminal."""
    heads = ["system", "req/s at 32", "p50 at 1", "p99 at 1", "added p50 at 1", "p50 at 32", "p99 at 32",
             "memory idle", "memory loaded"]
    direct = results.get("simulator")
    rows = [heads]
    for name, result in results.items():
        added = _milliseconds(result["one"]["p50"] - direct["one"]["p50"]) if direct else "-"
        rows.append([
            NAMES[name], f"{result['many']['requestsPerSecond']:,.0f}",
            _milliseconds(result["one"]["p50"]), _milliseconds(result["one"]["p99"]), added,
            _milliseconds(result["many"]["p50"]), _milliseconds(result["many"]["p99"]),
            _megabytes(result["memoryIdle"]), _megabytes(result["memoryLoaded"]),
        ])
    return _table(rows)


def dialect_table(results):
    rows = [["pair", "req/s at 32", "p50 at 1", "p99 at 1", "p50 at 32", "p99 at 32"]]
    for name, result in results.items():
        rows.append([
            name, f"{result['many']['requestsPerSecond']:,.0f}",
            _milliseconds(result["one"]["p50"]), _milliseconds(result["one"]["p99"]),
            _milliseconds(result["many"]["p50"]), _milliseconds(result["many"]["p99"]),
        ])
    return _table(rows)


def stream_lines(streams):
    """The streams by how many at once, and what each system adds to the upstream called directly."""
    rows = [["streams at once", "first p50", "first p99", "added p99", "gap p50", "gap p99", "added p99 gap", "memory"]]
    for results in streams.values():
        rows += _stream_rows(results)
    whole = sum(result["whole"] for results in streams.values() for result in results.values())
    return [_table(rows), "", f"All {whole:,} streams were whole."]


def _stream_rows(results):
    direct = results.get("simulator")
    for name, result in results.items():
        first, gap = result["first"], result["gap"]
        added = [
            f"{times['p99'] - direct[kind]['p99']:.1f} ms" if direct else "-"
            for kind, times in (("first", first), ("gap", gap))
        ]
        yield [
            f"{NAMES[name]}: {result['mostAtOnce']:,}", f"{first['p50']:.1f} ms", f"{first['p99']:.1f} ms", added[0],
            f"{gap['p50']:.1f} ms", f"{gap['p99']:.1f} ms", added[1], _megabytes(result["memory"]),
        ]


def _table(rows):
    heads = rows[0]
    widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
    lines = ["| " + " | ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))) + " |" for row in rows]
    rule = "|" + "|".join("-" * (w + 2) if i == 0 else "-" * (w + 1) + ":" for i, w in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def ratios(results):
    """Packhouse divided by each of the others: more throughput, less time and less memory are better."""
    ours = results.get("packhouse")
    if not ours:
        return {}
    found = {}
    for name, other in results.items():
        if name != "packhouse":
            found[name] = {
                "throughput": ours["many"]["requestsPerSecond"] / other["many"]["requestsPerSecond"],
                "medianAtOne": ours["one"]["p50"] / max(other["one"]["p50"], 1),
                "memoryLoaded": ours["memoryLoaded"] / max(other["memoryLoaded"], 1),
            }
    return found


def ratio_lines(results):
    return [
        f"- Packhouse against {NAMES[name]}: {r['throughput']:.2f} times the requests/s, "
        f"{r['medianAtOne']:.2f} times the median at 1 connection, {r['memoryLoaded']:.2f} times the memory."
        for name, r in ratios(results).items()
    ]


def write(folder, facts, run, settings):
    """Writes gateway-DATE.json and .md; gives their paths."""
    date = datetime.date.today().isoformat()
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    results = run.calls
    data = {
        "date": date, "machine": facts, "settings": settings, "results": results, "ratios": ratios(results),
        "dialects": run.dialects, "streams": run.streams,
    }
    (folder / f"gateway-{date}.json").write_text(json.dumps(data, indent=2) + "\n")
    versions = [f"- {NAMES[name]}: version {result['version']}" for name, result in results.items()]
    text = [
        f"# Gateway benchmark, {date}", "",
        f"{facts['processor']}, {facts['cores']} cores, Linux {facts['kernel']}, revision {facts['revision']}, "
        f"{facts['wrk']}, load average before {facts['loadBefore']}. Upstream, measured system and load generator share the machine; "
        f"{settings['warmupSeconds']} s warm-up and {settings['seconds']} s measured for each load.", "",
        *run.lines(), "", *versions, *([""] if versions else []),
        "Command lines, addresses as they were:", "", "```",
        *run.commands(), "```", "",
    ]
    (folder / f"gateway-{date}.md").write_text("\n".join(text))
    return folder / f"gateway-{date}.json", folder / f"gateway-{date}.md"
