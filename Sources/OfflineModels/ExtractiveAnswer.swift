import Core

/// What the extractive model says.
struct ExtractiveAnswer: Sendable, Redacted {
  /// The answer in the pieces in which it streams: a word each, with the space before it.
  let words: [String]
  let stopReason: StopReason
  let usage: TokenUsage

  var text: String { words.joined() }

  /// The events after the start of the answer.
  func events(streaming: Bool) -> [ChatEvent] {
    let pieces = streaming || words.isEmpty ? words : [text]
    return [.blockStarted(index: 0, kind: .text)]
      + pieces.map { .delta(index: 0, .text(Sensitive($0))) }
      + [.blockStopped(index: 0), .usage(usage), .stopped(stopReason)]
  }
}

extension ExtractiveModel {
  /// Sentences of one answer.
  private static let maximumQuotes = 5
  /// Below this nothing answers the question, and the answer says so.
  private static let leastSimilarity: Float = 0.2
  /// How much less similar than the best a further quotation may be.
  private static let similarityRange: Float = 0.15

  static let noContext =
    "I can only quote from text you give me, and there is none to quote from. Put it into the system prompt, a "
    + "document or a message before the question, and ask again."
  static let nothingClose = "Nothing in the text you gave me comes close to the question. The nearest sentence is:"

  /// The answer to `plan`, given the vectors of its texts.
  func answer(_ plan: Plan, vectors: [[Float]]) -> ExtractiveAnswer {
    precondition(vectors.count == plan.texts.count, "one vector for each text")
    let full = vectors.isEmpty ? Self.noContext : quotation(plan.sentences, similarities: Self.similarities(vectors))
    return limited(full, plan)
  }

  private static func similarities(_ vectors: [[Float]]) -> [Float] {
    let question = vectors[0]
    return vectors.dropFirst().map { vector in
      vector.withUnsafeBufferPointer { sentence in
        question.withUnsafeBufferPointer { question in
          guard let a = sentence.baseAddress, let b = question.baseAddress else { return 0 }
          return LinearAlgebra.dot(min(sentence.count, question.count), a, b)
        }
      }
    }
  }

  private func quotation(_ sentences: [Sentence], similarities: [Float]) -> String {
    // Ties go to the earlier sentence, so that equal requests get equal answers.
    let ranked = similarities.indices.sorted { a, b in
      similarities[a] != similarities[b] ? similarities[a] > similarities[b] : a < b
    }
    let best = similarities[ranked[0]]
    let isClose = best >= Self.leastSimilarity
    let least = max(Self.leastSimilarity, best - Self.similarityRange)
    let chosen =
      isClose ? ranked.prefix(Self.maximumQuotes).filter { similarities[$0] >= least }.sorted() : [ranked[0]]
    var sources: [String] = []
    var lines = isClose ? [] : [Self.nothingClose]
    for index in chosen {
      let sentence = sentences[index]
      if !sources.contains(sentence.source) { sources.append(sentence.source) }
      let number = (sources.firstIndex(of: sentence.source) ?? 0) + 1
      lines.append("\(sentence.text) [\(number)]")
    }
    lines += ["", "Sources:"]
    for (index, source) in sources.enumerated() { lines.append("[\(index + 1)] \(source)") }
    return lines.joined(separator: "\n")
  }

  /// Cuts the answer at the first stop sequence, then at the number of tokens.
  private func limited(_ full: String, _ plan: Plan) -> ExtractiveAnswer {
    let stopped = Self.cut(full, at: plan.stopSequences)
    var words: [String] = []
    var tokens = 0
    var isCut = false
    for word in Self.words(of: stopped ?? full) {
      let count = tokenizer.count(word)
      if tokens + count > plan.maxTokens {
        let rest = beginning(of: word, tokens: plan.maxTokens - tokens)
        if !rest.isEmpty {
          words.append(rest)
          tokens += tokenizer.count(rest)
        }
        isCut = true
        break
      }
      words.append(word)
      tokens += count
    }
    return ExtractiveAnswer(
      words: words, stopReason: isCut ? .maxTokens : stopped == nil ? .endOfTurn : .stopSequence,
      usage: TokenUsage(input: TokenCount(plan.inputTokens), output: TokenCount(tokens)))
  }

  /// What stands before the first of `stops`; nil where none occurs. Compared byte by byte, as clients compare.
  static func cut(_ text: String, at stops: [String]) -> String? {
    let bytes = Array(text.utf8)
    let ends = stops.compactMap { stop -> Int? in
      let stop = Array(stop.utf8)
      guard !stop.isEmpty, stop.count <= bytes.count else { return nil }
      return (0...(bytes.count - stop.count)).first { bytes[$0...].starts(with: stop) }
    }
    return ends.min().map { String(decoding: bytes[..<$0], as: UTF8.self) }
  }

  /// `text` in pieces that join to it again: white space and the word after it. An ideograph is a word, as it is to
  /// the tokenizer, so that the tokens of the pieces add up to those of the whole.
  static func words(of text: String) -> [String] {
    var words: [String] = []
    var current = String.UnicodeScalarView()
    var hasInk = false
    var isIdeograph = false
    for scalar in text.unicodeScalars {
      let isSpace = scalar == " " || scalar == "\n"
      let isNext = (0x4E00...0x9FFF).contains(scalar.value)
      if hasInk && (isSpace || isNext || isIdeograph) {
        words.append(String(current))
        current = String.UnicodeScalarView()
        hasInk = false
      }
      current.append(scalar)
      isIdeograph = isNext
      hasInk = hasInk || !isSpace
    }
    if !current.isEmpty { words.append(String(current)) }
    return words
  }

  private static let longestCutWord = 128

  /// The longest beginning of `word` that has at most `tokens` tokens, so that a text without spaces is cut as well.
  private func beginning(of word: String, tokens: Int) -> String {
    guard tokens > 0 else { return "" }
    var best = ""
    var prefix = ""
    for character in word.prefix(Self.longestCutWord) {
      prefix.append(character)
      if tokenizer.count(prefix) <= tokens { best = prefix }
    }
    return best.allSatisfy(\.isWhitespace) ? "" : best
  }
}
