import Core

/// What the caller gets of an answer that passes through: what leaves while it arrives, and what waits for its settlement.
public struct Relayed: Equatable, Sendable {
  public var before: [UInt8] = []
  public var end: [UInt8] = []
  /// The answer failed: its end is told in our words.
  public var isBroken = false

  public var bytes: [UInt8] { before + end }

  /// Relays `bytes`, fed in pieces that end at `cuts`, which rise, as the gateway's machine does. Nil for a kind that does
  /// not pass.
  public init?(of bytes: [UInt8], _ kind: AnswerKind, cuts: [Int] = []) {
    guard var encoder = kind.passed?.encoder else { return nil }
    var decoder = kind.decoder
    do throws(UpstreamFailure) {
      decoder.head(status: 200, headers: [])
      var start = 0
      for cut in cuts + [bytes.count] {
        let piece = Array(bytes[start..<cut])
        start = cut
        let events: [ModelEvent]
        var readable: Int?
        do throws(UpstreamFailure) {
          events = try decoder.feed(piece)
          readable = decoder.framesRead
          _ = try decoder.feed([])
        } catch {
          // Where nothing has left yet, an answer that fails at once is told as an error alone.
          let isTold = readable != nil || !before.isEmpty
          if isTold { before += encoder.relay(piece, frames: readable ?? decoder.framesRead) }
          throw error
        }
        before += encoder.relay(piece)
        for event in events { before += encoder.encode(event) }
      }
      for event in try decoder.finish() { before += encoder.encode(event) }
      _ = encoder.head(requestID: RequestID("r"), model: ModelVersionID("m"), createdAt: Instant(milliseconds: 0))
      end = encoder.finish(usage: TokenUsage(input: 1, output: 1))
    } catch {
      isBroken = true
    }
  }
}
