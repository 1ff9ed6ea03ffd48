/// What resources of one type may be bought as. Rules C-8, C-9.
public struct Pack: Sendable, Hashable {
  public let type: ResourceType
  /// What people read under "Cloud Resource Pack", such as `Text generation`.
  public let displayName: String
  public let offersUnits: Bool
  /// Smallest first; empty where plans are not offered.
  public let plans: [Plan]

  public init(type: ResourceType, displayName: String = "", offersUnits: Bool, plans: [Plan]) {
    self.type = type
    self.displayName = displayName
    self.offersUnits = offersUnits
    self.plans = plans
  }
}

/// A fixed size. Rule C-8.
public struct Plan: Sendable, Hashable {
  /// Such as `text-m`.
  public let id: Identifier<Plan>
  /// Such as `M`.
  public let displayName: String
  public let tokens: CloudTokens
  /// Nil for knowledge bases.
  public let inputTokens: TokenCount?
  public let outputTokens: TokenCount?
  /// Bytes of disk, for knowledge bases.
  public let diskBytes: Int64?

  public init(
    id: Identifier<Plan>, displayName: String, tokens: CloudTokens, inputTokens: TokenCount?,
    outputTokens: TokenCount?, diskBytes: Int64?
  ) {
    self.id = id
    self.displayName = displayName
    self.tokens = tokens
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.diskBytes = diskBytes
  }
}

extension Plan {
  /// What a plan without token quotas gives, such as `10 GB of disk, elastic compute and memory`; nil for the others.
  /// Rule C-8.
  public var diskInWords: String? {
    diskBytes.map { "\(Self.gigabytes($0)) GB of disk, elastic compute and memory" }
  }

  /// Of 1,000,000,000 bytes, with one decimal where it is needed.
  private static func gigabytes(_ bytes: Int64) -> String {
    let tenths = bytes / 100_000_000
    return tenths % 10 == 0 ? UnitsFormat.grouped(tenths / 10) : "\(UnitsFormat.grouped(tenths / 10)).\(tenths % 10)"
  }
}
