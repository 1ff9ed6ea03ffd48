public import Core
public import Logging
import Synchronization

/// The health of every deployment while the server runs, behind one lock: asked at each attempt, told what became of it.
/// Rules N-2, N-3.
///
/// It starts empty with each start of the server: what was true yesterday says little.
public final class RoutingTable: DeploymentRouting {
  /// Deployments that are kept; where there are more, the rest is asked in the order of the configuration.
  static let limit = 10_000

  /// A deployment, whatever it is called: an account may be pointed elsewhere while the server runs.
  private struct Key: Hashable {
    let id: Identifier<Deployment>
    let region: RegionID
    let upstreamModel: String

    init(_ deployment: Deployment) {
      id = deployment.id
      region = deployment.region
      upstreamModel = deployment.upstreamModel
    }
  }

  private let random: RandomSource
  private let logger: Logger?
  private let health = Mutex<[Key: DeploymentHealth]>([:])

  /// - Parameters:
  ///   - random: chooses the two of which the faster is asked.
  ///   - logger: told when a deployment stops answering, and when it answers again.
  public init(random: RandomSource, logger: Logger? = nil) {
    self.random = random
    self.logger = logger
  }

  public func decide(_ choice: DeploymentChoice, at now: Instant) -> RoutingDecision {
    // Taken before the lock: the source may have one of its own.
    var dice = Dice(choice.candidates.count > 1 ? random.bytes(8) : [])
    return health.withLock { health in
      var known = choice.candidates.map { health[Key($0)] ?? DeploymentHealth() }
      let decision = DeploymentOrder.decide(choice, &known, at: now, using: &dice)
      if case .ask(let routed) = decision, let place = choice.candidates.firstIndex(of: routed.deployment) {
        Self.keep(known[place], Key(routed.deployment), &health)
      }
      return decision
    }
  }

  public func hasAnswered(_ deployment: Deployment, since instant: Instant) -> Bool {
    health.withLock { $0[Key(deployment)]?.hasAnswered(since: instant) ?? false }
  }

  public func secondsToProbe(_ deployments: [Deployment], at now: Instant) -> Int? {
    let due = deployments.map { health(of: $0).probeDueAt }
    guard let soonest = due.compactMap({ $0 }).min(), !due.contains(nil) else { return nil }
    return Int(max(1, (soonest.millisecondsSince(now) + 999) / 1_000))
  }

  public func take(_ report: AttemptReport, at now: Instant) {
    let key = Key(report.deployment)
    let (before, after) = health.withLock { health in
      var known = health.removeValue(forKey: key) ?? DeploymentHealth()
      let before = known.isAvoided
      known.take(report, at: now)
      Self.keep(known, key, &health)
      return (before, known.isAvoided)
    }
    if before != after { tell(report, isAvoided: after) }
  }

  private func tell(_ report: AttemptReport, isAvoided: Bool) {
    let deployment = report.deployment
    var metadata: Logger.Metadata = ["deployment": "\(deployment.id)", "region": "\(deployment.region)"]
    guard isAvoided else {
      logger?.notice("a deployment answers again", metadata: metadata)
      return
    }
    switch report.event {
    case .ended(.failed(let kind, _)): metadata["reason"] = "\(kind.rawValue)"
    case .ended(.timedOut), .ended(.abandoned): metadata["reason"] = "silence"
    case .begun, .firstToken, .notMade, .ended(.works), .ended(.nothing): break
    }
    logger?.warning("a deployment does not answer; calls avoid it but for probes", metadata: metadata)
  }

  /// What is known of a deployment; that of one that nobody has called says so.
  public func health(of deployment: Deployment) -> DeploymentHealth {
    health.withLock { $0[Key(deployment)] ?? DeploymentHealth() }
  }

  private static func keep(_ known: DeploymentHealth, _ key: Key, _ health: inout [Key: DeploymentHealth]) {
    guard health.count < limit || health[key] != nil else { return }
    health[key] = known
  }

  /// Random numbers from bytes; when they are used up it goes on from them.
  private struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ bytes: [UInt8]) { state = bytes.reduce(0) { $0 << 8 ^ $0 >> 56 ^ UInt64($1) } }

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }
}
