/// Which slots are labelled below the axis, so that no two labels touch.
enum DayLabels {
  /// A character of the label's font is at most about this wide, in pixels.
  static let characterWidth = 6
  /// Free space between two labels, in pixels.
  static let gap = 8
  /// The plot is at least this wide in the two layouts of the stylesheet, in pixels.
  static let wide = 320
  static let narrow = 160

  /// Indexes of labelled slots from the first, evenly spaced: the closest spacing at which `labels` fit into `width`.
  static func shown(_ labels: [String], width: Int) -> [Int] {
    guard !labels.isEmpty, width > 0 else { return [] }
    let needed = (labels.map(\.count).max() ?? 0) * characterWidth + gap
    let closest = (needed * labels.count + width - 1) / width
    let spacing = [1, 2, 3, 5, 7, 10, 14].first { $0 >= closest } ?? closest
    return Array(stride(from: 0, to: labels.count, by: spacing))
  }
}
