/// Why an SCTP association could not be made.
package enum SCTPError: Error, Hashable, Sendable {
    /// usrsctp refused a step; its errno.
    case setup(step: String, code: Int32)
}
