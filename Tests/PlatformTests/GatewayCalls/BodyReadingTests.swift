import Core
import Dispatch
import TestSupport
import Testing

@testable import Platform

@Suite("Reading the bodies of requests (L-1)")
struct BodyReadingTests {
  private static let large = Sensitive([UInt8](repeating: 32, count: BodyReading.smallBytes + 1))
  private static let small = Sensitive([UInt8](repeating: 32, count: BodyReading.smallBytes))

  @Test("However long large bodies take, small ones are read at once; where too many wait, one more is refused")
  func largeAndSmall() async throws {
    let reading = BodyReading(executor: BoundedExecutor(label: "test.bodies", lanes: 1, limit: 1))
    let (begun, end) = (Gate(), DispatchSemaphore(value: 0))
    let first = Task {
      try await reading.read(Self.large) {
        begun.open()
        end.wait()
        return "read"
      }
    }
    await begun.wait()
    // More than the machine has processors: none waits for the large one.
    for number in 0..<100 { #expect(try await reading.read(Self.small) { number } == number) }
    let refusal = await #expect(throws: GatewayFailure.self) { try await reading.read(Self.large) { "second" } }
    if case .overloaded = refusal {} else { Issue.record("refused with \(String(describing: refusal))") }
    end.signal()
    #expect(try await first.value == "read")
    #expect(try await reading.read(Self.large) { "third" } == "third")
  }
}
