import Foundation

/// The fields of a form or of an address's query, decoded, in their order; a name may come more than once.
struct FormFields: Hashable, Sendable {
  struct Field: Hashable, Sendable {
    let name: String
    let value: String
  }

  let fields: [Field]

  init(_ fields: [Field] = []) { self.fields = fields }

  /// Reads `a=1&b=two+words`. Throws ``PortalFault/unreadableForm`` for what is no valid text or has too many fields.
  init(urlEncoded text: String) throws(PortalFault) {
    let parts = text.split(separator: "&")
    guard parts.count <= PortalLimits.formFields else { throw .unreadableForm }
    var fields: [Field] = []
    for part in parts {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(pair[0]), let value = Self.decoded(pair.count > 1 ? pair[1] : "") else {
        throw .unreadableForm
      }
      fields.append(Field(name: name, value: value))
    }
    self.fields = fields
  }

  /// The first field of that name; empty where there is none.
  subscript(_ name: String) -> String { fields.first { $0.name == name }?.value ?? "" }

  func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
  func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

  private static func decoded(_ text: Substring) -> String? {
    text.replacing("+", with: " ").removingPercentEncoding
  }
}

/// The state of a list in its address: a link keeps what it does not change.
struct PageAddress: Sendable {
  let path: String
  private let parameters: [FormFields.Field]

  /// Parameters without a value are left out.
  init(_ path: String, _ parameters: [(String, String)]) {
    self.path = path
    self.parameters = parameters.filter { !$0.1.isEmpty }.map { FormFields.Field(name: $0.0, value: $0.1) }
  }

  /// The address with some parameters changed; an empty value takes one away.
  func with(_ changes: [(String, String)]) -> String {
    let changed = Set(changes.map(\.0))
    let kept = parameters.filter { !changed.contains($0.name) }
    let added = changes.filter { !$0.1.isEmpty }.map { FormFields.Field(name: $0.0, value: $0.1) }
    let query = (kept + added).map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    return query.isEmpty ? path : "\(path)?\(query)"
  }

  static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
  }

  private static let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
}
