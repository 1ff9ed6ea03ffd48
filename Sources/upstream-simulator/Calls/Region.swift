import Synchronization

/// A place that the simulator plays: calls under `/region/NAME/` or on the region's own port, with their own behavior.
enum Region {
  static let limit = 64
  static let lengthLimit = 64
  static let prefix = "/region/"

  static func isName(_ text: some StringProtocol) -> Bool {
    (1...lengthLimit).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9" ~= $0) || $0 == "-") }
  }

  /// Takes `/region/NAME` off a path; nil for the name when the path has none.
  static func split(_ path: Substring) -> (name: Substring?, rest: Substring) {
    guard path.utf8.starts(with: prefix.utf8) else { return (nil, path) }
    let inside = path.dropFirst(prefix.count)
    guard let slash = inside.firstIndex(of: "/"), isName(inside[..<slash]) else { return (nil, path) }
    return (inside[..<slash], inside[slash...])
  }
}

/// The behaviors of all regions; a region without one of its own behaves like the whole simulator.
final class RegionalBehaviors: Sendable {
  /// Holds for every region that has none of its own.
  let common: Behavior
  private let initial: CallSettings
  private let regions = Mutex<[String: Behavior]>([:])

  private let rejectedKey: String?

  init(_ settings: CallSettings, rejectedKey: String?) {
    initial = settings
    self.rejectedKey = rejectedKey
    common = Behavior(settings, rejectedKey: rejectedKey)
  }

  /// The behavior that a call in the region follows. The empty name stands for no region.
  func behavior(of region: String) -> Behavior {
    guard !region.isEmpty else { return common }
    return regions.withLock { $0[region] } ?? common
  }

  /// The region's own behavior, made from the options when it has none yet.
  func ownBehavior(of region: String) throws(SettingProblem) -> Behavior {
    guard !region.isEmpty else { return common }
    let found = regions.withLock { regions -> Behavior? in
      if let behavior = regions[region] { return behavior }
      guard regions.count < Region.limit else { return nil }
      let behavior = Behavior(initial, rejectedKey: rejectedKey)
      regions[region] = behavior
      return behavior
    }
    guard let found else { throw .badRegion }
    return found
  }

  /// Forgets the region's own behavior; without a region, everything goes back to what the options said.
  func reset(_ region: String) {
    regions.withLock { regions in
      if region.isEmpty { regions.removeAll() } else { regions[region] = nil }
    }
    if region.isEmpty { common.reset() }
  }
}
