import Core
import Foundation

/// What a command prints.
struct CommandOutput: Sendable {
  /// For people, aligned, without a line end at its end.
  let text: String
  /// For scripts: what the manual's fields say.
  private let content: any Encodable & Sendable
  /// Zero, or that a verification found something.
  let status: Int32

  init(_ text: String, json content: any Encodable & Sendable, status: Int32 = 0) {
    self.text = text
    self.content = content
    self.status = status
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(content), as: UTF8.self)
  }
}

/// Rows below their headings, in columns as wide as they need.
struct TextTable {
  private let headings: [String]
  private let numbers: Set<Int>
  private var rows: [[String]] = []

  /// `numbers` are the columns that stand flush right.
  init(_ headings: [String], numbers: Set<Int> = []) {
    self.headings = headings
    self.numbers = numbers
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// `none` where there is no row.
  func text(none: String) -> String {
    guard !rows.isEmpty else { return none }
    let all = [headings] + rows
    let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return numbers.contains(column) ? space + cell : cell + space
      }
      return cells.joined(separator: "  ").trimmedAtEnd
    }.joined(separator: "\n")
  }
}

/// Labels and what they stand for, one below the other.
struct TextFields {
  private var fields: [(label: String, value: String)] = []

  /// Several values stand below each other; a label without one is left out.
  mutating func add(_ label: String, _ values: [String]) {
    for (index, value) in values.enumerated() { fields.append((index == 0 ? label : "", value)) }
  }

  mutating func add(_ label: String, _ value: String?) { add(label, value.map { [$0] } ?? []) }

  var text: String {
    let width = fields.map(\.label.count).max() ?? 0
    return fields.map { field in
      "  \(field.label)\(String(repeating: " ", count: width - field.label.count))  \(field.value)".trimmedAtEnd
    }.joined(separator: "\n")
  }
}

extension String {
  fileprivate var trimmedAtEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}

extension Int64 {
  /// `1,200`.
  var grouped: String { UnitsFormat.grouped(self) }
}
