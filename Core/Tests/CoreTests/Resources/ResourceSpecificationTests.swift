import Core
import Testing

@Suite("The live Resource Specification")
struct ResourceSpecificationTests {
  /// 12 January 2026, 00:30 in Amsterdam and still the 11th in London.
  private let now = CompanyStory.at(hour: 10 * 24 + 23).adding(seconds: 1_800)

  private func specification(_ request: ProvisionRequest, tokens: Int64 = 100) -> ResourceSpecification {
    var story = CompanyStory()
    story.contract(tokens, from: 0, to: 100_000)
    story.account([.init(isEnterprise: true, isActive: true, priceListYear: 26)])
    return ResourceSpecification(
      request, facts: story.facts, timeline: CompanyTimeline(story.facts), catalog: ShelfCatalog.catalog, at: now,
      branding: Branding())
  }

  @Test("R-3: a complete request shows all of it, and the button works")
  func complete() {
    let specification = specification(ProvisioningTests.textRequest)
    #expect(specification.allowance == .units(GenAIUnits(whole: 3_000)))
    #expect(specification.allowanceSentence == "3,000 GenAI Units each bundle month")
    #expect(specification.tokensConsumption == "30 / 100")
    #expect(specification.isCrossRegion)
    #expect(specification.regions.map(\.text) == ["north", "north-2"])
    #expect(specification.regionNames == ["North (Capital) - north", "North (Coast) - north-2"])
    #expect(specification.refill.sentence == "on the 12th, 00:00 Europe/Amsterdam")
    #expect(specification.terms.map(\.party) == ["Maker", "Cloud"])
    #expect(!specification.exceedsBalance)
    #expect(specification.canProvision)
  }

  @Test("R-3: an empty form shows what is known already")
  func empty() {
    let specification = specification(ProvisionRequest(type: .text))
    #expect(specification.allowance == nil)
    #expect(specification.allowanceSentence == nil)
    #expect(specification.tokensConsumption == "- / 100")
    #expect(specification.regions.isEmpty)
    #expect(specification.refill.dayOfMonth == 12)
    #expect(specification.reasons.isEmpty)
    #expect(!specification.exceedsBalance)
    #expect(!specification.canProvision)
  }

  @Test("R-3: one token more than the balance turns it red and disables the button")
  func exceeds() {
    #expect(specification(ProvisioningTests.textRequest, tokens: 30).canProvision)
    let red = specification(ProvisioningTests.textRequest, tokens: 29)
    #expect(red.exceedsBalance)
    #expect(!red.canProvision)
    #expect(red.problems.isEmpty)
    #expect(red.reasons.map(\.condition) == [.insufficientTokens])
  }

  @Test("R-2: where no choice was made, cross-region inference follows the region's models")
  func crossRegion() {
    var request = ProvisionRequest(type: .text, region: RegionID("north"))
    #expect(specification(request).isCrossRegion)
    #expect(specification(request).regions.map(\.text) == ["north"])
    request.region = RegionID("local")
    #expect(!specification(request).isCrossRegion)
    request.region = RegionID("north")
    request.models = [ModelVersionID("near")]
    #expect(!specification(request).isCrossRegion)
  }

  @Test("R-3: allowances read as people count them")
  func allowances() {
    #expect(Allowance.units(GenAIUnits(whole: 100)).inWords == "100 GenAI Units")
    #expect(
      Allowance.plan(input: 2_500_000, output: 1_250_000).inWords == "2.5M input and 1.25M output tokens")
    #expect(Allowance.plan(input: 5_000_000, output: nil).inWords == "5M input tokens")
  }

  @Test("R-3: what the specification lets through is provisioned, and nothing else", arguments: SplitMix.seeds)
  func agreesWithDecision(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var provisioned = 0
    for _ in 0..<400 {
      let request = Self.randomRequest(&random)
      let tokens = Int64.random(in: 1...70, using: &random)
      var story = CompanyStory()
      story.contract(tokens, from: 0, to: 100_000)
      story.account([.init(isEnterprise: true, isActive: true, priceListYear: 26)])
      let decided =
        (try? Provisioning.decide(
          request, facts: story.facts, timeline: CompanyTimeline(story.facts), catalog: ShelfCatalog.catalog, at: now,
          resourceID: ResourceID("new"), branding: Branding())) != nil
      provisioned += decided ? 1 : 0
      #expect(specification(request, tokens: tokens).canProvision == decided, "\(request)")
    }
    #expect(10..<390 ~= provisioned)
  }

  private static func randomRequest(_ random: inout SplitMix) -> ProvisionRequest {
    var request = ProvisioningTests.textRequest
    if Int.random(in: 0...9, using: &random) == 0 { request.name = "" }
    request.region =
      [RegionID("north"), RegionID("north"), RegionID("local"), nil].randomElement(using: &random) ?? nil
    request.isCrossRegion = [true, false, nil].randomElement(using: &random) ?? nil
    let models = ShelfCatalog.models.map(\.id).filter { _ in Int.random(in: 0...3, using: &random) == 0 }
    request.models = models.isEmpty ? [ModelVersionID("near")] : models
    request.defaultModel = request.models.randomElement(using: &random)
    request.type = Int.random(in: 0...3, using: &random) == 0 ? .embeddings : .text
    if request.type == .embeddings { request.defaultModel = nil }
    request.capacity =
      [.units(30), .units(1), .units(60), .plan(Identifier("text-s")), .plan(Identifier("embeddings-s")), nil]
      .randomElement(using: &random) ?? nil
    return request
  }
}
