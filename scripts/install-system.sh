#!/usr/bin/env bash
#
# Installs the Debian packages that are missing, and does nothing, fast, when none is.
#
# As root, or with sudo that asks for no password, they are installed; otherwise the one line to run is printed and
# the script ends with 1: nobody should be asked for a password in the middle of a build.
#
# usage: scripts/install-system.sh [runtime|test|bench]

set -euo pipefail

readonly purpose="${1:-runtime}"

# Libraries are looked up as packages, programs as commands: a program may come from elsewhere than Debian.
packages=(libsqlite3-dev libpq-dev libopenblas-dev zlib1g-dev)
missing=()

fail() {
  echo "install-system: $*" >&2
  exit 1
}

need_command() {
  PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1 || missing+=("$2")
}

need_command pkg-config pkg-config
need_command curl curl
need_command python3 python3
# A python3 from elsewhere brings its own venv, Debian's needs a package for it: ask the interpreter, not the packages.
python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || missing+=(python3-venv)

case "$purpose" in
  runtime) ;;
  test)
    [[ -x /usr/lib/postgresql/15/bin/initdb ]] || missing+=(postgresql-15)
    need_command chromium chromium
    # Without any font the browser draws boxes.
    packages+=(fonts-dejavu-core)
    ;;
  bench)
    need_command nginx nginx-light
    need_command wrk wrk
    ;;
  *) fail "unknown purpose '$purpose'; use runtime, test or bench." ;;
esac

command -v dpkg-query >/dev/null 2>&1 ||
  fail "this is not Debian; install the like of: ${packages[*]} ${missing[*]}"
installed=$(dpkg-query --show --showformat '${db:Status-Abbrev} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
for package in "${packages[@]}"; do
  grep -qx "ii  $package" <<<"$installed" || missing+=("$package")
done

[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $EUID -eq 0 ]]; then
  as_root=()
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  as_root=(sudo -n)
else
  echo "Some Debian packages are missing. Run this line, then try again:" >&2
  echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

echo "Installing ${missing[*]}"
log=$(mktemp)
readonly log
trap 'rm -f "$log"' EXIT
# Another apt may be at work; waiting for it is better than failing.
readonly apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
if ! { "${as_root[@]}" "${apt[@]}" update &&
  "${as_root[@]}" "${apt[@]}" install --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
  tail -n 30 "$log" >&2
  fail "apt-get could not install ${missing[*]}; its last lines are above."
fi
