/// Writes JSON without spaces straight to bytes. Commas come by themselves; the caller opens and closes in order.
public struct JSONWriter: Sendable, Redacted {
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  public init(reserving capacity: Int = 256) { bytes.reserveCapacity(capacity) }

  public mutating func object(_ members: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "{"))
    members(&self)
    close(UInt8(ascii: "}"))
  }

  public mutating func array(_ elements: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "["))
    elements(&self)
    close(UInt8(ascii: "]"))
  }

  public mutating func object(_ name: String, _ members: (inout JSONWriter) -> Void) {
    self.name(name)
    object(members)
  }

  public mutating func array(_ name: String, _ elements: (inout JSONWriter) -> Void) {
    self.name(name)
    array(elements)
  }

  /// A member's name; its value follows.
  public mutating func name(_ name: String) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  public mutating func member(_ name: String, _ value: String) {
    self.name(name)
    string(value)
  }

  public mutating func member(_ name: String, _ value: some BinaryInteger) {
    self.name(name)
    integer(value)
  }

  public mutating func member(_ name: String, _ value: Double) {
    self.name(name)
    double(value)
  }

  public mutating func member(_ name: String, _ value: Bool) {
    self.name(name)
    bool(value)
  }

  public mutating func member(_ name: String, raw value: some Sequence<UInt8>) {
    self.name(name)
    raw(value)
  }

  public mutating func nullMember(_ name: String) {
    self.name(name)
    null()
  }

  // MARK: Values

  public mutating func string(_ value: String) {
    separate()
    quote(value)
    needsComma = true
  }

  /// A string given as UTF-8, such as one gathered from pieces.
  public mutating func string(utf8 value: [UInt8]) {
    separate()
    value.withUnsafeBufferPointer { JSONText.append($0, to: &bytes) }
    needsComma = true
  }

  /// A string of `prefix` and the Base64 of `content`.
  public mutating func base64(_ content: [UInt8], prefix: String = "") {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: prefix.utf8)
    Base64.append(content, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  public mutating func integer(_ value: some BinaryInteger) { plain(String(value).utf8) }
  public mutating func bool(_ value: Bool) { plain((value ? "true" : "false").utf8) }
  public mutating func null() { plain("null".utf8) }

  /// A finite number, in the shortest form that reads back the same; whole ones without a fraction.
  public mutating func double(_ value: Double) {
    if abs(value) < 1e15, let whole = Int64(exactly: value) { return integer(whole) }
    plain((value.isFinite ? value.description : "null").utf8)
  }

  public mutating func float(_ value: Float) {
    plain((value.isFinite ? value.description : "null").utf8)
  }

  /// JSON as it is; the caller knows that it is valid.
  public mutating func raw(_ value: some Sequence<UInt8>) { plain(value) }

  public mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .number(let text): plain(text.utf8)
    case .string(let text): string(text)
    case .array(let elements): array { writer in for element in elements { writer.value(element) } }
    case .object(let members):
      object { writer in
        for member in members {
          writer.name(member.name)
          writer.value(member.value)
        }
      }
    }
  }

  // MARK: Bytes

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func plain(_ text: some Sequence<UInt8>) {
    separate()
    bytes.append(contentsOf: text)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func quote(_ text: String) {
    var text = text
    text.withUTF8 { JSONText.append($0, to: &bytes) }
  }
}
