import Core
import Testing

@Suite("Deprovisioning")
struct DeprovisioningTests {
  private typealias Refusal = ResourceChangeRefusal

  private func story() -> DayStory {
    var story = DayStory()
    story.contract(500, "2026-01-01", "2028-01-01")
    story.add("chat", DayStory.medium, at: "2026-02-12 10:00")
    return story
  }

  /// `vectors` of `embeddings`, and a knowledge base for each of `bases`.
  private func story(embeddings: String, bases: [(name: String, since: String)]) -> DayStory {
    var story = story()
    story.add("vectors", .units(5), .embeddings, at: embeddings)
    for base in bases { story.add(base.name, DayStory.standard, .knowledgeBase, at: base.since, using: "vectors") }
    return story
  }

  // MARK: One resource

  @Test("A-5: a resource works until the end of its bundle month and returns its tokens then")
  func endOfMonth() throws {
    var story = story()
    let plan = try story.deprovision("chat", at: "2026-02-20")
    #expect(plan.deprovisionings.map(\.recordedAt) == [story.at("2026-02-20")])
    #expect(plan.effectiveAt == story.at("2026-03-12"))
    story.record(plan.deprovisionings)
    for instant in [story.at("2026-02-20"), story.before("2026-03-12")] {
      let state = try #require(story.state("chat", instant))
      #expect(state.status == .deprovisioningScheduled)
      #expect(state.status.admitsCalls)
      #expect(state.statusChangesAt == story.at("2026-03-12"))
      #expect(state.scheduledDeprovisioning == plan.deprovisionings[0])
      #expect(state.tokens == 60)
      #expect(state.endedAt == nil)
    }
    let ended = try #require(story.state("chat", "2026-03-12"))
    #expect(ended.status == .deprovisioned)
    #expect(!ended.status.admitsCalls)
    #expect(ended.statusChangesAt == nil)
    #expect(ended.scheduledDeprovisioning == nil)
    #expect(ended.tokens == 0)
    #expect(ended.endedAt == story.at("2026-03-12"))
    #expect(ended.capacity.capacity == DayStory.medium, "what it was stays readable")
    #expect(ended.bundleMonth.end == story.at("2026-03-12"), "its last month")
    #expect(story.state("chat", "2027-05-05")?.bundleMonth == ended.bundleMonth)
    #expect(story.movements(after: "2026-02-13", upTo: "2027-01-01") == ["released 60 chat"])
    #expect(story.effects(after: "2026-02-13", upTo: "2027-01-01") == ["2026-03-12 deprovisioned chat"])
  }

  @Test("A-5: until the end it can be cancelled, and then nothing happens; afterwards not")
  func cancelled() throws {
    var story = story()
    story.record(try story.deprovision("chat", at: "2026-02-20").deprovisionings)
    let nothing = ResourceChangeRefusal.notNow(
      "No deprovisioning is scheduled for this resource. It may have been cancelled already.")
    #expect(Refusal.of { try story.cancelDeprovisioning(of: "chat", at: "2026-03-12") } == nothing)
    story.record(try story.cancelDeprovisioning(of: "chat", at: "2026-03-11 23:59"))
    #expect(story.state("chat", "2026-03-12")?.status == .active)
    #expect(story.movements(after: "2026-02-13", upTo: "2027-01-01") == [])
    #expect(Refusal.of { try story.cancelDeprovisioning(of: "chat", at: "2026-03-13") } == nothing)
    let again = try story.deprovision("chat", at: "2026-03-13")
    #expect(again.effectiveAt == story.at("2026-04-12"), "it can be scheduled again")
  }

