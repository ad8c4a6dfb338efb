#!/usr/bin/env bash
# Holds a call for ten minutes (or as many as said) and judges it: memory, loss, the tone by its phase, exit status.
#   soak.sh [MINUTES]
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-10}
Scripts/bootstrap.sh test
source Scripts/python-peer.sh
swift build -c release --product roomclient
exec "$ROOMCLIENT_PYTHON" Scripts/measuring/soak.py "$PWD/.build/release/roomclient" "$minutes"
