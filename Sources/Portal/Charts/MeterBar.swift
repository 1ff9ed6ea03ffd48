/// How much of an allowance is used and how much running calls hold, as a slim bar. The figures stand beside it.
struct MeterBar: Sendable, Equatable {
  let used: Int64
  let held: Int64
  let of: Int64

  init(used: Int64, held: Int64, of: Int64) {
    self.used = used
    self.held = held
    self.of = of
  }

  /// Filled parts in tenths of a percent; what is used goes before what is held, and both never pass the whole.
  var parts: (used: Int, held: Int) {
    guard of > 0 else { return (0, 0) }
    let share = { (value: Int64) in Int((min(1, Double(max(0, value)) / Double(of)) * 1_000).rounded()) }
    // A sliver of use stays visible.
    let full = used > 0 ? max(share(used), 5) : 0
    return (full, min(held > 0 ? max(share(held), 5) : 0, 1_000 - full))
  }

  /// The bar as an `<svg>`, hidden from screen readers.
  func svg() -> String {
    let (used, held) = parts
    var rects = "<rect class=\"track\" width=\"100\" height=\"8\"/>"
    if used > 0 {
      let name = self.used >= of ? "used full" : "used"
      rects += "<rect class=\"\(name)\" width=\"\(Self.decimal(used))\" height=\"8\"/>"
    }
    if held > 0 {
      rects += "<rect class=\"held\" x=\"\(Self.decimal(used))\" width=\"\(Self.decimal(held))\" height=\"8\"/>"
    }
    return """
      <svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">\(rects)</svg>
      """
  }

  private static func decimal(_ tenths: Int) -> String {
    tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
