"""Tables and files of one run's results."""

import datetime
import json
import math
import pathlib

GOAL = 0.050


def percentile(seconds, share):
    """The smallest of `seconds` that at least `share` of them do not pass."""
    ordered = sorted(seconds)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def figures(seconds):
    return {"count": len(seconds), "p50": percentile(seconds, 0.50), "p95": percentile(seconds, 0.95), "max": max(seconds)}


def _milliseconds(seconds):
    return f"{seconds * 1000:.1f}"


def table(results):
    """Milliseconds to the last byte of each page, as a Markdown table."""
    heads = ["page", "p50", "p95", "max", "busy p50", "busy p95", "busy max"]
    rows = [heads]
    for name in results["alone"]:
        alone, busy = figures(results["alone"][name]), figures(results["busy"][name])
        rows.append([name, *(_milliseconds(group[key]) for group in (alone, busy) for key in ("p50", "p95", "max"))])
    for name, seconds in results["changes"].items():
        if seconds:
            made = figures(seconds)
            rows.append([f"{name} (change)", "", "", "", *(_milliseconds(made[key]) for key in ("p50", "p95", "max"))])
    widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
    lines = ["| " + " | ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))) + " |" for row in rows]
    rule = "|" + "|".join("-" * (w + 2) if i == 0 else "-" * (w + 1) + ":" for i, w in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def verdict(results):
    late = [name for name, seconds in results["alone"].items() if percentile(seconds, 0.95) > GOAL]
    goal = f"{GOAL * 1000:.0f} ms at the 95th percentile"
    return f"Every page is within {goal}." if not late else f"Not within {goal}: {', '.join(late)}."


def write(folder, facts, results, settings):
    """Writes portal-DATE.json and .md (with the engine, where it is not SQLite); gives their paths."""
    date = datetime.date.today().isoformat()
    name = f"portal-{date}" + ("" if settings["engine"] == "SQLite" else "-" + settings["engine"].lower())
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    short = {
        group: {page: figures(seconds) for page, seconds in results[group].items() if seconds}
        for group in ("alone", "busy", "changes")
    } | {key: results[key] for key in ("firstPage", "memory")}
    data = {"date": date, "machine": facts, "settings": settings, "results": short}
    (folder / f"{name}.json").write_text(json.dumps(data, indent=2) + "\n")
    text = [
        f"# Control Center benchmark, {date}", "",
        f"{facts['processor']}, {facts['cores']} cores, Linux {facts['kernel']}, revision {facts['revision']}, load average "
        f"before {facts['loadBefore']}. {settings['resources']:,} resources, {settings['entries']:,} ledger entries, "
        f"{settings['engine']}; {settings['samples']} answers of each page; one visitor, who shares the machine with the "
        f"server. Milliseconds from the request to the last byte; busy: while a colleague changes three things and then "
        f"waits {settings['pause']} s.", "",
        table(results), "", verdict(results), "",
        f"The first page after the start took {results['firstPage']:.1f} s: it reads the whole history once. Resident memory "
        f"at the end: {results['memory'] / 1e6:.0f} MB.", "",
    ]
    (folder / f"{name}.md").write_text("\n".join(text))
    return folder / f"{name}.json", folder / f"{name}.md"
