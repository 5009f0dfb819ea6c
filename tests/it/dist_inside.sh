#!/bin/bash
# What an operator without network does with the archive: install, load, serve, back up, upgrade,
# roll back. test_dist.py calls it with no network at all, and under `make soak` inside a bare
# Debian root too, so it uses nothing that a minimal Debian has not: bash, coreutils, tar, gzip, sed.
# usage: dist_inside.sh ARCHIVE KEPT-STORE FOLDER PORT
set -u
archive=$1 kept=$2 work=$3 port=$4
export PREFIX=$work/opt STATE=$work/state LC_ALL=C.UTF-8
unset XIUDAI_STORE XIUDAI_DATA LD_LIBRARY_PATH
xiudai=$PREFIX/current/bin/xiudai
store=$STATE/xiudai.db
passed=0 failed=0 server=

ok() { # ok WHAT COMMAND…
    local what=$1
    shift
    if "$@" >"$work/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $what ($*)"
        tail -30 "$work/out"
    fi
}
refused() { ! "$@"; }
says() { "${@:2}" 2>&1 | grep -q -- "$1"; }
get() {
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$1" >&3
    cat <&3
    exec 3>&-
}
serve() {
    "$xiudai" serve --store "$store" --listen "127.0.0.1:$port" >"$work/log" 2>&1 &
    server=$!
    for _ in $(seq 1200); do # a minute: only a machine at its limit is that late
        grep -q '"serving"' "$work/log" && return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.05
    done
    cat "$work/log"
    return 1
}
stop() {
    kill -TERM "$server" && wait "$server"
    local code=$?
    server=
    return $code
}
trap '[ -z "$server" ] || kill -TERM "$server"' EXIT
fresh() { rm -rf "$PREFIX" "$STATE"; }
# A version of the archive's own making: its folder's name is its version.
version() { mkdir "$work/$1" && cp -r "$work/first/." "$work/$1"; }
seal() { (cd "$work/$1" && find . -type f ! -name SHA256SUMS -print0 | xargs -0 sha256sum >SHA256SUMS); }

tar -C "$work" -xzf "$archive" || exit 1
mv "$work"/xiudai-* "$work/first"

# ---- a first installation: the shipped data, served and backed up
ok "installs" "$work/first/install"
ok "is on no network" refused bash -c 'exec 3<>/dev/tcp/192.0.2.1/80' 2>/dev/null
ok "loads the shipped data" env XIUDAI_STORE="$store" "$work/first/load-seed"
ok "is whole" "$xiudai" verify --store "$store"
ok "serves" serve
ok "answers" says 泾县宣纸厂 get '/heritage?q=xuanzhi'
ok "shows its map" says '<svg' get /
ok "has its tiles" says '200 OK' get /assets/xiudai.css
ok "backs up while serving" "$xiudai" backup "$work/kept.db" --store "$store"
ok "stops cleanly" stop
ok "exports a Shapefile in GBK" "$xiudai" export heritage "$work/out.shp.zip" --gb18030 --store "$store"
ok "reads it back in the sandbox" "$xiudai" import heritage "$work/out.shp.zip" --dry-run --store "$store"
ok "writes another coordinate system" "$xiudai" export heritage "$work/out.gpkg" --crs epsg:4548 --store "$store"

# ---- an upgrade that changes the model, then back
version second
sed -i '$a\  - {name: tried_on, kind: text, label: {zh: 试验, en: Tried on}}' "$work/second/share/xiudai/model/types/craft.yaml"
ok "a damaged archive is refused" refused "$work/second/install"
seal second
ok "upgrades" "$work/second/install"
ok "runs the new version" [ "$(readlink "$PREFIX/current")" = versions/second ]
ok "serves after the upgrade" serve
ok "answers after the upgrade" says 泾县宣纸厂 get '/heritage?q=xuanzhi'
printf '名称,所在地\n升级以后写的工艺,合肥市\n' >"$work/new.csv"
ok "takes a new row beside the server" "$xiudai" import craft "$work/new.csv" --state public --store "$store"
ok "stops cleanly again" stop
ok "a repeated installation changes nothing" "$work/second/install"
ok "rolls back" "$work/second/rollback"
ok "runs the earlier version" [ "$(readlink "$PREFIX/current")" = versions/first ]
ok "is whole after rolling back" "$xiudai" verify --store "$store"
ok "serves after rolling back" serve
ok "answers after rolling back" says 泾县宣纸厂 get '/heritage?q=xuanzhi'
ok "has not what was written since" refused says 升级以后写的工艺 get /crafts
ok "stops cleanly a third time" stop
ok "kept what was written since" "$PREFIX/versions/second/bin/xiudai" export craft "$work/after.csv" --store "$STATE"/after-rollback-*.db
ok "all of it" grep -q 升级以后写的工艺 "$work/after.csv"

# ---- a version that does not take the store leaves everything as it was
version third
sed -i '/name: summary/d' "$work/third/share/xiudai/model/types/craft.yaml"
seal third
before=$(sha256sum <"$store")
ok "a model that would lose a field is refused" refused "$work/third/install"
ok "the earlier version still runs" [ "$(readlink "$PREFIX/current")" = versions/first ]
ok "the store is as it was" [ "$(sha256sum <"$store")" = "$before" ]

# ---- a store that an earlier program left
fresh
mkdir -p "$STATE"
cp "$kept" "$store"
chmod 600 "$store"
ok "installs beside an earlier store" "$work/first/install"
ok "the earlier store is whole" "$xiudai" verify --store "$store"
ok "serves the earlier store" serve
ok "answers from the earlier store" says 泾县宣纸厂 get '/heritage?q=xuanzhi'
ok "stops cleanly a last time" stop
ok "kept a backup of the earlier store" [ -f "$(cat "$STATE/last-backup")" ]

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
