import Foundation
import Glibc
import Synchronization

/// Ends the process where one input keeps the working thread busy for too long. Counts the thread's own time, so that a
/// busy machine does no harm.
final class Watchdog: Sendable {
  static let mostSeconds = 2.0
  private static let betweenLooks: useconds_t = 50_000

  private let round = Atomic<Int>(-1)
  private let startedAt = Atomic<UInt64>(0)

  /// Watches the thread that calls.
  func start(_ tell: @escaping @Sendable (Int) -> Void) {
    var clock = clockid_t()
    pthread_getcpuclockid(pthread_self(), &clock)
    let watched = clock
    Thread.detachNewThread {
      while true {
        usleep(Self.betweenLooks)
        let round = self.round.load(ordering: .acquiring)
        let busy = Double(Self.nanoseconds(watched) &- self.startedAt.load(ordering: .acquiring)) / 1e9
        // The round is read again: it may have ended between the two.
        guard round >= 0, busy > Self.mostSeconds, busy < 1e6, round == self.round.load(ordering: .acquiring) else {
          continue
        }
        tell(round)
        exit(EXIT_FAILURE)
      }
    }
  }

  func begin(_ round: Int) {
    startedAt.store(Self.nanoseconds(CLOCK_THREAD_CPUTIME_ID), ordering: .releasing)
    self.round.store(round, ordering: .releasing)
  }

  /// Seconds of the thread's time since the round began.
  func end() -> Double {
    round.store(-1, ordering: .releasing)
    return Double(Self.nanoseconds(CLOCK_THREAD_CPUTIME_ID) - startedAt.load(ordering: .acquiring)) / 1e9
  }

  /// Most memory that the process has had so far, in MB. Not what `getrusage` says: that begins with the most that the
  /// process which started this one has had.
  static var peakMegabytes: Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
    else { return .max }
    return kilobytes / 1_024
  }

  static func nanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
