#!/usr/bin/env bash
# The one command of a newcomer: installs what is missing, builds, and starts the call. Arguments go to roomclient.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/bootstrap.sh
exec swift run -c release roomclient "$@"
