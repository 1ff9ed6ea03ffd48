import Core
import Testing

@Suite("Editing a resource")
struct ResourceEditTests {
  private typealias Refusal = ResourceChangeRefusal

  private func story() -> DayStory {
    var story = DayStory()
    story.contract(100, "2026-01-01", "2026-03-01")
    story.add("chat", DayStory.medium, at: "2026-02-12")
    story.add("vectors", .units(5), .embeddings, at: "2026-02-12")
    return story
  }

  private func edit(_ edit: ResourceEdit, _ name: String = "chat", at time: String = "2026-02-20") throws -> Resource {
    let story = story()
    return try edit.applied(to: try #require(story.state(name, time)), at: story.at(time))
  }

  @Test("A-3: name, environment and default model are changed, and what is left out stays")
  func changes() throws {
    let before = try edit(ResourceEdit())
    #expect(before == story().facts.resources[0], "nothing changes")
    let named = try edit(ResourceEdit(name: "  Talk "))
    #expect(named.name == "Talk")
    #expect(named.changedAt == story().at("2026-02-20"))
    #expect(named.environment == .test && named.defaultModel == before.defaultModel)
    let moved = try edit(ResourceEdit(environment: .production, defaultModel: ModelVersionID("near")))
    #expect(moved.environment == .production && moved.name == "chat")
  }

  @Test("A-3: an edit that changes nothing leaves the instant of the last change")
  func nothing() throws {
    let same = try edit(ResourceEdit(name: "chat", environment: .test, defaultModel: ModelVersionID("near")))
    #expect(same.changedAt == story().at("2026-02-12"))
  }

  @Test("A-3: every problem is told at once, each at its field")
  func problems() {
    let refusal = Refusal.of { try edit(ResourceEdit(name: " ", defaultModel: ModelVersionID("far"))) }
    #expect(
      refusal
        == .invalid(
          InvalidInput([
            FieldProblem("name", "Enter a display name."),
            FieldProblem("defaultModel", "Choose the default model from the models of the resource."),
          ])))
    #expect(
      Refusal.of { try edit(ResourceEdit(defaultModel: ModelVersionID("vectors")), "vectors") }
        == .invalid(
          InvalidInput([FieldProblem("defaultModel", "Only text generation resources have a default model.")])))
  }

  @Test(
    "R-2: a display name is a line of 1 to 100 visible characters here as well",
    arguments: [
      (String(repeating: "x", count: 101), "Shorten the display name to 100 characters."),
      ("two\nlines", "Remove line breaks and invisible characters from the display name."),
      ("turned \u{202E}around", "Remove line breaks and invisible characters from the display name."),
    ])
  func names(name: String, message: String) {
    #expect(
      Refusal.of { try edit(ResourceEdit(name: name)) } == .invalid(InvalidInput([FieldProblem("name", message)])))
  }

  @Test("T-5: a suspended resource can be renamed and scheduled for deprovisioning; a deprovisioned one can't")
  func states() throws {
    let story = story()
    #expect(story.state("chat", "2026-03-12")?.status == .suspended)
    #expect(try edit(ResourceEdit(name: "Talk"), at: "2026-03-12").name == "Talk")
    #expect(try story.deprovision("chat", at: "2026-03-13").effectiveAt == story.at("2026-04-12"))
    #expect(
      Refusal.of { try edit(ResourceEdit(name: "Talk"), at: "2026-06-01") }
        == .notNow("“chat” is deprovisioned and can't be changed any more."))
  }
}
