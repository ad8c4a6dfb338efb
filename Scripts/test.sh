#!/usr/bin/env bash
# Builds and tests everything on a machine with only the Swift toolchain: test.sh [unit|loopback|interop|all]
#   unit      values, machines, simulated calls: seconds
#   loopback  real sockets on this machine, devices and windows that are virtual
#   interop   the LiveKit Python SDK and coturn as the other side
#   all       everything, with the checks of form first (the default)
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-all}
Scripts/bootstrap.sh test

if [[ $what == all ]]; then
    Scripts/lint.sh
    Scripts/format.sh --check
fi
if [[ $what == all || $what == interop ]]; then
    source Scripts/python-peer.sh
fi

swift build --build-tests
swift build -c release --product roomclient
export ROOMCLIENT_BINARY="$PWD/.build/release/roomclient"

case $what in
    unit) swift test --skip-build --skip 'Loopback|Interop|Device|Window' ;;
    loopback) swift test --skip-build --skip InteropTests ;;
    interop) swift test --skip-build --filter InteropTests ;;
    all) swift test --skip-build ;;
    *) echo "test.sh: unknown argument '$what'; use unit, loopback, interop or all" >&2 && exit 2 ;;
esac
