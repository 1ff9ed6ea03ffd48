#!/usr/bin/env bash
#
# Everything that checks the project, from a clean clone on: the cheap and the likely to fail come first.
#
# usage: scripts/test.sh   (or make test)

set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly postgres="$PWD/build/test-postgres"
export PACKHOUSE_MODELS="$PWD/packhouse-data/models"

step() {
  printf '\n== %s (%d:%02d)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60))
}

stop_postgres() {
  scripts/postgres-test.sh stop "$postgres"
}

step "Format"
make --no-print-directory lint

step "Debian packages"
scripts/install-system.sh test

step "Core"
swift test --package-path Core

step "Python packages and model weights"
scripts/python-env.sh
scripts/fetch-models.sh "$PACKHOUSE_MODELS"

step "Build"
swift build --build-tests

step "Unit tests, on SQLite and PostgreSQL"
trap stop_postgres EXIT
stop_postgres
PACKHOUSE_TEST_POSTGRES=$(scripts/postgres-test.sh start "$postgres")
export PACKHOUSE_TEST_POSTGRES
swift test --skip-build

step "Conformance: real clients and a real browser against the running program"
.venv/bin/python -m pytest Conformance
