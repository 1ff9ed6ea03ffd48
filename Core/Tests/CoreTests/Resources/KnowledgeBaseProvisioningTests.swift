import Core
import Testing

@Suite("Provisioning a knowledge base")
struct KnowledgeBaseProvisioningTests {
  private typealias Field = ProvisionField

  /// A company with an embeddings resource `vectors` in region North that has one model.
  private func story(contract: Int64 = 500, until: String = "2028-01-01") -> DayStory {
    var story = DayStory()
    story.contract(contract, "2026-01-01", until)
    story.add("vectors", .units(5), .embeddings, at: "2026-02-05")
    return story
  }

  /// One whose embeddings resource `many` has three models, with cross-region inference.
  private func storyOfMany() -> DayStory {
    var story = story()
    story.add(
      Resource(
        id: ResourceID("many"), companyID: story.facts.company.id, name: "many", type: .embeddings,
        environment: .production, region: RegionID("north"), isCrossRegion: true,
        models: ["vectors", "vectors-far", "vectors-old"].map { ModelVersionID($0) }, defaultModel: nil,
        createdFor: PersonReference(name: "Anna", email: "anna@acme.example"), provisionedAt: story.at("2026-02-06")),
      .units(5))
    return story
  }

  private func request(_ change: (inout ProvisionRequest) -> Void = { _ in }) -> ProvisionRequest {
    var request = ProvisionRequest(
      name: "Manuals", type: .knowledgeBase, environment: .test, region: RegionID("north"),
      embeddingsResource: ResourceID("vectors"), userName: "Anna", userEmail: "anna@acme.example")
    change(&request)
    return request
  }

  private func decide(
    _ story: DayStory, _ request: ProvisionRequest, at time: String = "2026-02-20"
  ) throws(ProvisioningRefusal) -> ProvisionedResource {
    try Provisioning.decide(
      request, facts: story.facts, timeline: story.timeline, catalog: ShelfCatalog.catalog, at: story.at(time),
      resourceID: ResourceID("manuals"), branding: Branding())
  }

  private func problems(_ story: DayStory, _ request: ProvisionRequest, at time: String = "2026-02-20")
    -> [FieldProblem]
  {
    do throws(ProvisioningRefusal) {
      _ = try decide(story, request, at: time)
      return []
    } catch {
      guard case .invalid(let input) = error else { return [FieldProblem("", "\(error)")] }
      return input.problems
    }
  }

  private func specification(
    _ story: DayStory, _ request: ProvisionRequest, at time: String = "2026-02-20"
  ) -> ResourceSpecification {
    ResourceSpecification(
      request, facts: story.facts, timeline: story.timeline, catalog: ShelfCatalog.catalog, at: story.at(time),
      branding: Branding())
  }

  private func embeddings(_ message: String) -> [FieldProblem] { [FieldProblem("embeddingsResource", message)] }

  // MARK: What is provisioned

