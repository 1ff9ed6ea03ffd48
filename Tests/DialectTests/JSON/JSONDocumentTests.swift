import Core
import Testing

@testable import Dialects

@Suite("JSON is read strictly and within limits")
struct JSONDocumentTests {
  @Test(
    "Values of every kind are taken",
    arguments: [
      "null", "true", " false ", "0", "-0", "12.5e-3", "\"\"", "\"a\\u00e9\\n\\ud83d\\ude00é😀\"", "[]", "[1,[2,{}]]",
      "{}",
      "{\"a\":1,\"b\":[true,null]}", "\t{\r\n\"a\" : 1 }\n", "1E+5", "\"\\/\\b\\f\\\\\"",
    ])
  func valid(_ text: String) throws {
    _ = try JSONDocument(Array(text.utf8))
  }

  @Test(
    "What is not JSON is refused with its byte",
    arguments: [
      ("", 0), ("  ", 2), ("tru", 0), ("nul1", 0), ("01", 0), ("-", 1), ("1.", 2), ("1e", 2), ("+1", 0), (".5", 0),
      ("[1,]", 3), ("[1 2]", 3), ("{,}", 1), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{\"a\":1,}", 7), ("{a:1}", 1),
      ("\"abc", 4), ("\"\\x\"", 1), ("\"\\u12G4\"", 1), ("\"\\ud800\"", 1), ("\"\\ud800\\u0041\"", 1),
      ("\"\\udc00\"", 1), ("\"a\nb\"", 2), ("{} {}", 3), ("[1", 2), ("NaN", 0), ("'a'", 0), ("[1}", 2), ("\"\\", 2),
    ])
  func invalid(_ text: String, _ offset: Int) {
    let problem = #expect(throws: JSONProblem.self) { try JSONDocument(Array(text.utf8)) }
    #expect(problem?.offset == offset)
  }

  @Test(
    "Bytes that are not UTF-8 are refused",
    arguments: [
      [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
    ] as [[UInt8]])
  func badUTF8(_ bytes: [UInt8]) {
    let problem = #expect(throws: JSONProblem.self) { try JSONDocument([0x22] + bytes + [0x22]) }
    #expect(problem?.kind == .badUTF8)
  }

  @Test("64 levels are taken and 65 refused (L-1)")
  func depth() throws {
    func nested(_ levels: Int) -> [UInt8] {
      Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8)
    }
    _ = try JSONDocument(nested(64))
    let problem = #expect(throws: JSONProblem.self) { try JSONDocument(nested(65)) }
    #expect(problem?.kind == .tooDeep(limit: 64))
  }

  @Test("The number and length of values are limited (L-1)")
  func limits() throws {
    let limits = JSONLimits(values: 4, bytes: 20)
    _ = try JSONDocument(Array("[1,2,3]".utf8), limits: limits)
    let many = #expect(throws: JSONProblem.self) { try JSONDocument(Array("[1,2,3,4]".utf8), limits: limits) }
    #expect(many?.kind == .tooManyValues(limit: 4))
    let long = #expect(throws: JSONProblem.self) {
      try JSONDocument([UInt8](repeating: 0x20, count: 21), limits: limits)
    }
    #expect(long?.kind == .tooLong(limit: 20))
  }

  @Test("Of members with one name the last counts, and null counts as absent")
  func duplicates() throws {
    let root = try JSONDocument(Array(#"{"a":1,"b":null,"a":2,"\u0061b":3,"c":4,"c":null}"#.utf8)).root
    #expect(root["a"]?.integer == 2)
    #expect(root["b"] == nil)
    #expect(root["ab"]?.integer == 3)
    #expect(root["c"] == nil)
    #expect(root.count == 6)
  }

  @Test(
    "Numbers are read exactly",
    arguments: [
      ("0", 0), ("-1", -1), ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
      ("9223372036854775808", nil), ("1e3", 1000), ("2.50", nil), ("20.0e-1", 2), ("1e400", nil), ("1e-400", nil),
      ("0.1", nil), ("123456789012345678901234567890", nil), ("0e999999999999", 0), ("5e-324", nil),
      ("1.7976931348623157e308", nil), ("1000000000000000000000e-20", 10), ("0.000000000000000000000000001", nil),
      ("123456789.123456789123456789", nil), ("1e23", nil), ("-0", 0), ("100000000000000000000.00", nil),
    ] as [(String, Int64?)])
  func numbers(_ text: String, _ integer: Int64?) throws {
    let root = try JSONDocument(Array(text.utf8)).root
    #expect(root.integer == integer)
    let expected = Double(text).flatMap { $0.isFinite ? $0 : nil }
    #expect(root.double == expected)
  }

  @Test("A path names the value and shows no names that could be content")
  func paths() throws {
    let text = #"{"messages":[{"a":1},{"content":[{"text":7}],"a secret name":{"x":1},"x":{"":2}}]}"#
    let root = try JSONDocument(Array(text.utf8)).root
    let message = try #require(root["messages"]?.elements.map { $0 }.last)
    let element = try #require(message["content"]?.elements.map { $0 }.first?["text"])
    #expect(element.path == "messages[1].content[0].text")
    #expect(message["a secret name"]?["x"]?.path == "messages[1].?.x")
    #expect(message["x"]?[""]?.path == "messages[1].x.?")
    #expect(root.path.isEmpty)
    let problem = #expect(throws: InvalidRequest.self) { try element.text() }
    #expect(problem?.message == "messages[1].content[0].text must be a string, not a number.")
    #expect(problem?.parameter == "messages[1].content[0].text")
    let missing = #expect(throws: InvalidRequest.self) { try message.requiredText("role") }
    #expect(missing?.message == "messages[1].role is missing.")
  }

  @Test("A body that is not an object or not JSON is refused in a sentence with the byte")
  func bodies() {
    func message(_ text: String) -> String? {
      do {
        _ = try JSONDocument.request(Sensitive(Array(text.utf8)))
        return nil
      } catch {
        return error.message
      }
    }
    #expect(message("[1]") == "The body must be a JSON object.")
    #expect(message("{\"a\":1") == "The body is not valid JSON: it ends too early, at byte 6.")
    #expect(message("") == "The body is not valid JSON: there is nothing in it.")
  }
}
