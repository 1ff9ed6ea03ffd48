import Core

/// What the companies of the histories can buy: sizes and quotas as rule C-8 has them.
enum LifeShelf {
  struct Size {
    let capacity: Capacity
    let tokens: Int64
    let allowance: Allowance
  }

  static let textPlans = [
    plan("text-s", 30, input: 2_500_000, output: 1_250_000),
    plan("text-m", 60, input: 5_000_000, output: 2_500_000),
    plan("text-l", 120, input: 10_000_000, output: 5_000_000),
  ]
  static let embeddingsPlans = [
    plan("embed-s", 6, input: 5_000_000), plan("embed-m", 12, input: 10_000_000),
    plan("embed-l", 24, input: 20_000_000),
  ]
  static let knowledgeBase = plan("kb-standard", 48, input: 0)

  static func plans(_ type: ResourceType) -> [Size] {
    switch type {
    case .text: textPlans
    case .embeddings: embeddingsPlans
    case .knowledgeBase: [knowledgeBase]
    }
  }

  static func units(_ tokens: Int64) -> Size {
    Size(
      capacity: .units(CloudTokens(tokens)), tokens: tokens,
      allowance: .units(GenAIUnits(whole: tokens * 100)))
  }

  private static func plan(_ id: String, _ tokens: Int64, input: Int64, output: Int64? = nil)
    -> Size
  {
    let allowance = Allowance.plan(input: TokenCount(input), output: output.map { TokenCount($0) })
    return Size(capacity: .plan(Identifier(id)), tokens: tokens, allowance: allowance)
  }
}
