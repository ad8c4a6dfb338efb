#!/usr/bin/env bash
# Measures calls through one embedded room, release build, ours beside the LiveKit Python SDK; prints a table.
# With LIVEKIT_URL (and LIVEKIT_API_KEY, LIVEKIT_API_SECRET) set, through that server instead.
#   bench.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/bootstrap.sh test
source Scripts/python-peer.sh
swift build -c release --product roomclient
exec "$ROOMCLIENT_PYTHON" Scripts/bench.py "$PWD/.build/release/roomclient" "${1:-10}"
