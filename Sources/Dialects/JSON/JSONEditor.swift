/// Changes single members of an object and leaves every other byte as it was, for calls that pass through. Rule D-1.
///
/// Several members with one name become one, so that no reader can take another than we did.
public struct JSONEditor: Sendable, Redacted {
  private let document: JSONDocument
  private var edits: [Edit] = []

  private struct Edit: Sendable {
    /// What is replaced; empty for an insertion.
    let range: Range<Int>
    var bytes: [UInt8]
  }

  /// Edits `document`, whose outermost value must be an object for any edit to take effect.
  public init(_ document: JSONDocument) { self.document = document }

  /// Sets the member `name` of the outermost object to the JSON `value`. Each name is set at most once.
  public mutating func set(_ name: String, to value: [UInt8]) { set(name, to: value, in: document.root) }

  /// Sets the member `inner` of the object that is the member `name`; where there is no such object, one is made.
  public mutating func set(_ name: String, _ inner: String, to value: [UInt8]) {
    if let object = document.root[name], object.kind == .object {
      removeDuplicates(of: name, in: document.root)
      set(inner, to: value, in: object)
    } else {
      var writer = JSONWriter()
      writer.object { $0.member(inner, raw: value) }
      set(name, to: writer.bytes)
    }
  }

  /// Puts the member `other` with the JSON `value` in the place of the member `name` of the outermost object, where there
  /// is one.
  public mutating func replace(_ name: String, by other: String, _ value: [UInt8]) {
    guard let member = document.root.members.filter({ $0.name.isString(name) }).last else { return }
    removeDuplicates(of: name, in: document.root)
    edits.append(Edit(range: member.name.token.range, bytes: JSONText.quoted(other)))
    edits.append(Edit(range: member.value.token.range, bytes: value))
  }

  /// The document with all edits.
  public func edited() -> [UInt8] {
    let bytes = document.bytes
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + edits.reduce(0) { $0 + $1.bytes.count + 1 })
    var copied = 0
    // An insertion stands at the object's opening bracket, before whatever else begins there.
    let inOrder = edits.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for edit in inOrder {
      result.append(contentsOf: bytes[copied..<edit.range.lowerBound])
      result.append(contentsOf: edit.bytes)
      copied = edit.range.upperBound
    }
    result.append(contentsOf: bytes[copied...])
    return result
  }

  private mutating func set(_ name: String, to value: [UInt8], in object: JSONNode) {
    guard object.kind == .object else { return }
    removeDuplicates(of: name, in: object)
    if let member = object.members.filter({ $0.name.isString(name) }).last {
      edits.append(Edit(range: member.value.token.range, bytes: value))
      return
    }
    var writer = JSONWriter()
    writer.name(name)
    writer.raw(value)
    let comma = [UInt8(ascii: ",")]
    let start = object.token.range.lowerBound + 1
    if let other = edits.firstIndex(where: { $0.range == start..<start }) {
      edits[other].bytes = writer.bytes + comma + edits[other].bytes
    } else {
      let isEmpty = !object.members.contains { _ in true }
      edits.append(Edit(range: start..<start, bytes: isEmpty ? writer.bytes : writer.bytes + comma))
    }
  }

  /// Takes every member `name` but the last out, each with the comma that follows it.
  private mutating func removeDuplicates(of name: String, in object: JSONNode) {
    let members = Array(object.members)
    let same = members.indices.filter { members[$0].name.isString(name) }
    for index in same.dropLast() {
      let start = members[index].name.token.range.lowerBound
      let end = members[index + 1].name.token.range.lowerBound
      edits.append(Edit(range: start..<end, bytes: []))
    }
  }
}
