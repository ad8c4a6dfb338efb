import Glibc

/// Counts what the engines allocate per packet in steady state, which must be nothing; a release build, run by
/// `Scripts/test.sh`.
///
///     allocation-check [PATH]     shows each allocation of the path with its callers
@main
enum AllocationCheck {
    static func main() {
        var call = CheckedCall()
        // Every slot of the retransmission caches has been used once after 512 packets of sound.
        call.run(pictures: 1_200, warm: 700, traced: CommandLine.arguments.dropFirst().first)
        for tally in call.tallies { print(tally.line) }
        exit(call.tallies.allSatisfy(\.isFine) ? 0 : 1)
    }
}
