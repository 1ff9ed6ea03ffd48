/// An embeddings call in no particular dialect.
public struct EmbedRequest: Sendable, Equatable {
  /// The model as the caller named it; nil asks for the resource's default model.
  public var model: String?
  public var inputs: [Sensitive<String>]
  /// `search_query`, `search_document`, `classification` or `clustering`; nil where the dialect has none.
  public var inputType: String?
  /// `NONE`, `START` or `END`: which end of an overlong text is cut, as the caller asked.
  public var truncate: String?
  /// Asked-for number of dimensions of models that offer several.
  public var dimensions: Int?
  /// Number forms by their Cohere names (`float`, `int8`, `uint8`, `binary`, `ubinary`); empty asks for float.
  public var embeddingTypes: [String]

  public init(
    model: String? = nil, inputs: [Sensitive<String>], inputType: String? = nil, truncate: String? = nil,
    dimensions: Int? = nil, embeddingTypes: [String] = []
  ) {
    self.model = model
    self.inputs = inputs
    self.inputType = inputType
    self.truncate = truncate
    self.dimensions = dimensions
    self.embeddingTypes = embeddingTypes
  }
}
