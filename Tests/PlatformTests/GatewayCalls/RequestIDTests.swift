import Core
import TestSupport
import Testing

@testable import Platform

@Suite("Request ids (F-5)")
struct RequestIDTests {
  @Test("They are req_ and 32 hexadecimal digits, and no two are alike")
  func form() {
    let source = RequestIDSource(random: .seeded(3))
    let ids = (0..<1_000).map { _ in source.next().text }
    #expect(Set(ids).count == 1_000)
    #expect(ids.allSatisfy { $0.hasPrefix("req_") && $0.count == 36 })
    #expect(ids.allSatisfy { $0.dropFirst(4).allSatisfy { $0.isHexDigit && !$0.isUppercase } })
  }
}
