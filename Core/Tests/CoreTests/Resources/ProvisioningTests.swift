import Core
import Testing

@Suite("Provisioning")
struct ProvisioningTests {
  let story: CompanyStory
  let request: ProvisionRequest

  init() {
    var story = CompanyStory()
    story.contract(100, from: 0, to: 100_000)
    story.account([.init(isEnterprise: true, isActive: true, priceListYear: 26)])
    self.story = story
    request = Self.textRequest
  }

  static let textRequest = ProvisionRequest(
    name: " Chat of the shop ", type: .text, environment: .production, region: RegionID("north"),
    models: [ModelVersionID("near"), ModelVersionID("far")], defaultModel: ModelVersionID("near"),
    capacity: .units(30), userName: "Anna", userEmail: " Anna@Acme.Example ")

  /// 12 January 2026, 13:00 in Amsterdam.
  private let now = CompanyStory.at(hour: 11 * 24 + 12)

  private func decide(
    _ request: ProvisionRequest, _ story: CompanyStory? = nil, at instant: Instant? = nil
  ) throws(ProvisioningRefusal) -> ProvisionedResource {
    let facts = (story ?? self.story).facts
    return try Provisioning.decide(
      request, facts: facts, timeline: CompanyTimeline(facts), catalog: ShelfCatalog.catalog, at: instant ?? now,
      resourceID: ResourceID("new"), branding: Branding())
  }

  private func problems(
    at instant: Instant? = nil, _ change: (inout ProvisionRequest) -> Void
  ) -> [FieldProblem] {
    var request = request
    change(&request)
    do throws(ProvisioningRefusal) {
      _ = try decide(request, at: instant)
      return []
    } catch {
      guard case .invalid(let input) = error else { return [FieldProblem("", "\(error)")] }
      return input.problems
    }
  }

  private func problem(
    at instant: Instant? = nil, _ change: (inout ProvisionRequest) -> Void
  ) throws -> FieldProblem {
    let problems = problems(at: instant, change)
    try #require(problems.count == 1, "\(problems)")
    return problems[0]
  }

  // MARK: What is provisioned

