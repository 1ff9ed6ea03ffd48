@testable import Core

/// Health and choice of deployments written from the rules as plainly as can be: lists of everything that happened and
/// sums over them, whole numbers of milliseconds for instants. Shares no code with the rules.
struct NaiveRouter {
  /// What can be planted, to prove that the comparison sees it.
  enum Mistake: String, CaseIterable {
    case none
    case opensTooLate
    case neverDoubles
    case believesLateFailures
    case silenceNeedsThree
    case repeatsProbes
    case probesWithRetries
    case ignoresHints
    case takesTheSlower
    case staysOpenAfterAnswer
    case forgetsRate
    case sendsIntoSilence
    case patienceIgnoresStraying
    case givesUpForGood
    case countsThoseOutTogether
    case sendsManyAfterOne
    case patienceIgnoresSize
    case patienceMixesSizes
    case neverTakesBack
    case takesAnswersForSilence
  }

  struct Place {
    var failures = 0
    var silences = 0
    var isOpen = false
    var since = 0
    var due = 0
    var period = 0
    var probe: Int?
    var recovered: Int?
    var heard: Int?
    var busy: (until: Int, period: Int, since: Int)?
    var ends: [(at: Int, isFailure: Bool)] = []
    /// By pace, and by pace and size.
    var samples: [String: [(at: Int, value: Double, size: Double)]] = [:]
    /// When somebody was sent to learn the speed anew.
    var explored: [String: Int] = [:]
    /// Calls that are out and silent: number, since when nothing moved, and the longest input; by pace and size.
    var out: [String: (count: Int, since: Int, input: Int)] = [:]
    /// Calls given up since anything was heard, and when last.
    var doubts = 0
    var doubted: Int?
  }

  enum Standing: Equatable {
    case ready, probe, suspect
    case busy(Int)
    case failing(Int, silent: Bool)
    case silent(Int)
  }

  let mistake: Mistake
  var places: [Place]

  init(_ count: Int, _ mistake: Mistake) {
    self.mistake = mistake
    places = Array(repeating: Place(), count: count)
  }

  // MARK: What happens

  mutating func begin(_ place: Int, _ pace: String, _ input: Int, at now: Int) {
    let kind = kind(pace, input)
    let known = places[place].out[kind]
    places[place].out[kind] = ((known?.count ?? 0) + 1, known?.since ?? now, max(known?.input ?? 0, input))
  }

  mutating func firstToken(_ place: Int, _ pace: String, _ input: Int, _ milliseconds: Int, at now: Int) {
    hear(place, at: now)
    stopWaiting(place, pace, input, at: now)
    for name in [pace, kind(pace, input)] {
      places[place].samples[name, default: []].append((now, Double(milliseconds), Double(max(1_024, input))))
    }
    places[place].explored[pace] = now
  }

  mutating func end(
    _ place: Int, _ pace: String, _ input: Int, _ verdict: String, begun: Int, answered: Bool, hint: Int?, at now: Int
  ) {
    if !answered { stopWaiting(place, pace, input, at: now) }
    let wasHeard = places[place].heard.map { $0 > begun } ?? false
    switch verdict {
    case "works":
      places[place].ends.append((now, false))
      hear(place, at: now)
    case "throttled":
      hear(place, at: now)
      throttle(place, hint, begun: begun, at: now)
    case "failed": fail(place, begun: begun, silent: false, at: now)
    case "answered timeout":
      let silent = mistake == .takesAnswersForSilence && !answered && !wasHeard
      fail(place, begun: begun, silent: silent, at: now)
    case "timeout": fail(place, begun: begun, silent: !answered && !wasHeard, at: now)
    case "abandoned": if !wasHeard { giveUp(place, begun: begun, at: now) }
    default: break
    }
  }

  /// One alone says nothing; the third is a silence. Those that were out when the last was counted are not.
  private mutating func giveUp(_ place: Int, begun: Int, at now: Int) {
    if mistake == .countsThoseOutTogether || begun >= places[place].doubted ?? 0 {
      places[place].doubts += 1
      places[place].doubted = now
    }
    if places[place].doubts >= 3 || mistake == .givesUpForGood {
      fail(place, begun: begun, silent: true, at: now)
    } else if places[place].isOpen {
      failProbe(place, begun: begun, silent: false, at: now)
    }
  }

