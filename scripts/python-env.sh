#!/usr/bin/env bash
#
# Makes a Python virtual environment with pinned packages; nothing is done while the pins stay the same.
#
# usage: scripts/python-env.sh [FOLDER [REQUIREMENTS]]
#   FOLDER        default: .venv in the repository's root
#   REQUIREMENTS  default: Conformance/requirements.txt

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly folder="${1:-$root/.venv}"
readonly requirements="${2:-$root/Conformance/requirements.txt}"
readonly stamp="$folder/.requirements-checksum"
readonly install_seconds=1200

fail() {
  echo "python-env: $*" >&2
  exit 1
}

[[ -f $requirements ]] || fail "there is no $requirements."
checksum=$(sha256sum <"$requirements")
readonly checksum

# The interpreter is tried as well: an environment breaks when the Python it came from is removed.
if [[ -f $stamp && $(<"$stamp") == "$checksum" ]] && "$folder/bin/python" -c '' >/dev/null 2>&1; then
  exit 0
fi

rm -f "$stamp"
if ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
  rm -rf "$folder"
  python3 -m venv "$folder" >/dev/null ||
    fail "python3 cannot make a virtual environment; run scripts/install-system.sh first."
fi

echo "Installing the Python packages of ${requirements#"$root"/} into ${folder#"$root"/}"
timeout "$install_seconds" "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
  --requirement "$requirements" ||
  fail "pip could not install ${requirements#"$root"/}; check the network and pip's index, then try again."
# Last, so that an interrupted installation is taken up again.
echo "$checksum" >"$stamp"
