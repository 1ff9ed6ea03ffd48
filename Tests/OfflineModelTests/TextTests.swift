import Testing

@testable import OfflineModels

@Suite("Sentences and plain text")
struct TextTests {
  @Test(
    "Sentences end at marks and lines, not at abbreviations, numbers or initials",
    arguments: [
      ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
      ("He said \"stop.\" Then he left.", ["He said \"stop.\"", "Then he left."]),
      ("See e.g. Smith, Dr. Jones and J. Doe. End.", ["See e.g. Smith, Dr. Jones and J. Doe.", "End."]),
      ("It costs 3.50 now. Am 3. März.", ["It costs 3.50 now.", "Am 3. März."]),
      ("これは文です。次の文！最後", ["これは文です。", "次の文！", "最後"]),
      ("هل هذا سؤال؟ نعم", ["هل هذا سؤال؟", "نعم"]),
      ("Really?! Yes...", ["Really?!", "Yes..."]),
      (
        "# Title\n\n- first\n- second\n\nwrapped text\nthat goes on",
        ["Title", "first", "second", "wrapped text that goes on"]
      ),
      ("  \n \t\n", []),
      ("...", ["..."]),
      ("a\r\nB\u{2028}C", ["a", "B", "C"]),
      ("visit example.org/a.b?c=d today", ["visit example.org/a.b?c=d today"]),
    ])
  func sentences(text: String, expected: [String]) {
    #expect(SentenceSplitter.sentences(in: text, joining: .beforeSmallLetters) == expected)
  }

  @Test("Lines of tables stay apart")
  func tables() {
    let lines = ["name,price of the item in the currency of the customer's country", "chair,12.50", "desk,80"]
    #expect(SentenceSplitter.sentences(in: lines.joined(separator: "\n"), joining: .never) == lines)
    // Running text would be joined here: the first line is as long as wrapped ones are.
    #expect(SentenceSplitter.sentences(in: lines.joined(separator: "\n"), joining: .wrapped).count == 1)
  }

  @Test("Sentences hold every letter of the text in its order", arguments: 1...20 as ClosedRange<UInt64>)
  func nothingLost(seed: UInt64) {
    var source = SeededGenerator(seed: seed)
    let alphabet = Array("aB é.?!…。 \n\"')日1")
    let text = String((0..<200).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &source)] })
    let joined = SentenceSplitter.sentences(in: text, joining: .wrapped).joined()
    #expect(joined.filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace }, "seed \(seed)")
  }

  @Test(
    "HTML gives its visible text",
    arguments: [
      ("<p>One <b>two</b></p><p>three</p>", "One two|three"),
      ("a &lt;b&gt; &#65;&#x42; &unknown; &", "a <b> AB &unknown; &"),
      ("<style>p{}</style>x<!-- no <p> -->y", "xy"),
      ("1 < 2 and <br/>3", "1 < 2 and|3"),
      ("<script>if (a<b) {}</script>end", "end"),
      ("<script>never closed", ""),
      ("text <unclosed", "text"),
    ])
  func html(html: String, expected: String) {
    let lines = PlainText.text(ofHTML: html).split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(lines.filter { !$0.isEmpty }.joined(separator: "|") == expected)
  }

  @Test(
    "JSON gives its members line by line in their order",
    arguments: [
      (#"{"b": 1, "a": ["x", true]}"#, "b: 1|a: |x|true"),
      (#""just \"text\" \u00e9""#, #"just "text" é"#),
      (#"{"unterminated": "ab"#, "unterminated: ab"),
      ("", ""),
    ])
  func json(json: String, expected: String) {
    let lines = PlainText.lines(ofJSON: Array(json.utf8)).split(separator: "\n")
    #expect(lines.joined(separator: "|") == expected)
  }
}
