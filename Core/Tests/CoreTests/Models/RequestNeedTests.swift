import Testing

@testable import Core

@Suite("How long a call needs its request (L-1)")
struct RequestNeedTests {
  @Test("L-1: a stream needs it until its first byte, and then neither remembers it nor asks anybody else (N-3)")
  func stream() {
    var call = MachineHarness()
    #expect(call.machine.needsRequest)
    call.accept("|stream|hello")
    call.admit()
    call.handle(.upstreamHead(status: 200, headers: []))
    call.machine.forgetRequest()
    #expect(call.machine.needsRequest && !call.isForgotten)
    call.handle(.upstreamBytes(Array("word ".utf8)))
    #expect(call.head != nil && !call.machine.needsRequest)
    call.machine.forgetRequest()
    #expect(call.isForgotten)
    call.handle(.upstreamFailed(UpstreamFailure(.connection, "Broken.")))
    #expect(call.opened.count == 1 && call.settled.count == 1 && call.finished)
    #expect(call.settled.map(\.usage.input) == call.admissions.map(\.bounds.input))
    #expect(!call.machine.needsRequest)
  }

  @Test("L-1: whoever may still be asked needs it: after a refusal, and while another reservation is waited for")
  func attempts() {
    var call = MachineHarness()
    call.accept("|stream|hello")
    call.admit()
    call.handle(.upstreamHead(status: 503, headers: []))
    #expect(call.machine.needsRequest)
    call.handle(.upstreamEnd)
    #expect(call.opened.count == 2 && call.machine.needsRequest)
    call.machine.forgetRequest()
    #expect(!call.isForgotten)
  }

  @Test("L-1: with its client gone a call needs it only until the provider has taken it")
  func clientGone() {
    var call = MachineHarness()
    call.accept("|stream|hello")
    call.admit()
    call.handle(.clientGone)
    #expect(call.machine.needsRequest)
    call.handle(.upstreamHead(status: 200, headers: []))
    #expect(!call.machine.needsRequest)
    call.machine.forgetRequest()
    #expect(call.isForgotten)
    call.handle(.deadline)
    #expect(call.settled.count == 1 && call.finished)
  }
}

extension MachineHarness {
  /// Whether nothing of the request is remembered.
  fileprivate var isForgotten: Bool {
    guard case .calling(let exchange) = machine.phase, case .chat(let chat) = exchange.preparation.call else {
      return false
    }
    return chat.messages.isEmpty && exchange.preparation.original == nil && exchange.untried.isEmpty
  }
}
