import Testing

@testable import Portal

@Suite("Day labels")
struct DayLabelTests {
  static let month = (1...31).map { "\($0) Oct" }

  @Test("No two labels touch, at any width and number of days")
  func noCollision() {
    for days in 1...62 {
      let labels = (0..<days).map { "\(10 + $0 % 20) Oct" }
      for width in [DayLabels.narrow, 240, DayLabels.wide, 480, 900] {
        let shown = DayLabels.shown(labels, width: width)
        let slot = Double(width) / Double(days)
        for (left, right) in zip(shown, shown.dropFirst()) {
          let distance = Double(right - left) * slot
          #expect(distance >= Double(6 * DayLabels.characterWidth + DayLabels.gap), "\(days) days in \(width) pixels")
        }
      }
    }
  }

  @Test("The first day is labelled, and the others follow at even distance")
  func evenly() {
    #expect(DayLabels.shown(Self.month, width: DayLabels.wide) == [0, 5, 10, 15, 20, 25, 30])
    #expect(DayLabels.shown(Self.month, width: DayLabels.narrow) == [0, 10, 20, 30])
  }

  @Test("A week has room for every day on a wide chart")
  func week() {
    let days = (12...18).map { "\($0) Oct" }
    #expect(DayLabels.shown(days, width: DayLabels.wide) == Array(0..<7))
    #expect(DayLabels.shown(days, width: DayLabels.narrow) == [0, 2, 4, 6])
  }

  @Test("No days, no labels")
  func none() {
    #expect(DayLabels.shown([], width: DayLabels.wide).isEmpty)
    #expect(DayLabels.shown(Self.month, width: 0).isEmpty)
  }

  @Test("More days than any usual range still find a spacing")
  func many() {
    let labels = Array(repeating: "12 Oct", count: 400)
    #expect(DayLabels.shown(labels, width: DayLabels.narrow).count <= 4)
  }
}
