import Core

/// Reads a message that Claude streams through InvokeModel: each chunk holds one of its events.
struct BedrockInvokeStreamDecoder: UpstreamDecoder {
  private var frames = EventStreamDecoder()
  private var message: AnthropicStreamDecoder
  private var ending = AnswerEnding()
  private(set) var framesRead = 0
  /// What came after events that have been given: told when more is asked for.
  private var failure: UpstreamFailure?

  /// `answersByTool`: the answer comes as the input of ``AnswerTool``.
  init(answersByTool: Bool) { message = AnthropicStreamDecoder(answersByTool: answersByTool) }

  mutating func head(status: Int, headers: [HTTPField]) {}

  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] {
    if let failure { throw failure }
    // Nothing counts after the end, not even garbage.
    guard !message.isComplete else { return [] }
    var events: [ModelEvent] = []
    framesRead = 0
    do throws(UpstreamFailure) {
      for frame in try received(bytes) where !message.isComplete {
        if message.isEnding { try ending.take(frame.mostBytes) }
        guard let event = try Self.event(in: frame) else {
          framesRead += 1
          continue
        }
        events += try message.feed(events: [ServerSentEvent(data: event)])
        // None where it broke after a part of what it says.
        framesRead += message.framesRead
      }
      // Tells at once what broke after the last event that was given.
      events += try message.feed(events: [])
    } catch {
      failure = error
      if events.isEmpty { throw error }
    }
    return events
  }

  var isComplete: Bool { message.isComplete }

  mutating func finish() throws(UpstreamFailure) -> [ModelEvent] {
    if let failure { throw failure }
    if !message.isComplete {
      do throws(FramingProblem) { try frames.finish() } catch { throw UpstreamFailure(error) }
    }
    return try message.finish()
  }

  private mutating func received(_ bytes: [UInt8]) throws(UpstreamFailure) -> [EventStreamFrame] {
    do throws(FramingProblem) { return try frames.feed(bytes) } catch { throw UpstreamFailure(error) }
  }

  /// Nil for kinds of frames that hold no event: new ones are no reason to give up an answer.
  private static func event(in frame: EventStreamFrame) throws(UpstreamFailure) -> [UInt8]? {
    switch frame[":message-type"] {
    case "exception", "error":
      throw BedrockUpstreamFailure.inStream(frame[":exception-type"] ?? frame[":error-code"] ?? "")
    default: break
    }
    guard frame[":event-type"] == "chunk" else { return nil }
    guard let event = BedrockInvokeChunk.event(in: frame.payload[...]) else {
      throw UpstreamFailure(.garbled, "The provider's stream holds a chunk that is no event in Base64.")
    }
    return event
  }
}
