/// A small line of recent days without axes, for a card. The figures stand beside it.
struct Sparkline: Sendable, Equatable {
  /// Days beyond this many are not drawn; the latest stay.
  static let mostDays = 62

  let values: [Int64]

  init(_ values: [Int64]) {
    self.values = Array(values.suffix(Self.mostDays))
  }

  /// The line as an `<svg>`, hidden from screen readers; flat where nothing was measured.
  func svg() -> String {
    let peak = max(values.max() ?? 0, 1)
    let last = max(values.count - 1, 1)
    let points = values.indices.map { index in
      let share = Double(max(0, values[index])) / Double(peak)
      return "\(index * 1_000 / last),\(100 - Int((share * 96).rounded()))"
    }
    return """
      <svg class="spark" viewBox="0 0 1000 102" preserveAspectRatio="none" aria-hidden="true">\
      <polyline points="\(points.joined(separator: " "))"/></svg>
      """
  }
}
