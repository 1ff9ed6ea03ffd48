import Foundation
import NIOCore

/// What all connections saw. Used on one event loop only.
final class ReportBook: @unchecked Sendable {
  private var report = Report()
  private var open: Int
  private var running = 0
  private let done: EventLoopPromise<Report>
  private var isDone = false

  init(expected: Int, done: EventLoopPromise<Report>) {
    open = expected
    self.done = done
  }

  func began() {
    report.calls += 1
    running += 1
    report.mostAtOnce = max(report.mostAtOnce, running)
  }

  func first(_ time: TimeAmount) { report.first.add(time) }
  func gap(_ time: TimeAmount) { report.gap.add(time) }

  func ended(isWhole: Bool) {
    running -= 1
    report.whole += isWhole ? 1 : 0
  }

  func refused() {
    report.calls += 1
    connectionOver()
  }

  func connectionOver() {
    open -= 1
    if open == 0 { tell() }
  }

  /// The deadline has come: what is there is told.
  func giveUp() { tell() }

  private func tell() {
    guard !isDone else { return }
    isDone = true
    done.succeed(report)
  }
}

/// The figures of a run.
struct Report: Sendable {
  var calls = 0
  var whole = 0
  var mostAtOnce = 0
  var first = Times()
  var gap = Times()

  var json: String {
    """
    {"calls":\(calls),"whole":\(whole),"mostAtOnce":\(mostAtOnce),"first":\(first.json),"gap":\(gap.json)}
    """
  }
}

/// Times in steps of 0.1 ms up to 60 s; longer ones count as the longest.
struct Times: Sendable {
  private static let nanosecondsPerStep: Int64 = 100_000
  private static let steps = 600_000

  private var counts = [UInt32](repeating: 0, count: steps)
  private var total = 0

  mutating func add(_ time: TimeAmount) {
    let step = min(Self.steps - 1, max(0, Int(time.nanoseconds / Self.nanosecondsPerStep)))
    counts[step] += 1
    total += 1
  }

  /// Milliseconds below which `share` of the times are.
  func percentile(_ share: Double) -> Double {
    let wanted = max(1, Int((Double(total) * share).rounded(.up)))
    var seen = 0
    for (step, count) in counts.enumerated() where count > 0 {
      seen += Int(count)
      if seen >= wanted { return Double(step + 1) / 10 }
    }
    return 0
  }

  var json: String {
    """
    {"count":\(total),"p50":\(percentile(0.5)),"p99":\(percentile(0.99)),"highest":\(percentile(1))}
    """
  }
}