  private mutating func stopWaiting(_ place: Int, _ pace: String, _ input: Int, at now: Int) {
    let kind = kind(pace, input)
    guard let known = places[place].out[kind] else { return }
    places[place].out[kind] = known.count == 1 ? nil : (known.count - 1, now, known.input)
  }

  /// Up to which input calls belong together.
  private static let sizes = [1_024, 4_096, 16_384, 65_536, 262_144]

  private func size(_ input: Int) -> Int {
    mistake == .patienceMixesSizes ? 0 : Self.sizes.count { $0 < input }
  }

  private func kind(_ pace: String, _ input: Int) -> String { "\(pace) \(size(input))" }

  private mutating func hear(_ place: Int, at now: Int) {
    places[place].heard = now
    places[place].failures = 0
    places[place].silences = 0
    places[place].doubts = 0
    places[place].doubted = nil
    if places[place].isOpen, mistake != .staysOpenAfterAnswer {
      places[place].isOpen = false
      places[place].recovered = now
    }
  }

  private mutating func throttle(_ place: Int, _ hint: Int?, begun: Int, at now: Int) {
    var period = 1_000
    if let busy = places[place].busy, now - busy.until < 10_000 {
      period = begun < busy.since ? busy.period : min(30_000, busy.period * 2)
    }
    let rest = mistake == .ignoresHints ? period : hint.map { min(max($0, 1), 300) * 1_000 } ?? period
    places[place].busy = (max(places[place].busy?.until ?? 0, now + rest), period, now)
  }

  private mutating func fail(_ place: Int, begun: Int, silent: Bool, at now: Int) {
    places[place].ends.append((now, true))
    places[place].failures += 1
    if silent { places[place].doubts = max(3, places[place].doubts) }
    if places[place].isOpen { return failProbe(place, begun: begun, silent: silent, at: now) }
    if silent { places[place].silences = 1 }
    let needed = mistake == .opensTooLate ? 4 : 3
    let once = silent && mistake != .silenceNeedsThree
    guard once || places[place].failures >= needed || (mistake != .forgetsRate && isOften(place, at: now)) else {
      return
    }
    places[place].isOpen = true
    places[place].since = now
    places[place].period = 1_000
    places[place].due = now + 1_000
    places[place].probe = nil
  }

  private mutating func failProbe(_ place: Int, begun: Int, silent: Bool, at now: Int) {
    guard let probe = places[place].probe, begun >= probe || mistake == .believesLateFailures else { return }
    places[place].silences = silent ? places[place].silences + 1 : 0
    places[place].period = min(30_000, places[place].period * (mistake == .neverDoubles ? 1 : 2))
    places[place].due = now + places[place].period
    places[place].probe = nil
  }

  /// Half of at least ten attempts in this tenth of a minute... and the two before: steps of ten seconds.
  private func isOften(_ place: Int, at now: Int) -> Bool {
    let recent = places[place].ends.filter { end in
      let isSoon = now / 10_000 - end.at / 10_000 < 3
      let isAfter = places[place].recovered.map { end.at / 10_000 > $0 / 10_000 } ?? true
      return isSoon && isAfter
    }
    return recent.count >= 10 && recent.count(where: \.isFailure) * 2 >= recent.count
  }

  // MARK: What follows

  private struct Figures {
    var mean: Double
    var stray: Double
    var longest: Double
    var size: Double
  }

  private func figures(_ place: Int, _ name: String) -> Figures? {
    var figures: Figures?
    var last = 0
    for sample in places[place].samples[name] ?? [] {
      if let old = figures, sample.at - last < 120_000 {
        let mean = old.mean + (sample.value - old.mean) / 8
        let stray = old.stray + (abs(sample.value - old.mean) - old.stray) / 4
        let longest = max(sample.value, old.longest - (old.longest - old.mean) * 0.01)
        let size = old.size + (sample.size - old.size) / 8
        figures = Figures(mean: mean, stray: stray, longest: longest, size: size)
      } else {
        figures = Figures(mean: sample.value, stray: sample.value / 2, longest: sample.value, size: sample.size)
      }
      last = sample.at
    }
    return figures
  }

