import Core
import Logging
import NIOCore
import Testing

@testable import packhouse

@Suite("The gate of a listener (L-1)")
struct ConnectionGateTests {
  @Test(
    "What counts as one address",
    arguments: [
      ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::1", "::1"),
      ("2001:db8:1:2:3:4:5:6", "20:1:d:b8:0:1:0:2"), ("2001:db8:1:2::9", "20:1:d:b8:0:1:0:2"),
      ("2001:db8:1:3::9", "20:1:d:b8:0:1:0:3"), ("unknown", "unknown"),
    ])
  func address(text: String, expected: String) {
    #expect(PeerAddress.text(text) == expected)
  }

  @Test("A minute of refusals is one line, and none is forgotten")
  func report() {
    var report = RefusalReport()
    let start = NIODeadline.uptimeNanoseconds(1)
    #expect(report.note(.address, at: start) == RefusalReport.Line(perAddress: 1))
    for second in 1..<60 {
      #expect(report.note(.address, at: start + .seconds(Int64(second))) == nil)
      #expect(report.note(.total, at: start + .seconds(Int64(second))) == nil)
      #expect(report.noteIdle(at: start + .seconds(Int64(second))) == nil)
    }
    let line = report.note(.total, at: start + .seconds(60))
    #expect(line == RefusalReport.Line(perAddress: 59, total: 60, idle: 59))
    #expect(report.note(.total, at: start + .seconds(61)) == nil)
  }

  @Test("Refusals say what to do, in the status of a limit that a retry can mend")
  func words() {
    let limits = ConnectionLimits(total: 100, perAddress: 7)
    let address = ListenerWords.plain.answer(to: .address, limits: limits)
    #expect(address.head.status == 429 && address.head.headers.value(of: "retry-after") == "2")
    #expect(String(decoding: address.body, as: UTF8.self).contains("7 connections"))
    let total = ListenerWords.plain.answer(to: .total, limits: limits)
    #expect(total.head.status == 503 && total.head.headers.value(of: "retry-after") == "2")
    #expect(ListenerWords.plain.answer(to: .malformed).head.status == 400)
    #expect(ListenerWords.plain.answer(to: .headTooLarge).head.status == 431)
  }
}
