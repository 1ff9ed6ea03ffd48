import ArgumentParser
import CodecCorpus
import Core
import Glibc

/// Faults to plant into the decoders, each on inputs that hold a byte which is never a part of UTF-8: so that a run which
/// finds nothing has shown that it would have found them.
enum Plant: String, ExpressibleByArgument, CaseIterable {
  /// Minds where bytes are split.
  case split
  /// Comes to no end.
  case hang
  /// Takes 300 MB.
  case memory
  case crash
  /// Reports more tokens than there can be.
  case usage

  static let trigger: UInt8 = 0xFF

  /// `decoder` with the fault.
  func faulty(_ decoder: any UpstreamDecoder) -> any UpstreamDecoder { Faulty(plant: self, decoder: decoder) }
}

private struct Faulty: UpstreamDecoder {
  let plant: Plant
  var decoder: any UpstreamDecoder
  private var reports = 0

  init(plant: Plant, decoder: any UpstreamDecoder) {
    self.plant = plant
    self.decoder = decoder
  }

  mutating func head(status: Int, headers: [HTTPField]) { decoder.head(status: status, headers: headers) }

  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] {
    guard bytes.contains(Plant.trigger) else { return try decoder.feed(bytes) }
    switch plant {
    case .split: return [.chat(.delta(index: 0, .signature("\(bytes.count)")))] + (try decoder.feed(bytes))
    case .hang: while bytes.count < .max { reports &+= 1 }
    case .memory: reports = [UInt8](repeating: UInt8(truncatingIfNeeded: bytes.count | 1), count: 300 << 20).count
    case .crash: abort()
    case .usage: reports = 1
    }
    return try decoder.feed(bytes)
  }

  var isComplete: Bool { decoder.isComplete }

  mutating func finish() throws(UpstreamFailure) -> [ModelEvent] {
    let events = try decoder.finish()
    guard plant == .usage, reports > 0 else { return events }
    return events + [.chat(.usage(TokenUsage(output: TokenCount(Int64.max))))]
  }
}
