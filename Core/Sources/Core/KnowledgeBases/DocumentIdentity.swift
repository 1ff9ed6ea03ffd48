/// Which document an upload is: a collection and the name that its owner knows it by. Rule KB-15. The same identity again
/// replaces the document, whatever its content; the same content under another identity is another document.
public struct DocumentIdentity: Hashable, Sendable {
  public enum Name: Hashable, Sendable {
    /// What the calling application calls it.
    case externalID(String)
    /// Where the caller gave no id.
    case fileName(String)
  }

  public let collection: CollectionName
  public let name: Name

  /// The external id counts where there is one. Names are kept in Unicode's composed form, because some systems
  /// give file names in parts. Throws every problem of the names, by the fields `externalId` and `fileName`.
  public init(collection: CollectionName, externalID: String?, fileName: String?) throws(InvalidInput) {
    self.collection = collection
    var problems: [FieldProblem] = []
    for (field, text) in [("externalId", externalID), ("fileName", fileName)] {
      if let text, let problem = Self.problem(in: text) { problems.append(FieldProblem(field, problem)) }
    }
    if externalID == nil, fileName == nil {
      problems.append(FieldProblem("fileName", "The document has neither an external id nor a file name; give one."))
    }
    guard problems.isEmpty else { throw InvalidInput(problems) }
    name = externalID.map { .externalID($0.canonical) } ?? .fileName(fileName?.canonical ?? "")
  }

  /// The name as one text, unique in a collection: an external id is never taken for a file name.
  public var key: String {
    switch name {
    case .externalID(let text): "id:\(text)"
    case .fileName(let text): "file:\(text)"
    }
  }

  private static func problem(in name: String) -> String? {
    if name.isBlank { return "The name is empty; give one or leave the field out." }
    if name.scalarCount > KnowledgeLimits.documentNameCharacters {
      return "The name has at most \(KnowledgeLimits.documentNameCharacters) characters, not \(name.scalarCount)."
    }
    return name.hasControls ? "The name is one line without control characters; remove them." : nil
  }
}
