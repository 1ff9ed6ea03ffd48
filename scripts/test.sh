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

# Runs tests, and after a failure says once more which: the end of a long log is what people are shown.
#
# A few at a time. All at once, each would last as long as the whole run, and time-outs that are generous for one test
# would end in the middle of another's work.
swift_test() {
  local log="$PWD/build/$1-tests.log"
  shift
  mkdir -p build
  swift test --experimental-maximum-parallelization-width 4 "$@" 2>&1 | tee "$log" && return
  printf '\n== These failed\n'
  grep -aE '✘ Test .*(recorded an issue|failed after)|error: ' "$log" | head -n 100 || tail -n 40 "$log"
  return 1
}

step "Format"
make --no-print-directory lint

step "Debian packages"
scripts/install-system.sh test

step "Core"
swift_test core --package-path Core

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
swift_test unit --skip-build

step "Conformance: real clients and a real browser against the running program"
.venv/bin/python -m pytest Conformance
