/// What a request's body says, as far as the simulator cares.
struct RequestFacts: Sendable {
  var model: String?
  var streams = false
  var includesUsage = false
  var maxTokens: Int?
  /// Whitespace-separated words of every text in the request, plus one for each number of a token array.
  var words = 0
  var messages = 0
  /// Says more than words, so that it must be read whole: tools, images, cache markers and the like.
  var isRich = false
  /// Has what some services refuse: an empty text, or roles that do not alternate from the user's on.
  var isIrregular = false
  /// The inside of the last directive in the last text of the user.
  var directive: String?

  /// One fingerprint for each text to embed: equal texts have equal ones.
  var inputs: [UInt64] = []
  /// Where the embedding texts stand in the body, to repeat them.
  var inputsRange: Range<Int>?
  var dimensions: Int?
  var encodingFormat: String?
  var embeddingTypes: [String]?

  /// The JSON of the member `sim_echo`, which no dialect has: it comes back with the answer.
  var echo: String?
}

/// Why a body could not be read. Offsets are in bytes from the body's start.
enum ScanProblem: Error, Equatable, CustomStringConvertible {
  case notJSON(offset: Int)
  case tooDeep
  case notAnObject
  case wrongType(member: String)

  var description: String {
    switch self {
    case .notJSON(let offset): "The body is not valid JSON (at byte \(offset))."
    case .tooDeep: "The body is nested deeper than \(JSONCursor.depthLimit) levels."
    case .notAnObject: "The body must be a JSON object."
    case .wrongType(let member): "'\(member)' has the wrong type."
    }
  }
}
