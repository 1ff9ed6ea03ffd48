import Core
import Testing

@Suite("Time-outs of provider accounts (N-4)")
struct ProviderTimeoutsTests {
  private func read(_ timeouts: String) throws -> Result<ProviderTimeouts?, CatalogProblems> {
    let text = """
      providers:
        - name: frankfurt
          kind: bedrock
          region: eu-central-1
          bearerTokenFrom: TOKEN
          \(timeouts)
      """
    return ProviderValidation.validate(try DocumentText.parse(text), catalog: try TestCatalog.shipped())
      .map { $0.accounts.first?.timeouts }
  }

  private func problems(_ timeouts: String) throws -> [String] {
    guard case .failure(let problems) = try read(timeouts) else { return [] }
    return problems.problems.map(\.description)
  }

  @Test("Without them 5, 60, 60 and 300 seconds hold; each can be set by itself, in seconds with decimals")
  func values() throws {
    #expect(try read("").get() == .standard)
    #expect(
      ProviderTimeouts.standard
        == ProviderTimeouts(connect: 5_000, firstByte: 60_000, idle: 60_000, total: 300_000))
    #expect(
      try read("timeouts: {connect: 1.5, firstByte: 20, idle: 0.25, total: 90}").get()
        == ProviderTimeouts(connect: 1_500, firstByte: 20_000, idle: 250, total: 90_000))
    #expect(try read("timeouts: {idle: 10}").get()?.idle == 10_000)
  }

  @Test("A longer first byte lengthens the total that is not given")
  func lengthens() throws {
    #expect(try read("timeouts: {firstByte: 900}").get()?.total == 905_000)
    #expect(try read("timeouts: {firstByte: 900, total: 1000}").get()?.total == 1_000_000)
  }

  @Test("What is wrong is told at its line, with what would be right")
  func wrong() throws {
    for (text, part) in [
      ("timeouts: {connect: 0}", "from 0.1 to 3,600"), ("timeouts: {idle: 3601}", "from 0.1 to 3,600"),
      ("timeouts: {firstByte: soon}", "A number such as"), ("timeouts: {read: 5}", "Unknown member"),
      ("timeouts: 60", "A mapping with members is needed here"),
      ("timeouts: {firstByte: 90, total: 60}", "firstByte is longer than the whole exchange may take"),
      ("timeouts: {total: 30}", "firstByte is longer than the whole exchange may take"),
    ] {
      let problems = try problems(text)
      #expect(problems.contains { $0.contains(part) && $0.contains("timeouts") }, "\(text): \(problems)")
    }
  }
}
