import Foundation
import RoomKit

/// Makes access tokens for this program's own use.
enum TokenMint {
    /// A token for a room, valid for six hours; without an identity it gets one that nobody else has.
    static func token(
        key: String, secret: Redacted<String>, room: String, profile: JoinSettings.Profile
    ) -> Redacted<String> {
        let identity = profile.identity ?? "roomclient-" + UUID().uuidString.prefix(8).lowercased()
        var grants = VideoGrants(room: room, roomJoin: true)
        grants.canUpdateOwnMetadata = true
        var token = AccessToken(apiKey: key, identity: identity, video: grants, name: profile.name)
        token.metadata = profile.metadata
        token.attributes = profile.attributes.isEmpty ? nil : profile.attributes
        return Redacted(token.signed(with: secret.exposed))
    }
}
