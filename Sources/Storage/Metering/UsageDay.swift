public import Core

/// What the usage entries of one resource, payer and model on one local day add up to. Derived; see
/// `Transaction.rebuildUsageDays`.
public struct UsageDay: Hashable, Sendable {
  public let resourceID: ResourceID
  public let day: LocalDay
  public let bundleMonthStart: Instant
  public let payer: Payer
  public let model: ModelVersionID
  public let usage: TokenUsage
  public let units: GenAIUnits
  /// The part of `units` that stands for estimated entries. Rule M-3.
  public let estimatedUnits: GenAIUnits
  /// Admitted model requests. Rule G-5.
  public let calls: Int64

  public init(
    resourceID: ResourceID, day: LocalDay, bundleMonthStart: Instant, payer: Payer, model: ModelVersionID,
    usage: TokenUsage, units: GenAIUnits, estimatedUnits: GenAIUnits, calls: Int64
  ) {
    self.resourceID = resourceID
    self.day = day
    self.bundleMonthStart = bundleMonthStart
    self.payer = payer
    self.model = model
    self.usage = usage
    self.units = units
    self.estimatedUnits = estimatedUnits
    self.calls = calls
  }
}

extension UsageDay {
  init(row: SQLRow) throws {
    guard let payer = Payer(text: try row.text("payer")) else { throw row.unreadable("payer") }
    self.init(
      resourceID: try row.id("resource_id"), day: try row.day("local_day"),
      bundleMonthStart: try row.instant("bundle_month_start"), payer: payer, model: try row.id("model"),
      usage: try TokenUsage(row: row), units: try row.units("nano_units"),
      estimatedUnits: try row.units("estimated_nano_units"), calls: try row.int64("calls"))
  }

  /// The roll-ups of `entries`, in the order of the table's key, so that two nodes never wait for each other in a ring.
  static func rollUps(of entries: [UsageEntry]) -> [UsageDay] {
    var sums: [Key: UsageDay] = [:]
    for entry in entries {
      let key = Key(entry)
      sums[key] = UsageDay(adding: entry, to: sums[key])
    }
    return sums.sorted { $0.key < $1.key }.map(\.value)
  }

  private init(adding entry: UsageEntry, to sum: UsageDay?) {
    let call = entry.call
    self.init(
      resourceID: call.resourceID, day: call.localDay, bundleMonthStart: call.bundleMonthStart, payer: call.payer,
      model: call.model, usage: (sum?.usage ?? .zero) + entry.usage, units: (sum?.units ?? .zero) + entry.units,
      estimatedUnits: (sum?.estimatedUnits ?? .zero) + (entry.isEstimated ? entry.units : .zero),
      calls: (sum?.calls ?? 0) + 1)
  }

  private struct Key: Hashable, Comparable {
    let resource: ResourceID
    let month: Int64
    let day: Int
    let payer: String
    let model: ModelVersionID

    init(_ entry: UsageEntry) {
      resource = entry.call.resourceID
      month = entry.call.bundleMonthStart.milliseconds
      day = entry.call.localDay.number
      payer = entry.call.payer.text
      model = entry.call.model
    }

    static func < (a: Self, b: Self) -> Bool {
      (a.resource, a.month, a.day, a.payer, a.model) < (b.resource, b.month, b.day, b.payer, b.model)
    }
  }
}

extension TokenUsage {
  init(row: SQLRow) throws {
    self.init(
      input: try row.tokens("input_tokens"), cacheWrite: try row.tokens("cache_write_tokens"),
      cacheRead: try row.tokens("cache_read_tokens"), output: try row.tokens("output_tokens"))
  }
}
