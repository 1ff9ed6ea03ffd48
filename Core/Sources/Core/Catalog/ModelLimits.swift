/// What a model version accepts and how its tokens are bounded before a call. Rules F-3, U-5, M-3.
public struct ModelLimits: Sendable, Hashable {
  /// Most output tokens that one call may ask for.
  public var maxOutputTokens: Int
  /// `max_tokens` where the caller sets none.
  public var defaultMaxTokens: Int
  /// Most input tokens; nil where the provider alone decides.
  public var maxInputTokens: Int?
  /// How input is known before dispatch.
  public var inputCounting: InputCounting
  /// Characters of output per token, for estimates; in thousandths (3.5 is 3,500).
  public var milliCharactersPerToken: Int
  public var maxImages: Int
  public var maxImageBytes: Int
  public var maxDocuments: Int
  public var maxDocumentBytes: Int
  /// Most pixels of an image's longer side.
  public var maxImageSide: Int
  /// Lower-case names such as `png`.
  public var imageFormats: [String]
  /// Lower-case names such as `pdf`.
  public var documentFormats: [String]
  /// Most characters of a tool's name, which begins with a letter and goes on in letters, digits, `_` and `-`.
  public var maxToolNameLength: Int
  /// Tools may be marked strict. True unless the catalog says otherwise: a provider that does not know the mark may
  /// refuse every call with it.
  public var takesStrictTools: Bool
  /// Most input tokens that one image is counted as.
  public var tokensPerImage: Int
  /// Most input tokens that one byte of a document is counted as; above 1 because some formats are compressed.
  public var tokensPerDocumentByte: Int
  /// Most texts of one embeddings call.
  public var maxTexts: Int
  /// Most tokens of one text of an embeddings call; nil where the provider alone decides.
  public var maxTokensPerText: Int?
  /// Length of the vectors, for embeddings models.
  public var dimensions: Int?
  /// Lengths that a call may ask for in place of `dimensions`.
  public var dimensionChoices: [Int]

  /// What is left out is not accepted: no images, no documents, no texts, no tools. Strict tools are the exception.
  public init(
    maxOutputTokens: Int, defaultMaxTokens: Int, maxInputTokens: Int? = nil,
    inputCounting: InputCounting = .bytesBound, milliCharactersPerToken: Int = 1_000, maxImages: Int = 0,
    maxImageBytes: Int = 0, maxDocuments: Int = 0, maxDocumentBytes: Int = 0, maxImageSide: Int = 0,
    imageFormats: [String] = [], documentFormats: [String] = [], maxToolNameLength: Int = 0,
    takesStrictTools: Bool = true, tokensPerImage: Int = 0, tokensPerDocumentByte: Int = 0, maxTexts: Int = 0,
    maxTokensPerText: Int? = nil, dimensions: Int? = nil, dimensionChoices: [Int] = []
  ) {
    self.maxOutputTokens = maxOutputTokens
    self.defaultMaxTokens = defaultMaxTokens
    self.maxInputTokens = maxInputTokens
    self.inputCounting = inputCounting
    self.milliCharactersPerToken = milliCharactersPerToken
    self.maxImages = maxImages
    self.maxImageBytes = maxImageBytes
    self.maxDocuments = maxDocuments
    self.maxDocumentBytes = maxDocumentBytes
    self.maxImageSide = maxImageSide
    self.imageFormats = imageFormats
    self.documentFormats = documentFormats
    self.maxToolNameLength = maxToolNameLength
    self.takesStrictTools = takesStrictTools
    self.tokensPerImage = tokensPerImage
    self.tokensPerDocumentByte = tokensPerDocumentByte
    self.maxTexts = maxTexts
    self.maxTokensPerText = maxTokensPerText
    self.dimensions = dimensions
    self.dimensionChoices = dimensionChoices
  }
}

/// How the input tokens of a call are known before dispatch. Rule U-5.
public enum InputCounting: String, Sendable, Hashable, CaseIterable {
  /// Every token has at least one byte, so the bytes of the text bound its tokens from above.
  case bytesBound = "bytes"
  /// The tokenizer is built in and counts exactly.
  case exact
}
