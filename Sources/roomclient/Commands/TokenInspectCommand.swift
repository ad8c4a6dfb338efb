import ArgumentParser
import Foundation
import RoomKit

/// `roomclient token inspect`: prints what a token says, and whether it is valid now.
struct TokenInspectCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Prints the claims of a token and says whether it is valid now.",
        discussion: "The signature is checked when the secret of the token's key is known.")

    @Argument(help: "The token.")
    var jwt: String
    @Option(help: "API key (LIVEKIT_API_KEY).")
    var apiKey: String?
    @Option(help: "Its secret (LIVEKIT_API_SECRET).")
    var apiSecret: String?

    func perform(_ signals: SignalWatch) async throws -> ExitStatus {
        let text = jwt.filter { !$0.isWhitespace }
        let token: AccessToken
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let claims = try encoder.encode(try AccessToken.claims(of: text))
            token = try AccessToken(inspecting: text)
            StandardStream.output.write(String(decoding: claims, as: UTF8.self) + "\n")
        } catch {
            throw ProgramError.usage("\(error)")
        }
        return check(token, text)
    }

    private func check(_ token: AccessToken, _ text: String) -> ExitStatus {
        let sources = SettingSources.current()
        let key = apiKey ?? sources["LIVEKIT_API_KEY"]
        let secret = apiSecret ?? sources["LIVEKIT_API_SECRET"]
        do {
            if let secret, apiKey != nil || key == nil || key == token.apiKey {
                _ = try AccessToken(verifying: text) { key == nil || $0 == key ? secret : nil }
                StandardStream.error.write("Valid now; the signature is right.\n")
            } else {
                try token.check(at: Date())
                StandardStream.error.write(
                    "Valid now, if its signature is: the secret of \(token.apiKey) is not known here.\n")
            }
            return .success
        } catch {
            StandardStream.error.write("Not valid: \(error)\n")
            return .refused
        }
    }
}
