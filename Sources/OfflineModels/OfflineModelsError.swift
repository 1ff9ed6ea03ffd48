/// Why the offline models cannot be used. Missing weights disable only the offline models.
public enum OfflineModelsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No folder holds the weights; `folders` are those that were looked into, in order.
  case weightsMissing(folders: [String])
  /// A file of the model is there but cannot be used. `reason` is a clause without a full stop.
  case unusable(file: String, reason: String)

  /// One sentence or two that say what is wrong and how to mend it.
  public var description: String {
    switch self {
    case .weightsMissing(let folders):
      let places = folders.isEmpty ? "no folder was named" : "looked in \(folders.joined(separator: ", "))"
      return "The weights of the offline models were not found (\(places)). \(Self.remedy)"
    case .unusable(let file, let reason):
      return "The offline models are off because \(file) cannot be used: \(reason). \(Self.remedy)"
    }
  }

  private static let remedy = "`make run` fetches them, and so does `scripts/fetch-models.sh DIR`."
}
