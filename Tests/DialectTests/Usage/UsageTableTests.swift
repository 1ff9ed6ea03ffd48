import CodecCorpus
import Core
import Testing

@Suite("What providers report settles to the unit")
struct UsageTableTests {
  static let cases = (try? UsageCase.all()) ?? []
  private static let leastCases = 200

  @Test("The table has at least 200 lines of every kind, and each is a case of its own")
  func table() throws {
    let cases = try UsageCase.all()
    #expect(cases.count >= Self.leastCases)
    #expect(Set(cases.map(\.description)).count == cases.count)
    #expect(Set(cases.map { "\($0.kind) \($0.answer) \($0.rates)" }).count == cases.count)
    for kind in [
      "openai-chat", "openai-chat-stream", "openai-embeddings", "anthropic", "anthropic-stream", "converse",
      "converse-stream", "cohere-embed", "cohere-invoke",
    ] {
      #expect(cases.filter { $0.kind == kind }.count >= 10, "\(kind)")
      #expect(Set(cases.filter { $0.kind == kind }.map(\.isEstimated)) == [true, false], "\(kind)")
    }
  }

  @Test("The units of each line are its tokens at its rates (U-1)", arguments: cases)
  func units(one: UsageCase) {
    let classes = [one.usage.input, one.usage.output, one.usage.cacheWrite, one.usage.cacheRead].map(\.count)
    let rates = [one.rates.input, one.rates.output, one.rates.cacheWrite, one.rates.cacheRead]
    var nano: Int64 = 0
    for (tokens, rate) in zip(classes, rates) { nano += tokens * rate }
    #expect(nano == one.nano)
  }

  @Test("Each answer settles once, to the tokens and units of its line (U-2, U-3, M-3)", arguments: cases)
  func settles(one: UsageCase) throws {
    let skeleton = AnswerSkeleton(one.kind, one.answer)
    let bytes = try #require(skeleton.bytes)
    // At once, and as slowly as it can come.
    for cuts in [[], Array(0..<bytes.count)] {
      var call = try SettledCall(one.kind, rates: one.rates)
      call.answer(bytes, headers: skeleton.headers, cuts: cuts)
      #expect(call.entries.map(\.usage) == [one.usage])
      #expect(call.entries.map(\.isEstimated) == [one.isEstimated])
      #expect(call.entries.map(\.units.nano) == [one.nano])
    }
  }

  @Test("No line is free: something is charged whatever was reported (M-3)", arguments: cases)
  func neverFree(one: UsageCase) {
    #expect(one.nano > 0)
    #expect(one.usage.shownInput > 0)
    if AnswerSkeleton(one.kind, one.answer).saysSomething { #expect(one.usage.output > 0) }
  }

  @Test("A report that is a token off is noticed")
  func canFind() throws {
    var call = try SettledCall("openai-chat", rates: ExchangeRates(input: 7, output: 31))
    let skeleton = AnswerSkeleton("openai-chat", #"usage {"prompt_tokens":9,"completion_tokens":13}"#)
    call.answer(try #require(skeleton.bytes), headers: [])
    #expect(call.entries.map(\.usage) == [TokenUsage(input: 9, output: 13)])
    // 9 at 7, and 13 at 31.
    #expect(call.entries.map(\.units.nano) == [466])
  }
}
