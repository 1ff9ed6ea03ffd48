import Core

extension SQLValue {
  init<Entity>(_ id: Identifier<Entity>) { self = .text(id.text) }
  init<Entity>(_ id: Identifier<Entity>?) { self.init(id?.text) }
  init(_ instant: Instant) { self = .int64(instant.milliseconds) }
  init(_ instant: Instant?) { self.init(instant?.milliseconds) }
  init(_ tokens: CloudTokens) { self = .int64(tokens.count) }
  init(_ tokens: TokenCount) { self = .int64(tokens.count) }
  init(_ tokens: TokenCount?) { self.init(tokens?.count) }
  init(_ units: GenAIUnits) { self = .int64(units.nano) }
  init(_ units: GenAIUnits?) { self.init(units?.nano) }
  init(_ day: LocalDay) { self = .int64(Int64(day.number)) }
}

extension SQLRow {
  func id<Entity>(_ column: String) throws -> Identifier<Entity> { Identifier(try text(column)) }
  func optionalID<Entity>(_ column: String) throws -> Identifier<Entity>? {
    try optionalText(column).map(Identifier.init)
  }
  func instant(_ column: String) throws -> Instant { Instant(milliseconds: try int64(column)) }
  func optionalInstant(_ column: String) throws -> Instant? {
    try optionalInt64(column).map(Instant.init(milliseconds:))
  }
  func cloudTokens(_ column: String) throws -> CloudTokens { CloudTokens(try int64(column)) }
  func tokens(_ column: String) throws -> TokenCount { TokenCount(try int64(column)) }
  func optionalTokens(_ column: String) throws -> TokenCount? { try optionalInt64(column).map { TokenCount($0) } }
  func units(_ column: String) throws -> GenAIUnits { GenAIUnits(nano: try int64(column)) }
  func day(_ column: String) throws -> LocalDay { LocalDay(number: Int(try int64(column))) }

  /// A column whose text is the raw value of an enumeration.
  func label<Label: RawRepresentable>(_ column: String, as _: Label.Type = Label.self) throws -> Label
  where Label.RawValue == String {
    guard let label = Label(rawValue: try text(column)) else { throw unreadable(column) }
    return label
  }
}
