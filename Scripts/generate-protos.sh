#!/usr/bin/env bash
# Generates Sources/LiveKitProtocol/Generated from Scripts/protos. Run it after changing a .proto; the result is committed.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v protoc >/dev/null || { echo "generate-protos: protoc is missing, run: apt-get install protobuf-compiler" >&2; exit 1; }
swift build -c release --product protoc-gen-swift --package-path .build/checkouts/swift-protobuf \
    --scratch-path .build/protoc-gen-swift
output=Sources/LiveKitProtocol/Generated
mkdir -p "$output"
protoc --plugin=.build/protoc-gen-swift/release/protoc-gen-swift --proto_path=Scripts/protos \
    --swift_out="$output" --swift_opt=Visibility=Package --swift_opt=UseAccessLevelOnImports=true Scripts/protos/*.proto
