/// Rights about telephony: the `sip` claim.
public struct SIPGrants: Hashable, Sendable, Codable {
    /// May manage trunks and dispatch rules.
    public var admin: Bool?
    /// May place calls.
    public var call: Bool?

    /// Makes the rights.
    public init(admin: Bool? = nil, call: Bool? = nil) {
        self.admin = admin
        self.call = call
    }
}

/// Rights about agents: the `agent` claim.
public struct AgentGrants: Hashable, Sendable, Codable {
    /// May manage agents.
    public var admin: Bool?
    /// May manage simulations.
    public var simulationAdmin: Bool?
    /// May manage databases.
    public var databaseAdmin: Bool?

    /// Makes the rights.
    public init(admin: Bool? = nil, simulationAdmin: Bool? = nil, databaseAdmin: Bool? = nil) {
        self.admin = admin
        self.simulationAdmin = simulationAdmin
        self.databaseAdmin = databaseAdmin
    }
}

/// Rights about inference: the `inference` claim.
public struct InferenceGrants: Hashable, Sendable, Codable {
    /// May run models.
    public var perform: Bool?

    /// Makes the rights.
    public init(perform: Bool? = nil) {
        self.perform = perform
    }
}

/// Rights about observability: the `observability` claim.
public struct ObservabilityGrants: Hashable, Sendable, Codable {
    /// May write.
    public var write: Bool?

    /// Makes the rights.
    public init(write: Bool? = nil) {
        self.write = write
    }
}
