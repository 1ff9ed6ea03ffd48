public import Core

/// The health of deployments for Prometheus. Rule N-3.
public struct DeploymentMetrics: Sendable {
  private let routing: RoutingTable
  private let clock: WallClock
  private let deployments: @Sendable () -> [Deployment]

  public init(routing: RoutingTable, clock: WallClock, deployments: @escaping @Sendable () -> [Deployment]) {
    self.routing = routing
    self.clock = clock
    self.deployments = deployments
  }

  /// The text format, version 0.0.4. For the operator: it names accounts.
  public var text: String {
    let now = clock.now()
    let all = deployments().map { (labels: Self.labels($0), health: routing.health(of: $0)) }
    func family(_ name: String, _ help: String, _ lines: [String]) -> String {
      lines.isEmpty ? "" : "# HELP \(name) \(help)\n# TYPE \(name) gauge\n" + lines.map { "\($0)\n" }.joined()
    }
    let states = all.flatMap { labels, health in
      Self.states.map { state in
        "packhouse_deployment_state{\(labels),state=\"\(state)\"} \(health.state(at: now).metric == state ? 1 : 0)"
      }
    }
    let speeds = all.flatMap { labels, health in
      AnswerPace.allCases.compactMap { pace in
        health.estimate(pace).mean.map {
          "packhouse_deployment_first_token_seconds{\(labels),answer=\"\(pace.rawValue)\"} \($0 / 1_000)"
        }
      }
    }
    let outcomes = all.flatMap { labels, health in
      let recent = health.recent(at: now)
      return [("success", recent.successes), ("failure", recent.failures)].map { outcome, count in
        "packhouse_deployment_recent_attempts{\(labels),outcome=\"\(outcome)\"} \(count)"
      }
    }
    return family("packhouse_deployment_state", "1 for the state that a deployment is in.", states)
      + family("packhouse_deployment_first_token_seconds", "Moving average of the time to first token.", speeds)
      + family("packhouse_deployment_recent_attempts", "Attempts of the last five minutes by outcome.", outcomes)
  }

  private static let states = ["unused", "working", "recovering", "not_answering", "busy"]

  private static func labels(_ deployment: Deployment) -> String {
    [
      ("deployment", deployment.id.text), ("model", deployment.model.text), ("account", deployment.account),
      ("kind", deployment.provider.rawValue), ("region", deployment.region.text),
    ].map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",")
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.append(character)
      }
    }
  }
}

extension DeploymentState {
  fileprivate var metric: String {
    switch self {
    case .unused: "unused"
    case .working: "working"
    case .recovering: "recovering"
    case .notAnswering: "not_answering"
    case .busy: "busy"
    }
  }
}
