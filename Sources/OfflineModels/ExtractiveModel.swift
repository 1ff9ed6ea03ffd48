import Core

/// The model `packhouse-extractive-1`: not a language model. It answers with those sentences of the supplied context
/// that are most similar to the question, says where each stands, and says so when there is nothing to quote. Rule C-5.
struct ExtractiveModel: Sendable {
  /// Input tokens of one call, all texts together.
  static let maximumInputTokens = 32_768
  /// Sentences that are compared with the question.
  static let maximumSentences = 4_096
  static let defaultMaxTokens = 512

  /// Tokens of a text of the encoder without its markers.
  private static let maximumPieces = MiniLM.maximumTokens - WordPieceTokenizer.markerTokens
  private static let model = OfflineModels.textModel.text

  let tokenizer: WordPieceTokenizer

  /// A sentence that can be quoted.
  struct Sentence: Sendable, Redacted {
    let text: String
    let source: String
  }

  /// A call that was read and found right.
  struct Plan: Sendable, Redacted {
    let inputTokens: Int
    let sentences: [Sentence]
    /// What the encoder gets: the question, then every sentence, markers included; empty without sentences.
    let texts: [[Int32]]
    let maxTokens: Int
    let stopSequences: [String]
  }

  /// Tokens of all texts of `request`. Throws for what ``plan(_:)`` throws for.
  func countInput(_ request: ChatRequest) throws(InvalidRequest) -> Int {
    try plan(request).inputTokens
  }

  /// Reads `request` and finds its question and its sentences. Rules D-2, F-3.
  func plan(_ request: ChatRequest) throws(InvalidRequest) -> Plan {
    let conversation = try ConversationReader.read(request)
    let inputTokens = conversation.counted.reduce(0) { $0 + tokenizer.count($1) }
    guard inputTokens <= Self.maximumInputTokens else {
      throw InvalidRequest(
        "The texts of the request have \(inputTokens) tokens; \(Self.model) reads at most \(Self.maximumInputTokens). "
          + "Give it less context: it is never cut.", parameter: "messages")
    }
    let (question, passages) = split(conversation)
    let questionIDs = tokenizer.encode(question)
    guard questionIDs.count <= MiniLM.maximumTokens else {
      throw InvalidRequest(
        "The question has \(questionIDs.count - WordPieceTokenizer.markerTokens) tokens; \(Self.model) compares "
          + "questions of at most \(Self.maximumPieces). End the message with a shorter question.",
        parameter: "messages")
    }
    let found = sentences(of: passages)
    guard found.count <= Self.maximumSentences else {
      throw InvalidRequest(
        "The context has \(found.count) sentences; \(Self.model) compares at most \(Self.maximumSentences). Give it "
          + "less context: it is never cut.", parameter: "messages")
    }
    return Plan(
      inputTokens: inputTokens, sentences: found.map(\.sentence),
      texts: found.isEmpty ? [] : [questionIDs] + found.map(\.ids),
      maxTokens: request.inference.maxTokens ?? Self.defaultMaxTokens,
      stopSequences: request.inference.stopSequences.filter { !$0.isEmpty })
  }
}

// MARK: - Question and context

extension ExtractiveModel {
  /// The question, and everything else as passages in the request's order.
  ///
  /// The question is the last sentence of the asking turn that ends with a question mark. Without one it is the whole
  /// turn where there is other context and the turn is not too long, else the turn's last sentence.
  private func split(_ conversation: Conversation) -> (String, [Conversation.Passage]) {
    var turn = conversation.asking.map { part in
      (
        sentences: SentenceSplitter.sentences(in: part.text, joining: .beforeSmallLetters), source: part.source,
        place: part.place
      )
    }
    let question: String
    if let part = turn.lastIndex(where: { $0.sentences.contains(where: SentenceSplitter.isQuestion) }),
      let place = turn[part].sentences.lastIndex(where: SentenceSplitter.isQuestion)
    {
      question = turn[part].sentences.remove(at: place)
    } else {
      let whole = turn.flatMap(\.sentences).joined(separator: " ")
      let hasContext = conversation.passages.contains { !$0.text.allSatisfy(\.isWhitespace) }
      if hasContext && tokenizer.count(whole) <= Self.maximumPieces {
        question = whole
        turn = []
      } else {
        let part = turn.lastIndex { !$0.sentences.isEmpty } ?? 0
        question = turn.isEmpty ? "" : turn[part].sentences.popLast() ?? ""
      }
    }
    var passages = conversation.passages
    for part in turn.reversed() where !part.sentences.isEmpty {
      let text = part.sentences.joined(separator: "\n")
      let passage = Conversation.Passage(source: part.source, text: text, joining: .never)
      passages.insert(passage, at: part.place)
    }
    return (question, passages)
  }

  /// Sentences of all passages with their token ids; equal ones once.
  private func sentences(of passages: [Conversation.Passage]) -> [(sentence: Sentence, ids: [Int32])] {
    var seen: Set<String> = []
    var found: [(sentence: Sentence, ids: [Int32])] = []
    for passage in passages {
      for sentence in SentenceSplitter.sentences(in: passage.text, joining: passage.joining) {
        for part in fitting(Substring(sentence)) where seen.insert(part.text).inserted {
          found.append((Sentence(text: part.text, source: passage.source), part.ids))
        }
      }
    }
    return found
  }

  /// `text` as it is where it fits the encoder, else in halves, parted at a space if there is one.
  private func fitting(_ text: Substring) -> [(text: String, ids: [Int32])] {
    let whole = String(text)
    let ids = tokenizer.encode(whole)
    // Only marks and spaces that the tokenizer drops: nothing to compare.
    if ids.count <= WordPieceTokenizer.markerTokens { return [] }
    if ids.count <= MiniLM.maximumTokens { return [(whole, ids)] }
    // A scalar has far fewer tokens than the encoder takes, so there are always two halves.
    let scalars = text.unicodeScalars
    let middle = scalars.index(scalars.startIndex, offsetBy: scalars.count / 2)
    let cut = text[middle...].firstIndex(of: " ") ?? text[..<middle].lastIndex(of: " ") ?? middle
    return fitting(text[..<cut]) + fitting(text[cut...].drop { $0 == " " })
  }
}
