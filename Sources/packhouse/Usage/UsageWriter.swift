import Core
import Foundation

/// Writes usage entries as they come, to standard output or where it is told. Rule M-6: every field, no content.
struct UsageWriter {
  private let format: UsageCommand.Export.Format
  private let output: (String) -> Void
  private var count = 0

  init(format: UsageCommand.Export.Format, output: @escaping (String) -> Void = { print($0, terminator: "") }) {
    self.format = format
    self.output = output
  }

  mutating func write(_ entry: UsageEntry) {
    let fields = Self.fields(of: entry)
    switch format {
    case .json:
      let members = fields.map { "\(Self.quoted($0.name)):\($0.isText ? Self.quoted($0.value) : $0.value)" }
      output("\(count == 0 ? "[" : ",")\n  {\(members.joined(separator: ","))}")
    case .csv:
      if count == 0 { output(fields.map(\.name).joined(separator: ",") + "\r\n") }
      output(fields.map { $0.isText ? Self.cell($0.value) : $0.isNull ? "" : $0.value }.joined(separator: ",") + "\r\n")
    }
    count += 1
  }

  mutating func end() {
    switch format {
    case .json: output(count == 0 ? "[]\n" : "\n]\n")
    case .csv: break
    }
  }

  private struct Field {
    let name: String
    let value: String
    let isText: Bool
    var isNull: Bool { !isText && value == "null" }

    init(_ name: String, _ text: String) { (self.name, value, isText) = (name, text, true) }
    init(_ name: String, _ number: Int64?) {
      (self.name, value, isText) = (name, number.map(String.init) ?? "null", false)
    }
    init(_ name: String, _ flag: Bool) { (self.name, value, isText) = (name, String(flag), false) }
  }

  private static func fields(of entry: UsageEntry) -> [Field] {
    let call = entry.call
    return [
      Field("requestId", call.requestID.text), Field("company", call.companyID.text),
      Field("resource", call.resourceID.text), Field("payer", call.payer.text), Field("model", call.model.text),
      Field("inputRate", call.rates.input), Field("cacheWriteRate", call.rates.cacheWrite),
      Field("cacheReadRate", call.rates.cacheRead), Field("outputRate", call.rates.output),
      Field("region", entry.servedRegion.text), Field("dialect", call.dialect.rawValue),
      Field("inputTokens", entry.usage.input.count), Field("cacheWriteTokens", entry.usage.cacheWrite.count),
      Field("cacheReadTokens", entry.usage.cacheRead.count), Field("outputTokens", entry.usage.output.count),
      Field("nanoUnits", entry.units.nano), Field("admittedAt", call.admittedAt.utcText),
      Field("finishedAt", entry.finishedAt.utcText), Field("timeToFirstTokenMs", entry.timeToFirstToken),
      Field("durationMs", entry.duration), Field("status", entry.status.rawValue),
      Field("attempts", Int64(entry.attempts)), Field("estimated", entry.isEstimated),
      Field("bundleMonthStart", call.bundleMonthStart.utcText), Field("day", call.localDay.description),
    ]
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case let control where control.value < 0x20:
        let hex = String(control.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  /// RFC 4180; a leading sign or formula character is defused for spreadsheets.
  private static func cell(_ text: String) -> String {
    // Scalars, because a carriage return and a line feed together are one character.
    let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n".unicodeScalars.contains($0) } ?? false
    let safe = isFormula ? "'" + text : text
    guard safe.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return safe }
    return "\"" + safe.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
