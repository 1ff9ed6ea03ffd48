public import Core

/// Something that the operator asks for: the same whether the running server does it or the command itself. Rule P-1,
/// decision 8.
///
/// Texts are as typed; ``OperatorDesk`` checks them. It must survive the way through the control socket.
public protocol OperatorRequest: Codable, Sendable {
  associatedtype Outcome: OperatorOutcome

  /// Names the request on the control socket, such as `contract.grant`. Never given another meaning.
  static var verb: String { get }

  /// Recognises a repeat: 1 to 100 bytes.
  var idempotencyKey: String { get }

  /// Everything that is wrong whatever database and catalog hold, so that a command can tell it beside what else is
  /// wrong with its line. Fields are named like the options and operands of the command.
  var problems: [FieldProblem] { get }

  /// Does it, wholly or not at all. ``OperatorDesk/perform(_:)`` has seen to ``problems`` before.
  func perform(at desk: OperatorDesk) async throws -> Outcome
}

/// What a request did. Its coding is what `--json` prints: names of fields are for ever, instants are UTC texts.
public protocol OperatorOutcome: Codable, Sendable {
  /// True where the same idempotency key had been used before: then nothing was done again.
  var wasRepeated: Bool { get set }
}

/// The names of operands and options in the problems of an ``OperatorRequest``.
///
/// Those in capitals are operands: they stand on the command line by themselves.
public enum OperatorField: String, Hashable, Sendable, CaseIterable {
  case companyOperand = "COMPANY"
  case resourceOperand = "RESOURCE"
  case emailOperand = "EMAIL"
  case providerOperand = "NAME"
  case account
  case address
  case adminEmail = "admin-email"
  case adminName = "admin-name"
  case cloudTokens = "cloud-tokens"
  case contractEnd = "contract-end"
  case crossRegion = "cross-region"
  case defaultModel = "default-model"
  case email
  case embeddingsResource = "embeddings-resource"
  case environment
  case from
  case idempotencyKey = "idempotency-key"
  case kind
  case model
  case name
  case number
  case order
  case password = "password-stdin"
  case priceList = "price-list"
  case region
  case removeAccount = "remove-account"
  case secretFile = "secret-file"
  case size
  case status
  case timeZone = "time-zone"
  case to
  case type
  case userEmail = "user-email"
  case userName = "user-name"
}
