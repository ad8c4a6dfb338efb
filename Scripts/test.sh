#!/usr/bin/env bash
# Builds and tests everything on a machine with only the Swift toolchain: test.sh [unit|loopback|interop|all]
#   unit      values, machines, simulated calls: seconds
#   loopback  that, and real sockets, virtual devices
#   interop   the LiveKit Python SDK, coturn, windows and spawned programs
#   all       everything, with the checks of form and the count of allocations first (the default)
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

# One test at a time: much of this keeps real time, and small machines have two cores.
case $what in
    unit) swift test --skip-build --skip 'Loopback|InteropTests|DevicesTests|WebSocketTests|Relay|RoomServerTests' ;;
    loopback) swift test --skip-build --no-parallel --skip InteropTests ;;
    interop) swift test --skip-build --no-parallel --filter InteropTests ;;
    all)
        # Optimised code only: what a debug build allocates says nothing.
        swift build -c release --product allocation-check
        .build/release/allocation-check
        swift test --skip-build --no-parallel
        ;;
    *) echo "test.sh: unknown argument '$what'; use unit, loopback, interop or all" >&2 && exit 2 ;;
esac
