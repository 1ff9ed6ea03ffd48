import Core
import Testing

@testable import Gateway

@Suite("Memory of request bodies (L-1)")
struct BodyRoomTests {
  @Test("L-1: bodies that were only announced keep nobody out")
  func announcedBodiesTakeNothing() throws {
    let bytes = InFlightBytes(limit: 100)
    let idle = (0..<1_000).map { _ in bytes.enter() }
    let working = bytes.enter()
    try working.grow(by: 100)
    #expect(throws: GatewayFailure.self) { try idle[0].grow(by: 1) }
    working.leave()
    try idle[0].grow(by: 100)
  }

  @Test("L-1: room comes back once, when it is left or when nobody holds it any more")
  func roomComesBackOnce() throws {
    let bytes = InFlightBytes(limit: 100)
    do {
      let room = bytes.enter()
      try room.grow(by: 60)
      room.leave()
      room.leave()
      try room.grow(by: 40)
    }
    let room = bytes.enter()
    try room.grow(by: 100)
    #expect(throws: GatewayFailure.self) { try bytes.enter().grow(by: 1) }
  }
}