  @Test("R-5, C-8: a knowledge base takes its one size, and of its embeddings resource the model and the region's ways")
  func provisioned() throws {
    let decided = try decide(story(), request())
    #expect(decided.resource.embeddingsResource == ResourceID("vectors"))
    #expect(decided.resource.models == [ModelVersionID("vectors")])
    #expect(decided.resource.defaultModel == nil)
    #expect(!decided.resource.isCrossRegion)
    #expect(decided.capacityChange.capacity == DayStory.standard)
    #expect(decided.capacityChange.tokens == 48)
    #expect(decided.capacityChange.allowance == .units(.zero), "U-3: it consumes nothing itself")
    let many = try decide(
      storyOfMany(),
      request {
        $0.embeddingsResource = ResourceID("many")
        $0.models = [ModelVersionID("vectors-far")]
      })
    #expect(many.resource.models == [ModelVersionID("vectors-far")])
    #expect(many.resource.isCrossRegion)
    #expect(
      Provisioning.packLabel(
        .knowledgeBase, DayStory.standard, decided.capacityChange.allowance, ShelfCatalog.catalog)
        == "Knowledge base Standard")
  }

  @Test("R-3, E-1: its 48 tokens are asked of the balance: 48 suffice, 47 do not", arguments: [52, 53])
  func tokens(contract: Int64) {
    let story = story(contract: contract)
    let specification = specification(story, request())
    #expect(specification.tokensConsumption == "48 / \(contract - 5)")
    #expect(specification.exceedsBalance == (contract == 52))
    #expect(specification.canProvision == (contract == 53))
    #expect(((try? decide(story, request())) != nil) == (contract == 53))
  }

  @Test("R-5: the specification names the model that is fixed for the knowledge base's life, as soon as it is known")
  func embeddingsModel() {
    let complete = specification(story(), request())
    #expect(complete.embeddingsModel?.id == ModelVersionID("vectors"))
    #expect(complete.allowanceSentence == "10 GB of disk, elastic compute and memory")
    #expect(complete.warnings.isEmpty)
    #expect(specification(story(), request { $0.embeddingsResource = nil }).embeddingsModel == nil)
    let open = specification(storyOfMany(), request { $0.embeddingsResource = ResourceID("many") })
    #expect(open.embeddingsModel == nil)
    #expect(open.isCrossRegion)
  }

  @Test("R-5: another environment is allowed with a warning")
  func environments() throws {
    let request = request { $0.environment = .production }
    #expect(
      specification(story(), request).warnings == [
        "“vectors” is for Test, the knowledge base for Production. Both will share its allowance."
      ])
    #expect(try decide(story(), request).resource.environment == .production)
    #expect(specification(story(), self.request { $0.environment = nil }).warnings.isEmpty, "not known yet")
  }

  // MARK: The embeddings resource

  @Test("R-5: without an embeddings resource, or with one that is none, nothing is provisioned")
  func missing() {
    var story = story()
    story.add("chat", DayStory.small, at: "2026-02-06")
    #expect(
      problems(story, request { $0.embeddingsResource = nil })
        == embeddings("Choose the embeddings resource that the knowledge base uses, or create one."))
    let none = embeddings("There is no such embeddings resource. Choose one from the list.")
    #expect(problems(story, request { $0.embeddingsResource = ResourceID("chat") }) == none)
    #expect(problems(story, request { $0.embeddingsResource = ResourceID("of-another-company") }) == none)
    #expect(problems(story, request(), at: "2026-02-04") == none, "it is not there yet")
    #expect(
      problems(
        story,
        request {
          $0.type = .embeddings
          $0.models = [ModelVersionID("vectors")]
          $0.capacity = .units(5)
        })
        == embeddings("Only knowledge bases use an embeddings resource."))
  }

  @Test("R-5: its region must be that of the knowledge base; the sentence names both")
  func regions() {
    #expect(
      problems(story(), request { $0.region = RegionID("local") })
        == embeddings(
          "“vectors” is in North (Capital) - north. Choose one in Local, or that region for the knowledge base."))
    #expect(
      problems(story(), request { $0.region = nil }) == [FieldProblem("region", "Choose a region.")],
      "with no region chosen there is nothing to compare")
  }

  @Test("R-5: one that is about to end is refused until its deprovisioning is cancelled")
  func aboutToEnd() throws {
    var story = story()
    story.record(try story.deprovision("vectors", at: "2026-02-10").deprovisionings)
    #expect(
      problems(story, request())
        == embeddings(
          "“vectors” is scheduled for deprovisioning. Choose another embeddings resource, or cancel its deprovisioning."
        ))
    #expect(
      problems(story, request(), at: "2026-03-05")
        == embeddings("“vectors” is deprovisioned. Choose another embeddings resource."))
    story.record(try story.cancelDeprovisioning(of: "vectors", at: "2026-02-19"))
    #expect(problems(story, request()) == [])
  }

  @Test("R-5: a suspended one is refused; one with a scheduled decrease is not")
  func suspended() throws {
    let suspended = story(until: "2026-02-10")
    #expect(
      problems(suspended, request(), at: "2026-03-05")
        == embeddings("“vectors” is suspended. Choose another embeddings resource, or wait until it resumes."))
    var decreasing = story()
    decreasing.record(try decreasing.adjust("vectors", to: .units(2), at: "2026-02-10", fits: false))
    #expect(decreasing.state("vectors", "2026-02-20")?.status == .capacityDecreaseScheduled)
    #expect(problems(decreasing, request()) == [])
  }

  // MARK: The model and the rest

  @Test("R-5: one of several models has to be chosen, and of the embeddings resource's own")
  func models() {
    func problems(_ models: String..., at time: String = "2026-02-20") -> [FieldProblem] {
      self.problems(
        storyOfMany(),
        request {
          $0.embeddingsResource = ResourceID("many")
          $0.models = models.map { ModelVersionID($0) }
        }, at: time)
    }
    #expect(
      problems() == [
        FieldProblem("models", "Choose the embeddings model; it is fixed for the knowledge base's life.")
      ])
    #expect(problems("vectors", "vectors-far") == [FieldProblem("models", "Choose one embeddings model.")])
    #expect(problems("near") == [FieldProblem("models", "Choose the embeddings model from those of “many”.")])
    #expect(problems("vectors-far") == [])
    #expect(problems("vectors-old") == [])
    #expect(
      problems("vectors-old", at: "2026-06-01") == [
        FieldProblem("models", "Model vectors-old is retired. Choose Model vectors instead.")
      ], "C-10: it would be retired for the knowledge base's whole life")
    #expect(
      self.problems(story(), request { $0.models = [ModelVersionID("vectors-far")] }) == [
        FieldProblem("models", "Choose the embeddings model from those of “vectors”.")
      ], "not enabled there")
  }

  @Test("C-8, R-2: a knowledge base has one size, no units and no default model")
  func capacity() throws {
    #expect(
      problems(story(), request { $0.capacity = .units(48) }) == [
        FieldProblem("capacity", "Such a resource is offered in fixed sizes only. Choose one of: Standard.")
      ])
    #expect(
      problems(story(), request { $0.capacity = DayStory.small }) == [
        FieldProblem("capacity", "The size \"text-s\" is not offered. Choose one of: Standard.")
      ])
    #expect(
      problems(story(), request { $0.defaultModel = ModelVersionID("vectors") }) == [
        FieldProblem("defaultModel", "Only text generation resources have a default model.")
      ])
    #expect(try decide(story(), request { $0.capacity = DayStory.standard }).capacityChange.tokens == 48)
  }

  @Test("R-2: an empty form for a knowledge base is refused with every problem at once")
  func empty() {
    #expect(
      problems(story(), ProvisionRequest(type: .knowledgeBase)).map(\.field)
        == [
          Field.name, .environment, .region, .embeddingsResource, .userName, .userEmail,
        ].map(\.rawValue))
  }
}
