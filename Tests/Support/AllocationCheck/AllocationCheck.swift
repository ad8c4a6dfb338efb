import Glibc

/// Counts what the engines allocate per packet in steady state, which must be nothing; a release build, run by
/// `Scripts/test.sh`.
///
///     allocation-check [PATH]     shows each allocation of the path with its callers
@main
enum AllocationCheck {
    static func main() {
        var isFine = true
        for hasCopies in [false, true] {
            var call = CheckedCall(hasCopies: hasCopies)
            // Every slot of the retransmission caches has been used once after 512 packets of sound.
            call.run(pictures: 1_200, warm: 700, traced: CommandLine.arguments.dropFirst().first)
            print(hasCopies ? "Sound with copies (RFC 2198):" : "Plain sound:")
            for tally in call.tallies { print(tally.line) }
            isFine = isFine && call.tallies.allSatisfy(\.isFine)
        }
        exit(isFine ? 0 : 1)
    }
}
