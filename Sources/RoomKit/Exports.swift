// What programs need beside the room itself: one import is enough.
@_exported public import LiveKitProtocol
@_exported public import MediaCore
