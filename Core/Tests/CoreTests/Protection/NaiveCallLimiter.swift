import Core

/// The limits of calls as the specification says them: every call that was ever let in is kept, and looked at each time.
struct NaiveCallLimiter {
  /// What can be planted, to prove that the comparison sees it.
  enum Mistake: String, CaseIterable, Sendable {
    case none, oneMorePerKey, oneMorePerResource, oneFewerInAll, keysShareTheirMinute, refusedCallsCount, fixedMinutes
    case leavingForgetsResource, waitIsRoundedDown
  }

  private struct Call {
    let key: KeyID
    let resource: ResourceID
    let at: Int64
    var isRunning = true
  }

  let perKey: Int?
  let perResource: Int?
  let total: Int
  let perMinute: Int?
  var mistake = Mistake.none
  private var calls: [Call] = []
  private var refused: [(key: KeyID, at: Int64)] = []

  init(perKey: Int?, perResource: Int?, total: Int, perMinute: Int?, mistake: Mistake) {
    (self.perKey, self.perResource, self.total, self.perMinute) = (perKey, perResource, total, perMinute)
    self.mistake = mistake
  }

  mutating func enter(_ key: KeyID, _ resource: ResourceID, _ now: Int64) -> CallLimitRefusal? {
    let refusal = verdict(key, resource, now)
    if refusal == nil {
      calls.append(Call(key: key, resource: resource, at: now))
    } else {
      refused.append((key, now))
    }
    return refusal
  }

  /// Ends the oldest running call of the key and the resource.
  mutating func leave(_ key: KeyID, _ resource: ResourceID) {
    guard let index = calls.firstIndex(where: { $0.isRunning && $0.key == key && $0.resource == resource }) else {
      return
    }
    calls[index].isRunning = false
  }

  private func verdict(_ key: KeyID, _ resource: ResourceID, _ now: Int64) -> CallLimitRefusal? {
    let running = calls.filter(\.isRunning)
    if running.count >= total - (mistake == .oneFewerInAll ? 1 : 0) { return .everywhere }
    if let perResource {
      let counted = mistake == .leavingForgetsResource ? calls : running
      let limit = perResource + (mistake == .oneMorePerResource ? 1 : 0)
      if counted.filter({ $0.resource == resource }).count >= limit { return .resource(limit: perResource) }
    }
    if let perKey {
      let limit = perKey + (mistake == .oneMorePerKey ? 1 : 0)
      if running.filter({ $0.key == key }).count >= limit { return .key(limit: perKey) }
    }
    guard let perMinute else { return nil }
    let wait = wait(key, now, perMinute)
    return wait > 0 ? .rate(perMinute: perMinute, wait: wait) : nil
  }

  /// In any span of s seconds at most n + n * s / 60 calls: so each span that ends now, with one call more.
  private func wait(_ key: KeyID, _ now: Int64, _ perMinute: Int) -> Int64 {
    var times = calls.filter { $0.key == key || mistake == .keysShareTheirMinute }.map(\.at)
    if mistake == .refusedCallsCount { times = (times + refused.filter { $0.key == key }.map(\.at)).sorted() }
    if mistake == .fixedMinutes {
      return times.filter { $0 / 60_000 == now / 60_000 }.count >= perMinute ? 60_000 - now % 60_000 : 0
    }
    var longest: Int64 = 0
    for (index, start) in times.enumerated() {
      let tooMany = Int64(times.count - index + 1 - perMinute)
      // The span has to be so long that n * span / 60,000 covers those that are too many.
      let exact = tooMany * 60_000 - Int64(perMinute) * (now - start)
      let roundedUp = mistake == .waitIsRoundedDown ? 0 : Int64(perMinute) - 1
      if exact > 0 { longest = max(longest, (exact + roundedUp) / Int64(perMinute)) }
    }
    return longest
  }
}
