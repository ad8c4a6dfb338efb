#!/usr/bin/env bash
# Measures roomclient beside the LiveKit Python SDK in one run, release build, and prints a table: ours, theirs, ratio,
# goal. Through an embedded room, or through the server of LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET. Bad
# networks need root. `bench.sh --help` lists the options; everything takes about an hour.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/bootstrap.sh bench
source Scripts/python-peer.sh
"$ROOMCLIENT_PYTHON" -c 'import pesq' 2>/dev/null ||
    "$peer_environment/bin/pip" install --quiet --disable-pip-version-check pesq
swift build -c release --product roomclient
swift build -c release --product receiving-probe
exec "$ROOMCLIENT_PYTHON" Scripts/measuring/bench.py --roomclient "$PWD/.build/release/roomclient" \
    --probe "$PWD/.build/release/receiving-probe" "$@"