  @Test("R-2, R-6: a text resource by units comes with its first capacity, both of one instant")
  func textByUnits() throws {
    let provisioned = try decide(request)
    #expect(
      provisioned.resource
        == Resource(
          id: ResourceID("new"), companyID: story.company.id, name: "Chat of the shop", type: .text,
          environment: .production, region: RegionID("north"), isCrossRegion: true,
          models: [ModelVersionID("far"), ModelVersionID("near")], defaultModel: ModelVersionID("near"),
          createdFor: PersonReference(name: "Anna", email: "anna@acme.example"), provisionedAt: now))
    #expect(
      provisioned.capacityChange
        == CapacityChange(
          resourceID: ResourceID("new"), capacity: .units(30), tokens: 30,
          allowance: .units(GenAIUnits(whole: 3_000)), effectiveAt: now))
    #expect(provisioned.terms.map(\.id.text) == ["maker", "cloud"])
  }

  @Test("C-8, U-4: a plan gives its quotas at its price")
  func textByPlan() throws {
    var request = request
    request.capacity = .plan(Identifier("text-m"))
    let provisioned = try decide(request)
    #expect(provisioned.capacityChange.tokens == 60)
    #expect(provisioned.capacityChange.allowance == .plan(input: 5_000_000, output: 2_500_000))
    #expect(pack(of: provisioned) == "Text generation M")
  }

  @Test("R-2, U-3: an embeddings resource has no default model and no output quota")
  func embeddings() throws {
    var request = request
    request.type = .embeddings
    request.region = RegionID("local")
    request.models = [ModelVersionID("vectors")]
    request.defaultModel = nil
    request.capacity = .plan(Identifier("embeddings-s"))
    let provisioned = try decide(request)
    #expect(provisioned.resource.defaultModel == nil)
    #expect(!provisioned.resource.isCrossRegion)
    #expect(provisioned.capacityChange.allowance == .plan(input: 5_000_000, output: nil))
    #expect(pack(of: provisioned) == "Embeddings generation S")
  }

  /// What people read under "Cloud Resource Pack". Rule T-4.
  private func pack(of provisioned: ProvisionedResource) -> String {
    let change = provisioned.capacityChange
    return Provisioning.packLabel(
      provisioned.resource.type, change.capacity, change.allowance, ShelfCatalog.catalog)
  }

  @Test("R-6, T-3: what is provisioned adds up: the tokens are allocated by one movement")
  func addsUp() throws {
    let provisioned = try decide(request)
    var after = story
    after.resources.append(provisioned.resource)
    after.capacityChanges.append(provisioned.capacityChange)
    let timeline = CompanyTimeline(after.facts)
    #expect(timeline.balance(at: now) == TokenBalance(total: 100, allocated: 30))
    #expect(
      timeline.movements(after: now.adding(milliseconds: -1), upTo: now).map { $0 } == [
        TokenMovement(.resource(ResourceID("new")), .allocated, 30, at: now)
      ])
  }

  // MARK: Eligibility

  @Test("E-1: with too few tokens nothing is provisioned, and all reasons come together")
  func ineligible() {
    var request = request
    request.capacity = .units(101)
    var story = story
    story.account([])
    let refusal = #expect(throws: ProvisioningRefusal.self) { try decide(request, story) }
    guard case .ineligible(let reasons) = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(reasons.map(\.condition) == [.insufficientTokens, .notASingleAccount])
  }

  @Test("P-1: an order of the operator passes without the self-service checks and keeps its reference")
  func operatorOrder() throws {
    var request = request
    request.capacity = .units(5_000)
    request.origin = .operatorOrder(reference: " SKU-17 ")
    var story = story
    story.accounts = []
    #expect(try decide(request, story).resource.orderReference == "SKU-17")
    #expect(throws: ProvisioningRefusal.self) {
      request.origin = .operatorOrder(reference: " ")
      _ = try decide(request, story)
    }
  }

  // MARK: What is refused

  @Test("R-2: an empty form is refused with every problem at once, each at its field")
  func everything() {
    let problems = problems { $0 = ProvisionRequest(type: .text) }
    #expect(
      problems.map(\.field) == [
        "name", "environment", "region", "models", "capacity", "userName", "userEmail",
      ])
    #expect(problems.allSatisfy { $0.message.hasSuffix(".") })
    #expect(Set(problems.map(\.field)).isSubset(of: ProvisionField.allCases.map(\.rawValue)))
  }

  @Test(
    "R-2: a display name is a line of 1 to 100 visible characters",
    arguments: ["", "  \n", String(repeating: "x", count: 101), "two\nlines", "nul\u{0}", "turned \u{202E}around"])
  func names(name: String) throws {
    #expect(try problem { $0.name = name }.field == "name")
    #expect(try problem { $0.userName = name }.field == "userName")
  }

  @Test(
    "R-2: names in any script are accepted up to 100 characters",
    arguments: [String(repeating: "é", count: 100), "チャット 🛒", "قسم المبيعات"])
  func accepted(name: String) {
    #expect(problems { $0.name = name } == [])
  }

  @Test("R-2: regions that are unknown or only answer are not offered, and the sentence lists those that are")
  func regions() throws {
    for region in ["south", "north-2"] {
      let problem = try problem { $0.region = RegionID(region) }
      #expect(problem.field == "region")
      #expect(problem.message.hasSuffix("Choose one of: North (Capital) - north; Local."))
    }
  }

  @Test("R-2: without cross-region inference, models that need it are refused by name")
  func crossRegionOff() throws {
    let problem = try problem { $0.isCrossRegion = false }
    #expect(problem.field == "models")
    #expect(problem.message == "Model far needs cross-region inference. Switch it on or leave the model out.")
    #expect(
      problems {
        $0.isCrossRegion = false
        $0.models = [ModelVersionID("near")]
      } == [])
  }

  @Test("R-2: cross-region inference is on by default only where the chosen models need it")
  func crossRegionDefault() throws {
    var request = request
    request.models = [ModelVersionID("near")]
    #expect(try !decide(request).resource.isCrossRegion)
    request.models = [ModelVersionID("far")]
    request.defaultModel = nil
    #expect(try decide(request).resource.isCrossRegion)
  }

  @Test("C-2: Local has no cross-region inference")
  func localCrossRegion() throws {
    let problem = try problem {
      $0.region = RegionID("local")
      $0.models = [ModelVersionID("own")]
      $0.defaultModel = nil
      $0.isCrossRegion = true
    }
    #expect(problem.field == "crossRegion")
  }

  @Test("R-2: models that are unknown, of another kind, elsewhere or retired are refused, each in its own sentence")
  func models() throws {
    func message(_ ids: String..., at instant: Instant? = nil) throws -> String {
      let problem = try problem(at: instant) {
        $0.models = ids.map { ModelVersionID($0) }
        $0.defaultModel = $0.models.first
      }
      #expect(problem.field == "models")
      return problem.message
    }
    #expect(try message("nothing").hasPrefix("\"nothing\" is not a model for a text generation resource."))
    #expect(try message("near", "vectors").hasPrefix("\"vectors\" is not a model"))
    #expect(try message("near", "own") == "Model own is not available in North (Capital) - north.")
    let june = CompanyStory.at(hour: 151 * 24)
    #expect(try message("old", at: june) == "Model old is retired. Choose Model near instead.")
    #expect(
      problems(at: june.adding(seconds: -7_201)) {
        $0.models = [ModelVersionID("old")]
        $0.defaultModel = nil
      } == [], "C-10: until its day, a model can be had")
  }

  @Test("R-2: a model named twice is one model, and fifty-one are too many")
  func manyModels() throws {
    var request = request
    request.models = [ModelVersionID("near"), ModelVersionID("near")]
    #expect(try decide(request).resource.models.map(\.text) == ["near"])
    #expect(
      try problem { $0.models = Array(repeating: ModelVersionID("near"), count: 51) }.message
        == "Choose at most 50 models.")
  }

  @Test("R-2: the default model is one of the chosen, and goes without saying where there is one")
  func defaultModel() throws {
    #expect(try problem { $0.defaultModel = nil }.field == "defaultModel")
    #expect(try problem { $0.defaultModel = ModelVersionID("own") }.field == "defaultModel")
    var request = request
    request.models = [ModelVersionID("near")]
    request.defaultModel = nil
    #expect(try decide(request).resource.defaultModel == ModelVersionID("near"))
    #expect(
      try problem {
        $0.type = .embeddings
        $0.models = [ModelVersionID("vectors")]
        $0.defaultModel = ModelVersionID("vectors")
      }.field == "defaultModel")
  }

  @Test(
    "C-9: a capacity is a whole number of tokens of at least 1, or a size of the same pack",
    arguments: [
      (Capacity.units(0), "Enter a whole number of Cloud Tokens from 1 to 10,000,000."),
      (.units(-5), "Enter a whole number of Cloud Tokens from 1 to 10,000,000."),
      (.units(CloudTokens(Int64.max)), "Enter a whole number of Cloud Tokens from 1 to 10,000,000."),
      (.plan(Identifier("xl")), "The size \"xl\" is not offered. Choose one of: S, M, L."),
      (.plan(Identifier("embeddings-s")), "The size \"embeddings-s\" is not offered. Choose one of: S, M, L."),
    ])
  func capacities(capacity: Capacity, message: String) throws {
    #expect(try problem { $0.capacity = capacity } == FieldProblem("capacity", message))
  }

  @Test("P-3: the user's email has to be one", arguments: ["", "anna", "anna@acme"])
  func email(text: String) throws {
    #expect(try problem { $0.userEmail = text }.field == "userEmail")
  }

  @Test("R-7: terms are confirmed in the version that holds now; changed ones are asked again")
  func terms() throws {
    let all = [TermsVersion(ShelfCatalog.makerTerms), TermsVersion(ShelfCatalog.cloudTerms)]
    #expect(problems { $0.acknowledgedTerms = all } == [])
    #expect(try problem { $0.acknowledgedTerms = [all[1]] }.field == "terms")
    #expect(
      try problem { $0.acknowledgedTerms = [all[1], TermsVersion(terms: all[0].terms, version: "1")] }.message
        == "Read and confirm \"Usage Policy\" of Maker, version 2.")
    #expect(
      problems {
        $0.models = [ModelVersionID("near")]
        $0.acknowledgedTerms = [all[1]]
      } == [], "only the terms of the chosen models are asked")
  }

  @Test("What somebody sent is quoted in full only where it is short")
  func quoting() throws {
    let problem = try problem { $0.region = RegionID(String(repeating: "x", count: 100_000)) }
    #expect(problem.message.count < 300)
  }
}
