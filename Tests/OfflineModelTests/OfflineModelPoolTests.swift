import Core
import Foundation
import Testing

@testable import OfflineModels

@Suite("Pool of offline models", .enabled(if: TestModels.areFetched, Comment(rawValue: TestModels.missing)))
struct OfflineModelPoolTests {
  @Test("An embeddings call answers one vector a text and counts tokens as admission did (C-5, U-5)")
  func embeds() async throws {
    let pool = try TestModels.shared.get()
    let request = EmbedRequest(
      inputs: ["The cat sat.", "A feline was seated.", "Tax law of 1987"].map { Sensitive($0) })
    let answer = try await pool.embed(request)
    let vectors = answer.vectors.reveal()
    #expect(vectors.count == 3)
    #expect(vectors.allSatisfy { $0.count == OfflineModels.dimensions })
    #expect(answer.usage == TokenUsage(input: try pool.countInput(request)))
    #expect(answer.usage?.input == TokenCount(6 + 8 + 6))
    #expect(dot(vectors[0], vectors[1]) > dot(vectors[0], vectors[2]) + 0.2)
  }

  @Test("96 texts are embedded in order, 97 are refused with both numbers (F-3)")
  func batch() async throws {
    let pool = try TestModels.shared.get()
    let texts = (0..<96).map { Sensitive("Text number \($0)") }
    let vectors = try await pool.embed(EmbedRequest(inputs: texts)).vectors.reveal()
    let last = try await pool.embed(EmbedRequest(inputs: [texts[95]])).vectors.reveal()
    #expect(dot(vectors[95], last[0]) > 0.9999)
    let error = await #expect(throws: InvalidRequest.self) {
      try await pool.embed(EmbedRequest(inputs: texts + [Sensitive("x")]))
    }
    #expect(error?.message.contains("97") == true && error?.message.contains("96") == true)
  }

  @Test("A text of 256 tokens is embedded, one of 257 is refused by index and numbers, never cut (decision 21)")
  func lengthLimit() async throws {
    let pool = try TestModels.shared.get()
    let longest = Array(repeating: "word", count: 254).joined(separator: " ")
    let request = EmbedRequest(inputs: [Sensitive(longest)], truncate: "END")
    #expect(try await pool.embed(request).usage?.input == 256)
    for call in [
      EmbedRequest(inputs: [Sensitive("short"), Sensitive(longest + " word")], truncate: "END"),
      EmbedRequest(inputs: [Sensitive("short"), Sensitive(longest + " word")]),
    ] {
      let error = await #expect(throws: InvalidRequest.self) { try await pool.embed(call) }
      #expect(error?.parameter == "inputs[1]")
      #expect(error?.message.contains("inputs[1] has 257 tokens") == true && error?.message.contains("256") == true)
      #expect(throws: InvalidRequest.self) { try pool.countInput(call) }
    }
  }

  @Test("What the embeddings model cannot give is refused by name (D-2)")
  func options() async throws {
    let pool = try TestModels.shared.get()
    let text = [Sensitive("a")]
    #expect(
      try await pool.embed(EmbedRequest(inputs: text, dimensions: 384, embeddingTypes: ["float"])).usage?.input == 3)
    for (request, word) in [
      (EmbedRequest(inputs: []), "inputs"),
      (EmbedRequest(inputs: text, dimensions: 256), "256"),
      (EmbedRequest(inputs: text, embeddingTypes: ["float", "int8"]), "int8"),
      (EmbedRequest(inputs: [Sensitive(String(repeating: "a", count: 70_000))]), "70000"),
    ] {
      let error = await #expect(throws: InvalidRequest.self) { try await pool.embed(request) }
      #expect(error?.message.contains(word) == true)
    }
  }

  @Test("As a provider it counts and answers both kinds of calls, and refuses the wrong model (N-1)")
  func provider() async throws {
    let pool: any LocalProvider = try TestModels.shared.get()
    let embed = ModelCall.embed(EmbedRequest(inputs: [Sensitive("The cat sat.")]))
    let question = Message(role: .user, content: [.text(Sensitive("Cats sit. What do cats do?"))])
    let chat = ModelCall.chat(ChatRequest(messages: [question]))
    let (embedder, quoter) = (OfflineModels.embeddingsModel.text, OfflineModels.textModel.text)
    #expect(try pool.countInput(of: embed, upstreamModel: embedder) == 6)
    #expect(try pool.countInput(of: chat, upstreamModel: quoter) == 8)
    var events: [ModelEvent] = []
    for try await event in pool.events(for: embed, upstreamModel: embedder) { events.append(event) }
    guard case .embedded(let answer) = events.first else {
      Issue.record("no vectors came")
      return
    }
    #expect(events.count == 1 && answer.usage == TokenUsage(input: 6))
    events = []
    for try await event in pool.events(for: chat, upstreamModel: quoter) { events.append(event) }
    #expect(events.first == .chat(.started) && events.last == .chat(.stopped(.endOfTurn)))
    for (call, model) in [(embed, quoter), (chat, embedder)] {
      #expect(throws: InvalidRequest.self) { try pool.countInput(of: call, upstreamModel: model) }
      await #expect(throws: InvalidRequest.self) {
        for try await _ in pool.events(for: call, upstreamModel: model) {}
      }
    }
  }

  @Test("Calls beyond the limit are refused at once and those in hand all finish")
  func fullQueue() async throws {
    let pool = try OfflineModels.load(from: [TestModels.folder], limit: 4)
    let long = EmbedRequest(inputs: (0..<8).map { _ in Sensitive(String(repeating: "word ", count: 100)) })
    let outcomes = await withTaskGroup(of: Result<Int, any Error>.self) { group in
      for _ in 0..<12 {
        group.addTask {
          do { return .success(try await pool.embed(long).vectors.reveal().count) } catch { return .failure(error) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    var answered = 0
    for outcome in outcomes {
      switch outcome {
      case .success(let count):
        answered += 1
        #expect(count == 8)
      case .failure(let error):
        #expect((error as? UpstreamFailure)?.kind == .unavailable)
        #expect((error as? UpstreamFailure)?.retryAfter != nil)
      }
    }
    #expect(answered >= 4 && answered < 12)
    // The places are free again.
    #expect(try await pool.embed(EmbedRequest(inputs: [Sensitive("a")])).usage?.input == 3)
  }

  @Test("A short call passes a long one that came first, which can still be cancelled then")
  func turns() async throws {
    let pool = try OfflineModels.load(from: [TestModels.folder])
    let long = EmbedRequest(inputs: (0..<96).map { _ in Sensitive(String(repeating: "word ", count: 250)) })
    let first = Task { try await pool.embed(long) }
    try await Task.sleep(for: .milliseconds(20))
    _ = try await pool.embed(EmbedRequest(inputs: [Sensitive("short")]))
    first.cancel()
    // Had the long call been done first, it would have its answer by now.
    await #expect(throws: CancellationError.self) { try await first.value }
  }

  @Test("A missing folder, a damaged vocabulary and a wrong shape are told in a sentence with the remedy")
  func loadingErrors() throws {
    let missing = #expect(throws: OfflineModelsError.self) {
      try OfflineModels.load(from: ["/nowhere/a", "", "/nowhere/b"])
    }
    let sentence = missing?.description ?? ""
    #expect(missing == .weightsMissing(folders: ["/nowhere/a", "/nowhere/b"]))
    #expect(sentence.contains("/nowhere/a, /nowhere/b") && sentence.contains("make run"))
    #expect(throws: OfflineModelsError.weightsMissing(folders: [])) { try OfflineModels.load(from: []) }

    let root = FileManager.default.temporaryDirectory.appending(path: "packhouse-\(UUID())")
    let folder = root.appending(path: OfflineModels.folderName)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    let real = "\(TestModels.folder)/\(OfflineModels.folderName)"
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/model.safetensors", withDestinationPath: "\(real)/model.safetensors")
    #expect(throws: OfflineModelsError.self) { try OfflineModels.load(from: [root.path]) }
    // One piece less than the matrix has rows.
    let text = try String(contentsOfFile: "\(real)/vocab.txt", encoding: .utf8)
    try String(text.dropLast(4)).write(toFile: folder.path + "/vocab.txt", atomically: true, encoding: .utf8)
    let shape = #expect(throws: OfflineModelsError.self) { try OfflineModels.load(from: ["/nowhere", root.path]) }
    #expect(shape?.description.contains("embeddings.word_embeddings.weight has the shape") == true)
  }

  private func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
