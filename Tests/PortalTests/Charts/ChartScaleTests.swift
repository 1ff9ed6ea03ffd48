import TestSupport
import Testing

@testable import Portal

@Suite("Chart scales")
struct ChartScaleTests {
  @Test(
    "A scale ends at a round number that reaches the peak, in at most five steps",
    arguments: [
      (1, 1, 1), (3, 1, 3), (5, 1, 5), (6, 2, 3), (9, 2, 5), (11, 5, 3), (107, 25, 5), (126, 50, 3),
      (794_000, 200_000, 4),
      (950, 200, 5), (1_000, 200, 5), (1_001, 250, 5), (12, 5, 3), (26, 10, 3),
    ] as [(Int64, Int64, Int)])
  func roundTicks(peak: Int64, step: Int64, intervals: Int) {
    let scale = ChartScale.covering(peak)
    #expect(scale.step == step)
    #expect(scale.intervals == intervals)
    #expect(scale.ticks == (0...intervals).map { step * Int64($0) })
  }

  @Test("Whatever the peak, it fits, and the step below would have needed more lines")
  func alwaysFits() {
    var random = SeededRandom.fresh()
    for _ in 0..<2_000 {
      let peak = Int64.random(in: 1...(1 << Int64.random(in: 1...50, using: &random)), using: &random)
      let scale = ChartScale.covering(peak)
      #expect(scale.top >= peak)
      #expect((1...5).contains(scale.intervals))
      #expect(scale.top - scale.step < peak, "the last step of \(peak) is empty, seed \(random.seed)")
      #expect(isRound(scale.step), "\(scale.step) is no round step, seed \(random.seed)")
      let shared = ChartScale.covering(peak, intervals: 3)
      #expect(shared.intervals == 3 && shared.top >= peak && shared.top <= peak * 2 + 3, "\(peak), seed \(random.seed)")
    }
  }

  @Test("Nothing measured has no steps and stays on the base line")
  func empty() {
    let scale = ChartScale.covering(0)
    #expect(scale.intervals == 0)
    #expect(scale.ticks == [0])
    #expect(scale.position(0) == ChartScale.height)
    #expect(scale.position(7) == ChartScale.height)
    #expect(ChartScale.covering(-5) == scale)
  }

  @Test("Positions run from the base line to the top and no further")
  func positions() {
    let scale = ChartScale.covering(200)
    #expect(scale.position(0) == 1_000)
    #expect(scale.position(50) == 750)
    #expect(scale.position(200) == 0)
    #expect(scale.position(900) == 0)
    #expect(scale.position(-1) == 1_000)
  }

  @Test("The largest integer is drawn without overflow")
  func largest() {
    #expect(ChartScale.covering(.max).position(.max) == 0)
    #expect(ChartScale.covering(.max, intervals: 3).top >= ChartScale.ceiling)
  }

  /// 1, 1.5, 2, 2.5 and so on times a power of ten: at most two figures before the zeros.
  private func isRound(_ step: Int64) -> Bool {
    var rest = step
    while rest % 10 == 0 { rest /= 10 }
    return [1, 2, 5, 25].contains(rest)
  }
}
