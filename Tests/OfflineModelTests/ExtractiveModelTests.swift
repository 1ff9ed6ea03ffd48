import Core
import Testing

@testable import OfflineModels

@Suite("Extractive text model (C-5)", .enabled(if: TestModels.areFetched, Comment(rawValue: TestModels.missing)))
struct ExtractiveModelTests {
  private static let handbook = """
    Our office opens at nine in the morning. Refunds are paid within fourteen days of the return. The cafeteria serves
    soup on Fridays. A refund needs the original receipt. Parking is free for visitors.
    """

  private func request(
    _ question: String = "How long does a refund take?", context: String = handbook, maxTokens: Int? = nil,
    stops: [String] = [], streaming: Bool = true
  ) -> ChatRequest {
    ChatRequest(
      system: [.text(Sensitive("You are polite."))],
      messages: [
        Message(
          role: .user,
          content: [
            .document(format: "md", name: Sensitive("handbook.md"), bytes: Sensitive(Array(context.utf8))),
            .text(Sensitive(question)),
          ])
      ],
      inference: InferenceParameters(maxTokens: maxTokens, stopSequences: stops), isStreaming: streaming)
  }

  private struct Answer {
    var text = ""
    var deltas = 0
    var events: [ChatEvent] = []
    var usage: TokenUsage?
    var stop: StopReason?
  }

  private func ask(_ request: ChatRequest) async throws -> Answer {
    let pool = try TestModels.shared.get()
    var answer = Answer()
    for try await event in pool.chat(request) {
      guard case .chat(let event) = event else { continue }
      answer.events.append(event)
      switch event {
      case .delta(_, .text(let text)):
        answer.text += text.reveal()
        answer.deltas += 1
      case .usage(let usage): answer.usage = usage
      case .stopped(let reason): answer.stop = reason
      default: break
      }
    }
    let tokenizer = try TestModels.tokenizer.get()
    let usage = TokenUsage(input: try pool.countInput(request), output: TokenCount(tokenizer.count(answer.text)))
    #expect(answer.usage == usage, "usage is exact (U-5)")
    #expect(answer.events.first == .started && answer.events.last == answer.stop.map { .stopped($0) })
    return answer
  }

  @Test("The answer quotes the sentences nearest to the question in their order and names their source")
  func quotes() async throws {
    let answer = try await ask(request())
    #expect(answer.text.hasPrefix("Refunds are paid within fourteen days of the return. [1]\n"))
    #expect(answer.text.hasSuffix("Sources:\n[1] handbook.md"))
    #expect(!answer.text.contains("soup"))
    #expect(answer.stop == .endOfTurn)
  }

  @Test("Streaming gives word by word what a plain call gives at once")
  func streaming() async throws {
    let streamed = try await ask(request())
    let plain = try await ask(request(streaming: false))
    #expect(streamed.text == plain.text)
    #expect(plain.deltas == 1)
    #expect(streamed.deltas >= 10)
  }

  @Test("Without context the answer says so")
  func noContext() async throws {
    let answer = try await ask(
      ChatRequest(messages: [Message(role: .user, content: [.text(Sensitive("Who are you?"))])]))
    #expect(answer.text == ExtractiveModel.noContext)
  }

  @Test("Where nothing is near the question the answer says so")
  func nothingClose() async throws {
    let answer = try await ask(
      request("What is the boiling point of nitrogen?", context: "Parking is free on Sundays."))
    #expect(answer.text.hasPrefix(ExtractiveModel.nothingClose))
  }

  @Test("No answer has more tokens than were allowed (U-5)", arguments: [1, 2, 3, 7, 12, 20, 1_000])
  func maxTokens(_ limit: Int) async throws {
    let full = try await ask(request())
    let answer = try await ask(request(maxTokens: limit))
    let output = answer.usage?.output ?? 0
    #expect(output <= TokenCount(limit))
    #expect(full.text.hasPrefix(answer.text))
    #expect(answer.stop == (full.text == answer.text ? .endOfTurn : .maxTokens))
    #expect(output > 0)
  }

  @Test("A text without spaces is cut at its tokens as well")
  func maxTokensWithoutSpaces() async throws {
    let context = "退款将在退货后十四天内支付给所有客户。"
    let answer = try await ask(request("退款需要多长时间？", context: context, maxTokens: 5))
    #expect(answer.usage?.output == 5)
    #expect(answer.stop == .maxTokens)
  }

  @Test("The answer ends before the first stop sequence")
  func stopSequences() async throws {
    let answer = try await ask(request(stops: ["", "never there", " days", "fourteen"]))
    #expect(answer.text == "Refunds are paid within ")
    #expect(answer.stop == .stopSequence)
    let first = try await ask(request(stops: ["Refunds"]))
    #expect(first.text.isEmpty && first.stop == .stopSequence)
  }

  @Test("A refused request ends the stream with the reason (D-2)")
  func refusal() async throws {
    var request = request()
    request.responseFormat = .jsonObject
    await #expect(throws: InvalidRequest.self) { try await ask(request) }
  }
}