  @Test("A-4: a deprovisioning is scheduled once, and what is deprovisioned or unknown can't be")
  func refusals() throws {
    var story = story()
    story.record(try story.deprovision("chat", at: "2026-02-20").deprovisionings)
    #expect(
      Refusal.of { try story.deprovision("chat", at: "2026-02-21") }
        == .notNow("“chat” is scheduled for deprovisioning already."))
    #expect(
      Refusal.of { try story.deprovision("chat", at: "2026-03-12") } == .notNow("“chat” is deprovisioned already."))
    #expect(Refusal.of { try story.deprovision("nothing", at: "2026-02-21") } == .notNow("There is no such resource."))
  }

  @Test("A-4: of a deprovisioning and a downgrade at one instant only the deprovisioning has an effect")
  func withDowngrade() throws {
    var story = story()
    story.record(try story.adjust("chat", to: DayStory.small, at: "2026-02-20"))
    story.record(try story.deprovision("chat", at: "2026-02-21").deprovisionings)
    let waiting = try #require(story.state("chat", "2026-02-21"))
    #expect(waiting.status == .deprovisioningScheduled, "deprovisioning wins")
    #expect(waiting.scheduledChange?.capacity == DayStory.small)
    #expect(story.movements(after: "2026-02-13", upTo: "2027-01-01") == ["released 60 chat"])
    #expect(story.effects(after: "2026-02-13", upTo: "2027-01-01") == ["2026-03-12 deprovisioned chat"])
    #expect(story.state("chat", "2026-03-12")?.capacity.capacity == DayStory.medium)
    #expect(
      story.timeline.allowances(of: ResourceID("chat"), from: story.at("2026-02-13"), to: story.at("2026-05-01"))
        == [AllowanceStep(from: story.at("2026-02-13"), allowance: .plan(input: 5_000_000, output: 2_500_000))])
    story.record(try story.cancelDeprovisioning(of: "chat", at: "2026-03-01"))
    #expect(story.state("chat", "2026-03-01")?.status == .planDowngradeScheduled, "what was scheduled before goes on")
    #expect(story.state("chat", "2026-03-12")?.capacity.capacity == DayStory.small)
  }

  // MARK: With knowledge bases

  @Test("A-5: an embeddings resource in use can't end alone; the sentence names its knowledge bases")
  func alone() {
    var story = story(embeddings: "2026-02-05", bases: [("manuals", "2026-02-12")])
    #expect(
      Refusal.of { try story.deprovision("vectors", at: "2026-02-20") }
        == .notNow(
          "“vectors” is used by the knowledge base “manuals” and can only be deprovisioned together with it."))
    story.add("answers", DayStory.standard, .knowledgeBase, at: "2026-02-13", using: "vectors")
    #expect(
      Refusal.of { try story.deprovision("vectors", at: "2026-02-20") }
        == .notNow(
          "“vectors” is used by the knowledge bases “manuals”, “answers” and can only be deprovisioned together with "
            + "them."))
  }

  @Test(
    "A-5: it ends at its first month end at or after the last of its knowledge bases",
    arguments: [
      // Its own month ends before, after, and at the same instant as the knowledge base's.
      ("2026-02-05", "2026-02-12", "2026-03-12", "2026-04-05"),
      ("2026-02-15", "2026-02-12", "2026-03-12", "2026-03-15"),
      ("2026-02-12", "2026-02-12 18:00", "2026-03-12", "2026-03-12"),
      ("2026-01-31", "2026-02-12", "2026-03-12", "2026-03-31"),
      ("2026-01-28", "2026-01-31", "2026-02-28", "2026-02-28"),
    ])
  func together(embeddings: String, base: String, baseEnd: String, end: String) throws {
    var story = story(embeddings: embeddings, bases: [("manuals", base)])
    let plan = try story.deprovision("vectors", withKnowledgeBases: true, at: "2026-02-20")
    #expect(plan.deprovisionings.map(\.resourceID.text) == ["manuals", "vectors"])
    #expect(plan.deprovisionings.map(\.effectiveAt) == [story.at(baseEnd), story.at(end)])
    #expect(plan.effectiveAt == story.at(end))
    story.record(plan.deprovisionings)
    #expect(story.state("vectors", story.before(end))?.status == .deprovisioningScheduled)
    #expect(story.state("manuals", baseEnd)?.status == .deprovisioned)
    #expect(story.state("vectors", end)?.status == .deprovisioned)
    #expect(
      story.effects(after: "2026-02-20", upTo: "2027-01-01") == [
        "\(baseEnd) deprovisioned manuals", "\(end) deprovisioned vectors",
      ])
  }

  @Test("A-5: the last of several knowledge bases decides, those that were scheduled before among them")
  func several() throws {
    var story = story(
      embeddings: "2026-02-05", bases: [("manuals", "2026-02-12"), ("answers", "2026-02-25"), ("gone", "2026-01-20")])
    story.record(try story.deprovision("gone", at: "2026-02-15").deprovisionings)
    story.record(try story.deprovision("answers", at: "2026-02-26").deprovisionings)
    let plan = try story.deprovision("vectors", withKnowledgeBases: true, at: "2026-02-27")
    #expect(plan.deprovisionings.map(\.resourceID.text) == ["manuals", "vectors"], "only what is not scheduled yet")
    #expect(plan.deprovisionings.map(\.effectiveAt) == [story.at("2026-03-12"), story.at("2026-04-05")])
    story.record(plan.deprovisionings)
    #expect(story.state("vectors", "2026-04-05")?.status == .deprovisioned)
  }

  @Test("A-5: where all its knowledge bases are scheduled or gone, an embeddings resource needs nobody's leave")
  func followsAlone() throws {
    var story = story(embeddings: "2026-02-05", bases: [("manuals", "2026-02-12")])
    story.record(try story.deprovision("manuals", at: "2026-02-20").deprovisionings)
    #expect(
      story.state("vectors", "2026-02-20")?.status == .active, "it does not end with its knowledge bases by itself")
    #expect(try story.deprovision("vectors", at: "2026-02-21").effectiveAt == story.at("2026-04-05"))
    #expect(try story.deprovision("vectors", at: "2026-03-13").effectiveAt == story.at("2026-04-05"))
    #expect(try story.deprovision("vectors", at: "2026-04-06").effectiveAt == story.at("2026-05-05"))
    let users = DeprovisioningPlan.knowledgeBases(
      of: ResourceID("vectors"), facts: story.facts, timeline: story.timeline, at: story.at("2026-02-21"))
    #expect(users.map(\.resource.name) == ["manuals"])
    #expect(
      DeprovisioningPlan.knowledgeBases(
        of: ResourceID("vectors"), facts: story.facts, timeline: story.timeline, at: story.at("2026-03-12")
      ).isEmpty)
  }

  @Test("A-5: cancelling a knowledge base's deprovisioning cancels its embeddings resource's, not the other way round")
  func cancelling() throws {
    var story = story(embeddings: "2026-02-05", bases: [("manuals", "2026-02-12"), ("answers", "2026-02-14")])
    story.record(try story.deprovision("vectors", withKnowledgeBases: true, at: "2026-02-20").deprovisionings)
    let ofBase = try story.cancelDeprovisioning(of: "manuals", at: "2026-03-01")
    #expect(ofBase.map(\.resourceID.text) == ["manuals", "vectors"])
    #expect(ofBase.allSatisfy { $0.cancelledAt == story.at("2026-03-01") })
    var kept = story
    kept.record(ofBase)
    #expect(kept.state("manuals", "2026-04-05")?.status == .active)
    #expect(kept.state("vectors", "2026-04-05")?.status == .active)
    #expect(kept.state("answers", "2026-03-14")?.status == .deprovisioned)

    let ofEmbeddings = try story.cancelDeprovisioning(of: "vectors", at: "2026-03-01")
    #expect(ofEmbeddings.map(\.resourceID.text) == ["vectors"])
    story.record(ofEmbeddings)
    #expect(story.state("manuals", "2026-03-12")?.status == .deprovisioned)
    #expect(story.state("vectors", "2026-04-05")?.status == .active)
  }

  @Test("A-5: a knowledge base ends alone, and at one instant before its embeddings resource")
  func atOneInstant() throws {
    var story = story(embeddings: "2026-02-12", bases: [("manuals", "2026-02-12 18:00")])
    #expect(try story.deprovision("manuals", at: "2026-02-20").deprovisionings.count == 1)
    story.record(try story.deprovision("vectors", withKnowledgeBases: true, at: "2026-02-20").deprovisionings)
    #expect(
      story.effects(after: "2026-02-20", upTo: "2027-01-01") == [
        "2026-03-12 deprovisioned manuals", "2026-03-12 deprovisioned vectors",
      ])
    #expect(
      story.movements(after: "2026-02-20", upTo: "2027-01-01") == ["released 5 vectors", "released 48 manuals"],
      "the ledger has the oldest activation first")
  }
}
