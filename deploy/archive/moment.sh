#!/usr/bin/env bash
# Point-in-time recovery of a served PostgreSQL, as the account that runs it (usually: sudo -u postgres).
#
#   moment.sh enable  DATA ARCHIVE             archive every segment of the log from now on (restart the server once)
#   moment.sh base    ARCHIVE [PSQL OPTIONS]   a base backup of the running server, checked, into ARCHIVE/base-<moment>
#   moment.sh recover ARCHIVE BASE NEW MOMENT  a new data folder as it stood at MOMENT ('2026-11-22 10:05:30+08')
#
# ARCHIVE is a folder of another disk or machine (mounted). It holds what the database holds: 0700, no keys beside it.
# BIN: the folder of PostgreSQL's programs; else that of `pg_config --bindir`.
set -euo pipefail
umask 077
BIN="${BIN:-$(pg_config --bindir)}"

say() { echo "moment.sh: $*" >&2; exit 2; }

# Settings of an earlier enable or recover, by their names: ALTER SYSTEM writes the file anew without any comment.
forget() {
    local names='wal_level|archive_mode|archive_command|archive_timeout|restore_command|recovery_target(_[a-z]+)?'
    sed -i -E "/^[[:space:]]*($names)[[:space:]=]/Id" "$1/postgresql.auto.conf"
}

enable() {
    local data=$1 archive
    archive=$(realpath -m "$2")  # the server runs it from its data folder
    [ -f "$data/PG_VERSION" ] || say "$data is no data folder of PostgreSQL"
    mkdir -p "$archive/log"
    # Never over a segment that is there; whole and on disk before the server may forget it; the same once more is well.
    cat >"$archive/keep" <<'KEEP'
#!/bin/sh
set -eu
target="$(dirname "$0")/log/$2"
if [ -f "$target" ]; then cmp -s "$1" "$target"; exit; fi
cp "$1" "$target.part"
sync "$target.part"
mv "$target.part" "$target"
sync "$(dirname "$target")"
KEEP
    chmod 700 "$archive/keep"
    forget "$data"
    cat >>"$data/postgresql.auto.conf" <<CONF
wal_level = 'replica'
archive_mode = 'on'
archive_command = '"$archive/keep" "%p" "%f"'
archive_timeout = '60s'
CONF
    echo "set; restart the server, then: moment.sh base $archive"
}

base() {
    local archive target
    archive=$(realpath -m "$1")
    shift
    target="$archive/base-$(date -u +%Y%m%dT%H%M%SZ)"
    "$BIN/pg_basebackup" "$@" --pgdata="$target.part" --checkpoint=fast --wal-method=none
    "$BIN/pg_verifybackup" --no-parse-wal --quiet "$target.part"
    sync "$target.part"
    mv "$target.part" "$target"
    echo "$target"
}

recover() {
    local archive base=$2 new=$3 moment=$4
    archive=$(realpath -m "$1")
    [ -f "$base/backup_manifest" ] || say "$base is no whole base backup"
    [ ! -e "$new" ] || say "$new is there already: name a new folder"
    cp -a "$base" "$new"
    chmod 700 "$new"
    forget "$new"
    cat >>"$new/postgresql.auto.conf" <<CONF
restore_command = 'cp "$archive/log/%f" "%p"'
recovery_target_time = '$moment'
recovery_target_inclusive = 'off'
recovery_target_action = 'pause'
archive_mode = 'off'
CONF
    touch "$new/recovery.signal"
    echo "start the server on $new, look, then: select pg_wal_replay_resume()  (or stop it and recover to another moment)"
}

usage() { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }

case "${1:-}/$#" in
enable/3) enable "$2" "$3" ;;
base/?) base "${@:2}" ;;
recover/5) recover "$2" "$3" "$4" "$5" ;;
*) usage ;;
esac
