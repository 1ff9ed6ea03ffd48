/// Limits of every knowledge base, on every storage engine. Rule KB-5. Characters are Unicode scalars throughout.
public enum KnowledgeLimits {
  /// Bytes that one knowledge base may take: originals, text, vectors, metadata and index.
  public static let storageBytes: Int64 = 10_000_000_000
  /// 16 KB: the bytes of all names and values of one chunk, as ``MetadataPair/byteCount`` counts them.
  public static let metadataBytes = 16_384
  public static let chunkCharacters = 10_000
  /// Chunks that one call may insert or replace.
  public static let chunksPerCall = 100
  /// Chunks, objects or documents that one call may delete by name.
  public static let namesPerCall = 1_000

  /// How many neighbours may be asked for, and how many come where nobody says.
  public static let results = 1...1_000
  public static let defaultResults = 3

  public static let metadataKeyCharacters = 256
  public static let humanReadableIDCharacters = 500
  /// Of `mxObjectId` and `mxEntity`.
  public static let objectNameCharacters = 200
  /// Of an external id or a file name.
  public static let documentNameCharacters = 500

  public static let filterConditions = 200
  /// Values of one `in` or `notIn`.
  public static let filterValues = 500
  /// Problems of one input that are told at once; who has more has seen enough.
  public static let problemsTold = 20

  /// What is wrong with the name of a metadata key; nil where nothing is.
  static func problem(inKey key: String) -> String? {
    if key.isEmpty { return "A metadata key is empty; name it." }
    if key.scalarCount > metadataKeyCharacters {
      return "The metadata key \(quoted(key)) has more than \(metadataKeyCharacters) characters; shorten it."
    }
    if key.hasControls { return "The metadata key \(quoted(key)) has control characters in it; remove them." }
    return nil
  }

  /// A name as a sentence shows it: in quotes, without control characters, not longer than a line.
  static func quoted(_ name: String) -> String {
    let visible = name.unicodeScalars.prefix(41).filter { $0.properties.generalCategory != .control }
    let cut = visible.prefix(40)
    return "\"\(String(String.UnicodeScalarView(cut)))\(visible.count > cut.count ? "..." : "")\""
  }
}
