import Core
import Dialects

/// An answer that is always the same but for what it reports of its tokens: the text "Twelve chars", or two vectors.
///
/// What is reported where is a list of pieces with `;` between them. Words: `silent`, nothing is said; `cut`, the stream
/// breaks off after the text. Places, each with JSON:
/// - whole answers of OpenAI, Anthropic and Converse: `usage`
/// - streams of OpenAI: `first`, `early`, `late`, `finish` with the chunks of the role, the two halves of the text and
///   the finish reason; `last`, a chunk of its own; `raw`, any chunk; `after`, a chunk behind `[DONE]`
/// - streams of Anthropic: `start` in `message_start`; each `delta` in a `message_delta`
/// - streams of Converse: each `metadata` in an event of that name
/// - Cohere: `units`; behind Bedrock also `header`
struct AnswerSkeleton {
  static let text = "Twelve chars"

  private let kind: String
  private var isSilent = false
  private var isCut = false
  private var places: [(name: String, json: String)] = []

  init(_ kind: String, _ pieces: String) {
    self.kind = kind
    for piece in pieces.split(separator: " ; ") {
      let words = piece.split(separator: " ", maxSplits: 1).map(String.init)
      switch words.first {
      case "silent": isSilent = true
      case "cut": isCut = true
      default: places.append((words.first ?? "", words.last ?? ""))
      }
    }
  }

  /// Whether a model's words are in it; vectors are none.
  var saysSomething: Bool { !isSilent && !kind.contains("embed") && !kind.hasPrefix("cohere") }

  var headers: [HTTPField] {
    all("header").map { HTTPField("x-amzn-bedrock-input-token-count", $0.replacing("\"", with: "")) }
  }

  /// Nil for a kind that there is not.
  var bytes: [UInt8]? {
    switch kind {
    case "openai-chat":
      let content = isSilent ? "" : Self.text
      return Array(
        #"{"choices":[{"message":{"content":"\#(content)"},"finish_reason":"stop"}]\#(member("usage"))}"#.utf8)
    case "openai-chat-stream": return Array(openAIStream.utf8)
    case "openai-embeddings":
      return Array(
        #"{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[3,4]}]\#(member("usage"))}"#.utf8)
    case "anthropic":
      let content = isSilent ? "" : #"{"type":"text","text":"\#(Self.text)"}"#
      let opening = #"{"type":"message","content":[\#(content)],"stop_reason":"end_turn""#
      return Array("\(opening)\(member("usage"))}".utf8)
    case "anthropic-stream": return Array(anthropicStream.utf8)
    case "converse":
      let content = isSilent ? "" : #"{"text":"\#(Self.text)"}"#
      return Array(
        #"{"output":{"message":{"content":[\#(content)]}},"stopReason":"end_turn"\#(member("usage"))}"#.utf8)
    case "converse-stream": return converseStream
    case "cohere-embed", "cohere-invoke":
      let meta = all("units").first.map { #","meta":{"billed_units":\#($0)}"# } ?? ""
      return Array(#"{"embeddings":{"float":[[1,2],[3,4]]}\#(meta)}"#.utf8)
    default: return nil
    }
  }

  private func all(_ place: String) -> [String] { places.filter { $0.name == place }.map(\.json) }

  /// The member `usage` with what is reported at `place`.
  private func member(_ place: String) -> String { all(place).first.map { ",\"usage\":\($0)" } ?? "" }

  // MARK: Streams

  private var openAIStream: String {
    func chunk(_ delta: String, _ place: String, finish: String = "null") -> String {
      #"data: {"choices":[{"index":0,"delta":{\#(delta)},"finish_reason":\#(finish)}]\#(member(place))}"# + "\n\n"
    }
    func alone(_ place: String) -> String {
      all(place).map { "data: {\"choices\":[],\"usage\":\($0)}\n\n" }.joined()
    }
    var stream = chunk(#""role":"assistant""#, "first")
    if !isSilent { stream += chunk(#""content":"Twelve""#, "early") + chunk(#""content":" chars""#, "late") }
    guard !isCut else { return stream }
    stream += chunk("", "finish", finish: "\"stop\"") + alone("last") + all("raw").map { "data: \($0)\n\n" }.joined()
    return stream + "data: [DONE]\n\n" + alone("after")
  }

  private var anthropicStream: String {
    func event(_ name: String, _ members: String) -> String {
      "event: \(name)\ndata: {\"type\":\"\(name)\"\(members)}\n\n"
    }
    var stream = event("message_start", #","message":{"role":"assistant","content":[]\#(member("start"))}"#)
    if !isSilent {
      stream += event("content_block_start", #","index":0,"content_block":{"type":"text","text":""}"#)
      for half in ["Twelve", " chars"] {
        stream += event("content_block_delta", #","index":0,"delta":{"type":"text_delta","text":"\#(half)"}"#)
      }
      stream += event("content_block_stop", #","index":0"#)
    }
    guard !isCut else { return stream }
    let reports = all("delta")
    for (number, report) in reports.enumerated() {
      let reason = number == reports.count - 1 ? "\"end_turn\"" : "null"
      stream += event("message_delta", #","delta":{"stop_reason":\#(reason)},"usage":\#(report)"#)
    }
    if reports.isEmpty { stream += event("message_delta", #","delta":{"stop_reason":"end_turn"}"#) }
    return stream + event("message_stop", "")
  }

  private var converseStream: [UInt8] {
    func frame(_ name: String, _ payload: String) -> [UInt8] {
      EventStreamFrame(event: name, payload: Array(payload.utf8)).bytes
    }
    var stream = frame("messageStart", #"{"role":"assistant"}"#)
    if !isSilent {
      for half in ["Twelve", " chars"] {
        stream += frame("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"\#(half)"}}"#)
      }
      stream += frame("contentBlockStop", #"{"contentBlockIndex":0}"#)
    }
    guard !isCut else { return stream }
    stream += frame("messageStop", #"{"stopReason":"end_turn"}"#)
    for report in all("metadata") { stream += frame("metadata", #"{"usage":\#(report),"metrics":{}}"#) }
    return stream
  }
}
