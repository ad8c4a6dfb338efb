#!/usr/bin/env bash
# Holds the code against the rules of the house: who imports whom, what machines may not know, how long files are.
# Each complaint says what to do instead. Exit status 1 when there is any.
set -euo pipefail
cd "$(dirname "$0")/.."
complaints=0
complain() { echo "lint: $*" >&2; complaints=$((complaints + 1)); }

system='Foundation|FoundationEssentials|Dispatch|Glibc|Synchronization'
declare -A allowed=(
    [MediaCore]='Glibc|Synchronization'
    [TLS]='COpenSSL'
    [RTP]='MediaCore'
    [PeerTransport]='MediaCore|TLS|COpenSSL|CSRTP|CUsrSCTP|Glibc|Synchronization'
    [Codecs]='MediaCore|CVPX|CAOM|CAVCodec|COpus|CYUV|CAudioProcessingShim|Glibc'
    [Devices]="MediaCore|COpenCVShim|CALSA|CYUV|$system"
    [WebSocket]="MediaCore|TLS|COpenSSL|$system"
    [LiveKitProtocol]="SwiftProtobuf|COpenSSL|$system"
    [PeerConnection]="MediaCore|RTP|TLS|PeerTransport|CNice|Logging|$system"
    [RoomKit]="MediaCore|RTP|PeerConnection|Codecs|WebSocket|LiveKitProtocol|SwiftProtobuf|Logging|$system"
    [RoomServer]="MediaCore|RTP|PeerConnection|LiveKitProtocol|SwiftProtobuf|Logging|Hummingbird|HummingbirdCore|HummingbirdTLS|HTTPTypes|NIO[A-Za-z0-9]*|ServiceLifecycle|$system"
    [roomclient]="MediaCore|RoomKit|Devices|RoomServer|ArgumentParser|Logging|$system"
)

for target in "${!allowed[@]}"; do
    while IFS=: read -r file line text; do
        module=$(sed -E 's/.*import +((struct|class|enum|func|protocol|typealias|var|let) +)?([A-Za-z0-9_]+).*/\3/' <<<"$text")
        [[ "$module" =~ ^(${allowed[$target]})$ ]] || complain \
            "$file:$line: $target may not import $module; arrows point down only (Package.swift shows who may)."
    done < <(grep -rnE '^ *(@[A-Za-z_()]+ +)*((public|package|internal|private|fileprivate) +)?import ' \
        --include='*.swift' "Sources/$target" || true)
done

# Machines are told the time and hold no clock, lock, thread or logger.
for folder in Sources/RTP Sources/PeerConnection/Engine Sources/PeerConnection/SDP Sources/WebSocket/Codec; do
    [[ -d $folder ]] || continue
    while read -r hit; do
        complain "$hit: a machine has no clock, task or logger; take \`now\` as a parameter and let its owner act."
    done < <(grep -rnE 'SystemClock|ContinuousClock|Task *\{|Logger\(|DispatchQueue|Date\(\)' --include='*.swift' "$folder" |
        grep -vE ':[0-9]+: *///?' | cut -d: -f1,2 || true)
done

while read -r hit; do
    complain "$hit: locks live in MediaCore/Threads; use an actor, a ring or one of its pieces."
done < <(grep -rnE '\b(Mutex|NSLock|pthread_mutex|os_unfair_lock|DispatchSemaphore)\b' --include='*.swift' Sources |
    grep -v '^Sources/MediaCore/Threads/' | grep -vE ':[0-9]+: *///?' | cut -d: -f1,2 || true)

while read -r count file; do
    [[ $file == total ]] && continue
    ((count > 500)) && complain "$file has $count lines; 500 is the limit: one idea per file."
done < <(git ls-files -co --exclude-standard '*.swift' | grep -v /Generated/ | xargs -r wc -l)

while read -r hit; do
    complain "$hit: the library does not print; pass a Logger, or return what there is to say."
done < <(grep -rnE '(^|[^A-Za-z.])print\(' --include='*.swift' Sources | grep -v '^Sources/roomclient/' |
    grep -vE ':[0-9]+: *///?' | cut -d: -f1,2 || true)

while read -r file line; do
    start=$((line > 4 ? line - 4 : 1))
    sed -n "${start},${line}p" "$file" | grep -q 'SAFETY:' || complain \
        "$file:$line: say in a // SAFETY: line which thread or lock protects this."
done < <(grep -rnE --exclude-dir=Generated '@unchecked Sendable|nonisolated\(unsafe\)' --include='*.swift' Sources |
    grep -vE ':[0-9]+: *///?' | sed -E 's/^([^:]+):([0-9]+):.*/\1 \2/' || true)

unchecked=$(grep -rhE --exclude-dir=Generated '@unchecked Sendable' --include='*.swift' Sources | grep -vcE '^ *///?' || true)
((unchecked > 15)) && complain "$unchecked @unchecked Sendable; the budget is 15: find a value, a move or an actor."

((complaints == 0)) && echo "lint: nothing to complain about ($unchecked @unchecked Sendable)"
((complaints == 0))
