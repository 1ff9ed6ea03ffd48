import Core
import Foundation
import Testing

@testable import packhouse

@Suite("What usage export prints (M-6)")
struct UsageWriterTests {
  static let columns = [
    "requestId", "company", "resource", "payer", "model", "inputRate", "cacheWriteRate", "cacheReadRate", "outputRate",
    "region", "dialect", "inputTokens", "cacheWriteTokens", "cacheReadTokens", "outputTokens", "nanoUnits",
    "admittedAt",
    "finishedAt", "timeToFirstTokenMs", "durationMs", "status", "attempts", "estimated", "bundleMonthStart", "day",
  ]

  @Test("JSON is an array of objects with every field of the rule")
  func json() throws {
    let text = written(.json, [entry("req_1"), entry("req_2", timeToFirstToken: nil)])
    let list = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(list.count == 2)
    let first = try #require(list.first)
    #expect(Set(first.keys) == Set(Self.columns))
    #expect(first["requestId"] as? String == "req_1")
    #expect(first["payer"] as? String == "key:k1")
    #expect(first["inputTokens"] as? Int == 100)
    #expect(first["outputTokens"] as? Int == 40)
    #expect(first["nanoUnits"] as? Int == 100 * 107_440 + 5 * 107_440 + 7 * 107_440 + 40 * 537_210)
    #expect(first["timeToFirstTokenMs"] as? Int == 300)
    #expect(first["durationMs"] as? Int == 1_200)
    #expect(first["estimated"] as? Bool == false)
    #expect(first["admittedAt"] as? String == "2026-03-15T10:00:00.000Z")
    #expect(first["day"] as? String == "2026-03-15")
    #expect(list[1]["timeToFirstTokenMs"] is NSNull)
  }

  @Test("Nothing at all is still an array")
  func nothing() {
    #expect(written(.json, []) == "[]\n")
  }

  @Test("Texts are escaped, whatever they hold")
  func escaping() throws {
    let odd = "a\"b\\c\nd\u{1}e\u{7F}f\u{1F600}"
    let text = written(.json, [entry(odd)])
    let list = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(list.first?["requestId"] as? String == odd)
  }

  @Test("CSV has a header, a line an entry, and an empty cell for what is not known")
  func csv() {
    let lines = written(.csv, [entry("req_1"), entry("req_2", timeToFirstToken: nil)]).components(separatedBy: "\r\n")
    #expect(lines.count == 4)
    #expect(lines[0] == Self.columns.joined(separator: ","))
    #expect(
      lines[1].hasPrefix("req_1,acme,res1,key:k1,claude,107440,107440,107440,537210,eu-central-1,openai,100,5,7,40,"))
    #expect(lines[1].contains(",300,1200,completed,1,false,"))
    #expect(lines[2].contains(",,1200,completed,1,false,"))
    #expect(lines[3].isEmpty)
  }

  @Test(
    "A cell is quoted where it must be, and no formula for a spreadsheet",
    arguments: [
      ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("a\r\nb", "\"a\r\nb\""),
      ("a\rb", "\"a\rb\""),
      ("=1+1", "'=1+1"),
      ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("=a,b", "\"'=a,b\""), ("null", "null"),
    ])
  func cells(text: String, cell: String) {
    let header = Self.columns.joined(separator: ",") + "\r\n"
    #expect(written(.csv, [entry(text)]).hasPrefix(header + cell + ",acme,"))
  }

  private func written(_ format: UsageCommand.Export.Format, _ entries: [UsageEntry]) -> String {
    var text = ""
    var writer = UsageWriter(format: format) { text += $0 }
    for entry in entries { writer.write(entry) }
    writer.end()
    return text
  }

  private func entry(_ id: String, timeToFirstToken: Int64? = 300) -> UsageEntry {
    let admitted = Instant(milliseconds: 1_773_568_800_000)
    return UsageEntry(
      call: AdmittedCall(
        requestID: RequestID(id), companyID: CompanyID("acme"), resourceID: ResourceID("res1"),
        payer: .key(KeyID("k1")), model: ModelVersionID("claude"),
        rates: ExchangeRates(input: 107_440, output: 537_210),
        region: RegionID("eu-central-1"), dialect: .openAI, admittedAt: admitted, bundleMonthStart: admitted,
        localDay: LocalDay(year: 2026, month: 3, day: 15), countedInput: 120),
      servedRegion: RegionID("eu-central-1"),
      usage: TokenUsage(input: 100, cacheWrite: 5, cacheRead: 7, output: 40),
      finishedAt: admitted.adding(milliseconds: 1_200), timeToFirstToken: timeToFirstToken, status: .completed,
      attempts: 1, isEstimated: false)
  }
}
