/// Why SRTP could not be set up.
package enum SRTPError: Error, Hashable, Sendable {
    /// libsrtp refused the keys or the profile; its status code.
    case setup(UInt32)
}
