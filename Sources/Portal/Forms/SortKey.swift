/// What a column is sorted by.
struct SortKey: Hashable, Comparable {
  var number: Int64 = 0
  var text = ""

  static func < (a: Self, b: Self) -> Bool { (a.number, a.text) < (b.number, b.text) }
}

extension Array {
  /// By what `key` gives for each; those with equal keys stay as they were, either way.
  func sorted(isAscending: Bool, by key: (Element) -> SortKey) -> [Element] {
    // Each key is made once: comparing makes many of them.
    let keyed = enumerated().map { (key: key($0.element), position: $0.offset) }
    return keyed.sorted { a, b in
      if a.key != b.key { return isAscending ? a.key < b.key : a.key > b.key }
      return a.position < b.position
    }.map { self[$0.position] }
  }
}