  func speed(_ place: Int, _ pace: String, at now: Int) -> Double {
    guard let explored = places[place].explored[pace], now - explored < 120_000 else { return 0 }
    return figures(place, pace)?.mean ?? 0
  }

  func patience(_ place: Int, _ pace: String, _ input: Int) -> Double? {
    let input = mistake == .patienceIgnoresSize ? 0 : input
    let own = size(input)
    let unknown = Double(8_000 + input / 8)
    var source: (size: Int, figures: Figures)?
    for size in Array(own...5) + (0..<own).reversed() where source == nil {
      source = figures(place, "\(pace) \(size)").map { (size, $0) }
    }
    guard let (known, figures) = source else { return pace == "streamed" ? unknown : nil }
    let straying = mistake == .patienceIgnoresStraying ? 0 : 4 * figures.stray
    var proven = figures.mean + straying
    if pace == "whole" { proven = max(proven, figures.longest * 1.5) }
    let ratio = Double(max(1_024, input)) / figures.size
    var patience = ratio > 1 ? proven * ratio : proven
    if known < own, pace == "streamed", patience > unknown { patience = max(proven, unknown) }
    return min(max(patience, Double(500 + input / 40)).rounded(.down), 3_600_000)
  }

  func standing(_ place: Int, at now: Int) -> Standing {
    let known = places[place]
    if known.isOpen {
      if now >= known.due { return .probe }
      if known.silences >= 3, mistake != .sendsIntoSilence { return .silent(known.due) }
      return .failing(known.due, silent: known.silences > 0)
    }
    if let busy = known.busy, busy.until > now { return .busy(busy.until) }
    if known.doubts > 0, !known.out.isEmpty, mistake != .sendsManyAfterOne { return .suspect }
    for (kind, out) in known.out {
      guard let patience = patience(place, String(kind.prefix { $0 != " " }), out.input) else { continue }
      if Double(now - max(out.since, known.heard ?? 0)) > patience { return .suspect }
    }
    return .ready
  }

  /// Everyone who may be asked, or nobody and the seconds to wait.
  func admissible(_ candidates: [Int], _ pace: String, isFirst: Bool, at now: Int) -> (places: [Int], seconds: Int) {
    let standings = candidates.map { standing($0, at: now) }
    let ready = candidates.indices.filter { standings[$0] == .ready }
    if let probe = standings.firstIndex(of: .probe), isFirst || ready.isEmpty || mistake == .probesWithRetries {
      return ([candidates[probe]], 0)
    }
    if ready.count == 1 { return ([candidates[ready[0]]], 0) }
    if ready.count > 1 {
      // Of any two the faster, the first of equals.
      var winners: Set<Int> = []
      for a in ready {
        for b in ready where a < b {
          let isSlower = speed(candidates[b], pace, at: now) < speed(candidates[a], pace, at: now)
          winners.insert(isSlower != (mistake == .takesTheSlower) ? b : a)
        }
      }
      return (winners.sorted().map { candidates[$0] }, 0)
    }
    if let suspect = standings.firstIndex(of: .suspect) { return ([candidates[suspect]], 0) }
    var best: (due: Int, place: Int)?
    for (index, standing) in standings.enumerated() {
      if case .busy(let until) = standing, until < best?.due ?? .max { best = (until, candidates[index]) }
    }
    if let best { return ([best.place], 0) }
    for (index, standing) in standings.enumerated() {
      guard case .failing(let due, let silent) = standing, isFirst || !silent else { continue }
      if due < best?.due ?? .max { best = (due, candidates[index]) }
    }
    if let best { return ([best.place], 0) }
    let dues = standings.compactMap { if case .silent(let due) = $0 { due } else { nil } }
    return ([], max(1, ((dues.min() ?? now + 1_000) - now + 999) / 1_000))
  }

  /// Somebody is sent there.
  mutating func send(to place: Int, _ pace: String, at now: Int) {
    switch standing(place, at: now) {
    case .probe:
      places[place].probe = now
      if mistake != .repeatsProbes { places[place].due = now + max(5_000, places[place].period) }
    case .ready:
      let explored = places[place].explored[pace]
      if let explored, now - explored >= 120_000 { places[place].explored[pace] = now }
    default: break
    }
  }
}
