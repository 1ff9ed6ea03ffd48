import Core
import Platform

/// The live "Resource Specification" beside a form. Rule R-3.
struct SpecificationView: Sendable {
  struct Line: Sendable {
    let label: String
    let values: [String]

    init(_ label: String, _ values: [String]) {
      self.label = label
      self.values = values.isEmpty ? ["–"] : values
    }
  }

  let lines: [Line]
  /// "Cloud Tokens Consumption", asked / available; nil where the capacity is fixed.
  let consumption: String?
  /// True where it turns red.
  let isOver: Bool
  /// What is worth saying.
  let notes: [String]
  /// What is worth a second look, though it may be so. Rule R-5.
  let warnings: [String]
  /// What stands in the way.
  let reasons: [String]
  /// False where the button rests.
  let canProvision: Bool

  init(
    lines: [Line], consumption: String?, isOver: Bool, notes: [String] = [], warnings: [String] = [],
    reasons: [String], canProvision: Bool
  ) {
    self.lines = lines
    self.consumption = consumption
    self.isOver = isOver
    self.notes = notes
    self.warnings = warnings
    self.reasons = reasons
    self.canProvision = canProvision
  }

  /// Beside "Provision Resource".
  init(_ found: ResourceSpecification, type: ResourceType) {
    let isKnowledgeBase = type == .knowledgeBase
    let model = found.embeddingsModel.map { Line("Embeddings Model", [$0.labelledName, "fixed for its life"]) }
    self.init(
      lines: [
        Line(isKnowledgeBase ? "Included" : "Monthly allowance", found.allowanceText.map { [$0] } ?? []),
        isKnowledgeBase ? model ?? Line("Embeddings Model", []) : nil,
        Line(isKnowledgeBase ? "Region" : "Answers from", isKnowledgeBase ? found.ownRegion : found.regionNames),
        Line(isKnowledgeBase ? "Bundle month begins" : "Refills", [found.refill.sentence]),
      ].compactMap { $0 },
      consumption: found.tokensConsumption, isOver: found.exceedsBalance, warnings: found.warnings,
      reasons: found.reasons.map(\.sentence),
      // What is missing in the form is said when it is sent; the button stays usable for that.
      canProvision: found.reasons.isEmpty && !found.exceedsBalance)
  }
}

extension ResourceSpecification {
  /// Without the words that the label says already.
  fileprivate var allowanceText: String? { allowanceSentence?.replacing(" each bundle month", with: "") }
  fileprivate var ownRegion: [String] { Array(regionNames.prefix(1)) }
}
