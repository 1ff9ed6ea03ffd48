#!/usr/bin/env bash
#
# A throwaway PostgreSQL 15 for tests: started fresh, on a loopback port of its own, without fsync, and deleted after.
#
# usage: scripts/postgres-test.sh start DIR   prints the database's URL
#        scripts/postgres-test.sh stop DIR    ends exactly the server that was started with DIR; harmless when repeated
#
# DIR only remembers where the cluster lies. The cluster itself is made below /tmp, because the server's user must be
# able to reach it and a socket's path has a small limit.

set -euo pipefail

readonly cluster_prefix="/tmp/packhouse-postgres-"
readonly start_seconds=60
readonly stop_seconds=30
readonly port_tries=20

fail() {
  echo "postgres-test: $*" >&2
  exit 1
}

binaries=/usr/lib/postgresql/15/bin
if [[ ! -x $binaries/initdb ]]; then
  binaries=$(pg_config --bindir 2>/dev/null || true)
  [[ -x $binaries/initdb ]] || fail "PostgreSQL 15 is not installed; run scripts/install-system.sh test first."
fi
readonly binaries

# PostgreSQL refuses to run as root.
as_server() {
  if [[ $EUID -eq 0 ]]; then
    (cd / && exec runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

# True while the cluster's server lives. A number left behind in the file may be another process by now.
is_running() {
  local process
  process=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && grep -qaF "$1/data" "/proc/$process/cmdline" 2>/dev/null
}

# Ends the server of one cluster and deletes the cluster's folder.
remove_cluster() {
  local cluster=$1
  [[ $cluster == "$cluster_prefix"?* ]] || fail "'$cluster' is no folder of this script; it was left alone."
  if is_running "$cluster"; then
    as_server "$binaries/pg_ctl" stop -D "$cluster/data" -m immediate -w -t "$stop_seconds" \
      >/dev/null 2>&1 </dev/null || fail "the server in $cluster does not stop."
  fi
  rm -rf "$cluster"
}

start_server() {
  local cluster=$1 port try
  for ((try = 0; try < port_tries; try++)); do
    # Below the range that the kernel hands out to outgoing connections.
    port=$((20000 + RANDOM % 12000))
    local settings="-p $port -k $cluster -c listen_addresses=127.0.0.1 -c max_connections=200"
    settings+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB"
    if as_server "$binaries/pg_ctl" start -D "$cluster/data" -l "$cluster/log" -w -t "$start_seconds" \
      -o "$settings" >/dev/null 2>&1 </dev/null; then
      echo "$port"
      return 0
    fi
    grep -q "Address already in use" "$cluster/log" || break
    : >"$cluster/log"
  done
  tail -n 20 "$cluster/log" >&2
  return 1
}

stop() {
  local folder=$1
  [[ -f $folder/cluster ]] || return 0
  remove_cluster "$(<"$folder/cluster")"
  rm -f "$folder/cluster"
  rmdir "$folder" 2>/dev/null || true
}

start() {
  local folder=$1 cluster port
  if [[ -f $folder/cluster ]]; then
    is_running "$(<"$folder/cluster")" && fail "$folder already holds a server; stop it first."
    stop "$folder" # What a crash or a restart of the machine left.
  fi
  mkdir -p "$folder"
  cluster=$(mktemp -d "$cluster_prefix"XXXXXX)
  # shellcheck disable=SC2064 # The folder of this very run.
  trap "remove_cluster '$cluster'; rm -f '$folder/cluster'" EXIT
  echo "$cluster" >"$folder/cluster"
  if [[ $EUID -eq 0 ]]; then
    id postgres >/dev/null 2>&1 || fail "there is no user 'postgres' to run the server as."
    chown postgres "$cluster"
  fi
  as_server timeout "$start_seconds" "$binaries/initdb" -D "$cluster/data" --username=postgres --auth=trust \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions >"$cluster/initdb.log" 2>&1 </dev/null || {
    tail -n 20 "$cluster/initdb.log" >&2
    fail "the cluster could not be made."
  }
  port=$(start_server "$cluster") || fail "the server did not start; its last lines are above."
  as_server "$binaries/createdb" -h 127.0.0.1 -p "$port" -U postgres packhouse </dev/null ||
    fail "the database could not be created."
  trap - EXIT
  echo "postgresql://postgres@127.0.0.1:$port/packhouse"
}

[[ $# -eq 2 && -n $2 ]] || fail "usage: scripts/postgres-test.sh start|stop DIR"
case "$1" in
  start) start "$2" ;;
  stop) stop "$2" ;;
  *) fail "usage: scripts/postgres-test.sh start|stop DIR" ;;
esac
