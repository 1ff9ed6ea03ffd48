import Platform

/// What `packhouse doctor` found.
struct DoctorReport: Codable, Sendable {
  /// One thing beside the deployments: the data folder, a listener, the weights.
  struct Finding: Codable, Sendable, Hashable {
    let what: String
    let isFine: Bool
    /// How it is, or what is wrong and how to mend it.
    let sentence: String

    init(_ what: String, isFine: Bool, _ sentence: String) {
      (self.what, self.isFine, self.sentence) = (what, isFine, sentence)
    }
  }

  var isServerRunning: Bool
  var findings: [Finding]
  var deployments: [DeploymentFinding]

  var isFine: Bool { findings.allSatisfy(\.isFine) && deployments.allSatisfy(\.works) }

  var text: String {
    var lines = findings.map { "\(Self.mark($0.isFine))  \($0.what): \($0.sentence)" }
    lines.append("")
    if deployments.isEmpty { lines.append("No deployment was asked.") }
    for found in deployments {
      let time = found.milliseconds.map { ", \($0) ms" } ?? ""
      let name = "\(found.deployment) (\(found.kind), \(found.region))"
      guard let problem = found.problem else {
        lines.append("\(Self.mark(true))  \(name): answers\(time)")
        continue
      }
      lines.append("\(Self.mark(false))  \(name): \(problem)")
      if let remedy = found.remedy { lines.append("       \(remedy)") }
    }
    let wrong = findings.count { !$0.isFine } + deployments.count { !$0.works }
    lines += ["", wrong == 0 ? "Nothing is missing." : "\(OutcomeText.count(wrong, "thing")) to mend."]
    return lines.joined(separator: "\n")
  }

  private static func mark(_ isFine: Bool) -> String { isFine ? "ok  " : "FAIL" }
}

/// What a running server is asked for, and what it answers, through the control socket.
struct DoctorRequest: Codable, Sendable {
  /// Ids of deployments, names of accounts or models; empty asks all.
  var only: [String]
}

struct DoctorAnswer: Codable, Sendable {
  var deployments: [DeploymentFinding]
  /// What is wrong with stored accounts, in sentences.
  var complaints: [String]
}
