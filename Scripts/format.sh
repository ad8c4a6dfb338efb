#!/usr/bin/env bash
# Formats all Swift code, or with --check only says which files are not formatted.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t files < <(git ls-files -co --exclude-standard '*.swift' | grep -v /Generated/)
if [[ "${1:-}" == --check ]]; then
    swift format lint --strict --parallel "${files[@]}"
else
    swift format --in-place --parallel "${files[@]}"
fi
