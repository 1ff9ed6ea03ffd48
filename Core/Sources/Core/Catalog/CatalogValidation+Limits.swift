extension CatalogValidation {
  /// No limit of a document may be larger: sums and products of limits then stay far from the ends of their types.
  static let limitRange: ClosedRange<Int64> = 0...1_000_000_000

  private static let limitMembers = [
    "profile", "maxOutputTokens", "defaultMaxTokens", "maxInputTokens", "inputCounting", "charactersPerToken",
    "maxToolNameLength", "strictTools", "images", "documents", "maxTexts", "maxTokensPerText", "dimensions",
    "dimensionChoices",
  ]

  /// Named sets of limits that models begin with, as members yet unread.
  static func limitProfiles(of document: DocumentReader) -> [String: [LocatedValue.Member]] {
    var profiles: [String: [LocatedValue.Member]] = [:]
    for element in document.optionalElements("limitProfiles") {
      let known = ["id"] + limitMembers.dropFirst()
      guard let reader = DocumentReader(element.value, path: element.path, log: document.log, known: known),
        let id: Identifier<ModelLimits> = reader.identifier("id"), case .map(let members, _) = element.value
      else { continue }
      if profiles[id.text] != nil { reader.problem("id", "\(id) is the id of two elements. Ids are unique.") }
      profiles[id.text] = members.filter { $0.key != "id" }
    }
    return profiles
  }

  /// The limits of a model: its own members, and for the rest those of its profile.
  static func limits(
    of model: DocumentReader, type: ResourceType?, profiles: [String: [LocatedValue.Member]]
  ) -> ModelLimits? {
    guard let value = model.value("limits") else {
      model.missing("limits")
      return nil
    }
    let place = model.place("limits")
    guard let own = DocumentReader(value, path: place, log: model.log, known: limitMembers) else { return nil }
    var reader = own
    if let profile = own.optionalText("profile") {
      guard let inherited = profiles[profile] else {
        own.problem("profile", "There is no profile \(profile) in limitProfiles.")
        return nil
      }
      guard case .map(let members, let line) = value else { return nil }
      let names = Set(members.map(\.key))
      let merged = members.filter { limitMembers.contains($0.key) } + inherited.filter { !names.contains($0.key) }
      // Repeated and unknown members were reported where they stand.
      let quiet = ProblemLog()
      guard
        let both = DocumentReader(
          .map(merged, line: line), path: place, log: quiet, known: limitMembers)
      else { return nil }
      reader = both.reporting(to: model.log)
    }
    guard let type else { return nil }
    return type == .embeddings ? embeddingsLimits(reader) : textLimits(reader)
  }

  private static func textLimits(_ reader: DocumentReader) -> ModelLimits? {
    refuse(["maxTexts", "maxTokensPerText", "dimensions", "dimensionChoices"], of: "an embeddings model", in: reader)
    let maxOutput = reader.integer("maxOutputTokens", in: 1...limitRange.upperBound)
    let defaultMax = reader.integer("defaultMaxTokens", in: 1...limitRange.upperBound)
    let maxInput = reader.optionalInteger("maxInputTokens", in: 1...limitRange.upperBound)
    let counting = inputCounting(of: reader)
    let characters = reader.thousandths("charactersPerToken", in: 1...1_000_000)
    let toolName = reader.integer("maxToolNameLength", in: 1...1_000)
    let strictTools = reader.flag("strictTools", absent: true)
    if let maxOutput, let defaultMax, defaultMax > maxOutput {
      reader.problem("defaultMaxTokens", "The default must not be more than maxOutputTokens.")
    }
    let images = media("images", ["max", "maxBytes", "maxSide", "tokensEach", "formats"], of: reader)
    let documents = media("documents", ["max", "maxBytes", "tokensPerByte", "formats"], of: reader)
    guard let maxOutput, let defaultMax, let counting, let characters, let toolName, let strictTools else { return nil }
    return ModelLimits(
      maxOutputTokens: Int(maxOutput), defaultMaxTokens: Int(defaultMax), maxInputTokens: maxInput.map { Int($0) },
      inputCounting: counting, milliCharactersPerToken: Int(characters), maxImages: images.number("max"),
      maxImageBytes: images.number("maxBytes"), maxDocuments: documents.number("max"),
      maxDocumentBytes: documents.number("maxBytes"), maxImageSide: images.number("maxSide"),
      imageFormats: images.formats, documentFormats: documents.formats, maxToolNameLength: Int(toolName),
      takesStrictTools: strictTools, tokensPerImage: images.number("tokensEach"),
      tokensPerDocumentByte: documents.number("tokensPerByte"))
  }

  private static func embeddingsLimits(_ reader: DocumentReader) -> ModelLimits? {
    refuse(
      [
        "maxOutputTokens", "defaultMaxTokens", "charactersPerToken", "maxToolNameLength", "strictTools", "images",
        "documents",
      ], of: "a text model", in: reader)
    let maxTexts = reader.integer("maxTexts", in: 1...100_000)
    let perText = reader.optionalInteger("maxTokensPerText", in: 1...limitRange.upperBound)
    let maxInput = reader.optionalInteger("maxInputTokens", in: 1...limitRange.upperBound)
    let counting = inputCounting(of: reader)
    let dimensions = reader.integer("dimensions", in: 1...100_000)
    let choices = reader.texts("dimensionChoices").compactMap { text, line, path -> Int? in
      guard let number = Int(text), (1...100_000).contains(number) else {
        reader.log.add(line, path, "A whole number from 1 to 100,000 is needed here.")
        return nil
      }
      return number
    }
    if let dimensions, !choices.isEmpty, !choices.contains(Int(dimensions)) {
      reader.problem("dimensionChoices", "The usual number of dimensions, \(dimensions), must be among the choices.")
    }
    guard let maxTexts, let counting, let dimensions else { return nil }
    return ModelLimits(
      maxOutputTokens: 0, defaultMaxTokens: 0, maxInputTokens: maxInput.map { Int($0) }, inputCounting: counting,
      maxTexts: Int(maxTexts), maxTokensPerText: perText.map { Int($0) }, dimensions: Int(dimensions),
      dimensionChoices: choices)
  }

  private static func inputCounting(of reader: DocumentReader) -> InputCounting? {
    guard reader.has("inputCounting") else { return .bytesBound }
    return reader.choice("inputCounting", InputCounting.allCases.map { ($0.rawValue, $0) })
  }

  private static func refuse(_ names: [String], of other: String, in reader: DocumentReader) {
    for name in names where reader.has(name) { reader.problem(name, "Only \(other) has this limit.") }
  }

  /// Limits of images or documents: every member must be there, or the whole is left out and none are accepted.
  private static func media(_ name: String, _ numbers: [String], of reader: DocumentReader) -> MediaLimits {
    guard let value = reader.value(name) else { return MediaLimits() }
    let member = reader.place(name)
    guard let media = DocumentReader(value, path: member, log: reader.log, known: numbers) else { return MediaLimits() }
    var limits = MediaLimits()
    for number in numbers where number != "formats" {
      limits.numbers[number] = media.integer(number, in: 1...limitRange.upperBound)
    }
    limits.formats = media.texts("formats").map { format in
      if format.text != format.text.lowercased() {
        reader.log.add(format.line, format.path, "Formats are written in lower case.")
      }
      return format.text
    }
    if limits.formats.isEmpty { media.problem("formats", "Name at least one format.") }
    return limits
  }
}

/// What `images` or `documents` say.
private struct MediaLimits {
  var numbers: [String: Int64] = [:]
  var formats: [String] = []

  func number(_ name: String) -> Int { Int(numbers[name] ?? 0) }
}
