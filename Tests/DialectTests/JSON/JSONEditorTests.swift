import Dialects
import Testing

@Suite("Single members are changed in place and everything else stays (D-1)")
struct JSONEditorTests {
  private static func edit(_ text: String, _ change: (inout JSONEditor) -> Void) throws -> String {
    var editor = JSONEditor(try JSONDocument(Array(text.utf8)))
    change(&editor)
    return Exchange.text(editor.edited())
  }

  @Test("Values are replaced, spaces and unknown members stay")
  func replaces() throws {
    let text = "{ \"x\" : [1.50, {\"model\":1}],\n \"model\" : \"a\" , \"max_tokens\":1e2}"
    let edited = try Self.edit(text) {
      $0.set("model", to: Array("\"b\"".utf8))
      $0.set("max_tokens", to: Array("64".utf8))
    }
    #expect(edited == "{ \"x\" : [1.50, {\"model\":1}],\n \"model\" : \"b\" , \"max_tokens\":64}")
  }

  @Test("Absent members are inserted, also into an empty object")
  func inserts() throws {
    let one = Array("1".utf8)
    #expect(try Self.edit("{}") { $0.set("a", to: one) } == #"{"a":1}"#)
    #expect(
      try Self.edit("{}") {
        $0.set("a", to: one)
        $0.set("b", to: one)
      } == #"{"b":1,"a":1}"#)
    #expect(
      try Self.edit(#"{"c":2}"#) {
        $0.set("a", to: one)
        $0.set("c", to: one)
        $0.set("b", to: one)
      } == #"{"b":1,"a":1,"c":1}"#)
  }

  @Test("An inner member is set whether or not its object is there")
  func inner() throws {
    let yes = Array("true".utf8)
    func include(_ text: String) throws -> String { try Self.edit(text) { $0.set("o", "i", to: yes) } }
    #expect(try include(#"{"o":{"z":1}}"#) == #"{"o":{"i":true,"z":1}}"#)
    #expect(try include(#"{"o":{"i":false}}"#) == #"{"o":{"i":true}}"#)
    #expect(try include(#"{"o":{}}"#) == #"{"o":{"i":true}}"#)
    #expect(try include(#"{"o":null}"#) == #"{"o":{"i":true}}"#)
    #expect(try include(#"{"a":1}"#) == #"{"o":{"i":true},"a":1}"#)
  }

  @Test("Several members with one name become one, however the name is written")
  func duplicates() throws {
    let edited = try Self.edit(#"{"model":"a","x":1,"mod\u0065l":"b", "model":"c"}"#) {
      $0.set("model", to: Array("\"d\"".utf8))
    }
    #expect(edited == #"{"x":1,"model":"d"}"#)
    let inner = try Self.edit(#"{"o":{"i":1},"o":{"i":2,"i":3}}"#) { $0.set("o", "i", to: Array("4".utf8)) }
    #expect(inner == #"{"o":{"i":4}}"#)
  }

  @Test("Base64 reads what it writes, and refuses what is none")
  func base64() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(Base64.decode(Base64.encode(bytes)[...]) == bytes)
    }
    #expect(Exchange.text(Base64.encode(Array("foobar!".utf8))) == "Zm9vYmFyIQ==")
    #expect(Base64.decode(Array("Zm9vYmFyIQ".utf8)[...]) == Array("foobar!".utf8))
    for bad in ["A", "A===", "AA=A", "A A=", "AAA_", "AAAA=", "====", "AA="] {
      #expect(Base64.decode(Array(bad.utf8)[...]) == nil, "\(bad)")
    }
  }
}
