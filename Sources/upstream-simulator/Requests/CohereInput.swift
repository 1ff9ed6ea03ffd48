import NIOCore

/// What a Cohere embed body asks for.
struct CohereInput {
  /// One for each vector of the answer, in its order.
  var fingerprints: [UInt64] = []
  var images = 0
  var words = 0
  var dimensions: Int?
  var types: [String]?
  /// The texts as a JSON array, to repeat them.
  var texts: ByteBuffer

  static let textLimit = 96

  /// A request of texts only, as the quick scan understood it.
  init(_ facts: RequestFacts, texts: ByteBuffer) {
    fingerprints = facts.inputs
    words = facts.words
    dimensions = facts.dimensions
    types = facts.embeddingTypes
    self.texts = texts
  }

  /// A request with images: in `images`, or in `inputs` together with texts.
  init(_ body: JSONTree) throws(CallProblem) {
    texts = ByteBuffer()
    dimensions = try body.positive("output_dimension")
    types = body["embedding_types"] == nil ? nil : try body.texts("embedding_types")
    var said: [JSONTree] = []
    for text in try body.texts("texts") {
      add(Fingerprint("text", text))
      words += WordCounter.words(in: text)
      said.append(.string(text))
    }
    for image in try body.texts("images") { add(try self.image(image)) }
    for input in try body.list("inputs") {
      var fingerprint = Fingerprint("input")
      for part in try input.list("content") { fingerprint.add(try self.part(part)) }
      add(fingerprint)
    }
    texts.writeString(JSONTree.array(said).text)
  }

  func check() throws(CallProblem) {
    if fingerprints.isEmpty { throw CallProblem("'texts' is missing or empty.") }
    if fingerprints.count > Self.textLimit {
      throw CallProblem("At most \(Self.textLimit) texts are possible; the request has \(fingerprints.count).")
    }
    if let type = types?.first(where: { !CohereEmbeddings.types.contains($0) }) {
      throw CallProblem("'\(type.prefix(40))' is none of the embedding types \(CohereEmbeddings.types).")
    }
    if let dimensions, dimensions > SimulatedVector.maximumDimensions {
      throw CallProblem("At most \(SimulatedVector.maximumDimensions) dimensions are possible.")
    }
  }

  private mutating func add(_ fingerprint: Fingerprint) {
    fingerprints.append(fingerprint.value)
  }

  private mutating func image(_ address: String) throws(CallProblem) -> Fingerprint {
    try Media.checkImage(address: address)
    images += 1
    return Fingerprint("image", address)
  }

  private mutating func part(_ part: JSONTree) throws(CallProblem) -> Fingerprint {
    switch part["type"]?.string {
    case "text":
      let text = try part.required("text", of: "A text")
      words += WordCounter.words(in: text)
      return Fingerprint("text", text)
    case "image_url": return try image(try part["image_url"]?.required("url", of: "An image") ?? "")
    default: throw CallProblem("The content of an input must be of the type text or image_url.")
    }
  }
}
