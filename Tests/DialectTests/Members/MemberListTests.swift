import Core
import Foundation
import Testing

@testable import Dialects

@Suite("Every member that an official client knows is carried, refused by name, or a hint that may be left out (D-2)")
struct MemberListTests {
  private static let tables: [String: [String: MemberRule]] = [
    "openai-chat": OpenAIChatMembers.rules, "openai-responses": ResponsesMembers.rules,
    "openai-embeddings": OpenAIMembers.embeddings,
    "anthropic-messages": AnthropicMembers.rules.merging(AnthropicMembers.headers) { $1 },
    "bedrock-converse": ConverseMembers.rules, "cohere-embed": CohereMembers.rules,
    "bedrock-invoke": ConverseMembers.headers.values.reduce(into: ["body": .carried, "modelId": .carried]) {
      $0[$1.name] = $1.rule
    },
  ]

  @Test("Each table answers for each path of its list", arguments: tables.keys.sorted())
  func everyMember(_ name: String) throws {
    let table = MemberRule.members(try #require(Self.tables[name]))
    let list = try MemberList(name)
    #expect(list.lines.count >= 5)
    for line in list.lines {
      let answer = table.answer(to: line.steps[...])
      #expect(answer != .unknown, "\(name): nobody decided what becomes of \(line)")
      if line.isWhole { #expect(answer != .apart, "\(name): \(line) is taken apart, so list what stands below it") }
    }
  }

  @Test("What is refused in one place passes in no other inside of something that is taken as a whole (U-5)")
  func holes() throws {
    for (name, table) in Self.tables {
      #expect(MemberRule.members(table).holes(among: try MemberList(name).lines) == [], "\(name)")
    }
    // Such a hole is found.
    let lines = try MemberList("openai-chat").lines
    var table = OpenAIChatMembers.rules
    table["messages"] = .kinds(
      by: "role",
      [
        "user": ["content": .kinds(by: "type", ["text": ["prompt_cache_breakpoint": OpenAIMembers.breakpoint]])],
        "tool": ["content": .kinds(by: "type", ["text": ["prompt_cache_breakpoint": .own()]])],
      ])
    #expect(
      MemberRule.members(table).holes(among: lines)
        == ["messages[]<tool>.content[]<text>.prompt_cache_breakpoint.ttl"])
  }

  @Test("No list is without a table")
  func lists() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: MemberList.folder.path())
    #expect(Set(files) == Set((Self.tables.keys + ["anthropic-betas"]).map { $0 + ".txt" }))
  }

  @Test("A path that stands in no table is found, at any depth")
  func canFind() {
    func answer(_ path: String) -> TableAnswer {
      MemberRule.members(OpenAIChatMembers.rules).answer(to: MemberList.steps(of: path)[...])
    }
    #expect(answer("new") == .unknown)
    #expect(answer("messages[]<user>.content[]<text>.new") == .unknown)
    #expect(answer("messages[]<user>.content[]<image_url>.image_url.new") == .unknown)
    #expect(answer("messages[]<user>.content[]<image_url>.image_url.detail") == .decided)
    #expect(answer("messages[]<user>.content[]<new>.x") == .otherKind)
    #expect(answer("messages[]<user>.content") == .apart)
    #expect(answer("response_format<json_schema>.json_schema.strict") == .decided)
  }

  @Test("Trials that Anthropic's client knows: these go along, these are labels, and all others are refused")
  func trials() throws {
    let known = try MemberList("anthropic-betas").lines.map(\.description)
    let passing: Set = [
      "cache-diagnosis-2026-04-07", "context-management-2025-06-27", "interleaved-thinking-2025-05-14",
      "model-context-window-exceeded-2025-08-26", "output-128k-2025-02-19", "output-300k-2026-03-24",
      "pdfs-2024-09-25", "prompt-caching-2024-07-31", "structured-outputs-2025-11-13", "task-budgets-2026-03-13",
      "thinking-binding-controls-2026-08-01", "thinking-display-updates-2026-08-18",
      "thinking-token-count-2026-05-13", "token-counting-2024-11-01", "token-efficient-tools-2025-02-19",
    ]
    let labels: Set = ["extended-cache-ttl-2025-04-11", "message-batches-2024-09-24"]
    for name in known {
      let fields = [HTTPField("Anthropic-Beta", " \(name) , effort-2025-11-24")]
      if passing.contains(name) {
        #expect(try AnthropicTrials(headers: fields).names == [name, "effort-2025-11-24"])
      } else if labels.contains(name) {
        #expect(try AnthropicTrials(headers: fields).names == ["effort-2025-11-24"])
      } else {
        let refusal = #expect(throws: InvalidRequest.self, "\(name)") { try AnthropicTrials(headers: fields) }
        #expect(refusal?.message == "The trial \(name) that anthropic-beta asks for is not supported; leave it out.")
        #expect(refusal?.parameter == "anthropic-beta")
      }
    }
    #expect(passing.union(labels).isSubset(of: known))
    let secret = [HTTPField("anthropic-beta", "what she said")]
    let refusal = #expect(throws: InvalidRequest.self) { try AnthropicTrials(headers: secret) }
    #expect(refusal?.message.contains("she") == false)
  }
}
