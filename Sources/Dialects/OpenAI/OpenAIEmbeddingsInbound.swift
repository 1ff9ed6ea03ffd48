public import Core

/// OpenAI's embeddings as applications speak them.
public struct OpenAIEmbeddingsInbound: InboundCodec {
  public let dialect = Dialect.openAI

  /// Most inputs that are read from one request; the model's own limit is checked after.
  private static let mostInputs = 4_096
  private static let dimensionRange: ClosedRange<Int64> = 1...65_536

  public init() {}

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    let body = try JSONDocument.request(request.body)
    let embed = EmbedRequest(
      model: try body.optionalText("model"), inputs: try Self.inputs(try body.required("input")),
      dimensions: try body.optionalInt("dimensions", in: Self.dimensionRange))
    // Some servers embed messages in place of texts, which nobody here has counted.
    if let messages = body["messages"] { throw messages.problem("is not supported; send the texts as input") }
    let usesBase64 = try Self.usesBase64(body)
    return DecodedCall(
      call: .embed(embed), encoder: OpenAIEmbeddingsEncoder(usesBase64: usesBase64),
      original: try OpenAIPassableEmbeddings(body, usesBase64: usesBase64))
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    OpenAIFailure(failure).answer(requestID: requestID)
  }

  /// Embeddings are never streamed: nothing can be said once the answer has begun.
  public func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] { [] }

  private static func inputs(_ input: JSONNode) throws(InvalidRequest) -> [Sensitive<String>] {
    if let one = input.string { return [Sensitive(one)] }
    guard input.kind == .array else { throw input.problem("must be a string or a list of strings") }
    var inputs: [Sensitive<String>] = []
    for element in input.elements {
      guard element.kind != .number, element.kind != .array else {
        throw input.problem("must be a string or a list of strings; lists of tokens are not supported, send the text")
      }
      guard inputs.count < mostInputs else { throw input.problem("may hold at most \(mostInputs) strings") }
      inputs.append(Sensitive(try element.text()))
    }
    guard !inputs.isEmpty else { throw input.problem("must hold at least one string") }
    return inputs
  }

  private static func usesBase64(_ body: JSONNode) throws(InvalidRequest) -> Bool {
    guard let format = body["encoding_format"] else { return false }
    switch try format.text() {
    case "float": return false
    case "base64": return true
    default: throw format.problem("must be \"float\" or \"base64\"")
    }
  }
}

/// A list of embeddings, as numbers or as little-endian float32 in Base64.
struct OpenAIEmbeddingsEncoder: AnswerEncoder {
  private let usesBase64: Bool
  private var model = ""
  private var answer: EmbedAnswer?

  init(usesBase64: Bool) { self.usesBase64 = usesBase64 }

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    self.model = model.text
    return OpenAIAnswer.head(contentType: "application/json", requestID: requestID)
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    if case .embedded(let answer) = event { self.answer = answer }
    return []
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    let vectors = answer?.vectors.reveal() ?? []
    let numbers = vectors.first?.count ?? 0
    var writer = JSONWriter(reserving: 256 + vectors.count * (64 + numbers * (usesBase64 ? 6 : 12)))
    writer.object { writer in
      writer.member("object", "list")
      writer.array("data") { data in
        for (index, vector) in vectors.enumerated() {
          data.object { entry in
            entry.member("object", "embedding")
            entry.member("index", index)
            entry.name("embedding")
            if usesBase64 {
              entry.base64(FloatVector.littleEndian(vector))
            } else {
              entry.array { for number in vector { $0.float(number) } }
            }
          }
        }
      }
      writer.member("model", model)
      writer.object("usage") { counts in
        counts.member("prompt_tokens", usage.shownInput.count)
        counts.member("total_tokens", usage.shownInput.count)
      }
    }
    return writer.bytes
  }
}
