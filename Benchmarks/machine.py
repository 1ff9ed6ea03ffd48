"""What figures are measured on."""

import os
import pathlib
import platform
import subprocess


def facts():
    """What the figures are measured on; called before the first load, to tell how busy the machine was."""
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.machine(), "cores": len(models),
        "kernel": platform.release(), "python": platform.python_version(),
        "revision": first_line(["git", "rev-parse", "--short", "HEAD"]), "loadBefore": round(os.getloadavg()[0], 2),
    }


def first_line(command):
    """What a program says first; "unknown" where it is not there."""
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=30, cwd=pathlib.Path(__file__).parent)
    except OSError:
        return "unknown"
    return ((result.stdout + result.stderr).strip().splitlines() or ["unknown"])[0]
