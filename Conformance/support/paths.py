"""Where things are."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = pathlib.Path(os.environ.get("PACKHOUSE_BINARIES") or ROOT / ".build/debug")
PACKHOUSE = BINARIES / "packhouse"
SIMULATOR = BINARIES / "upstream-simulator"
MODELS = pathlib.Path(os.environ.get("PACKHOUSE_MODELS") or ROOT / "packhouse-data/models")
SCREENSHOTS = ROOT / "build/screenshots"
