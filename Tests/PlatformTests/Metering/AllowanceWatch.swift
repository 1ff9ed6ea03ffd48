import Core
import Synchronization

/// Looks at an allowance again and again and remembers whether more was ever taken than it permits. Rule U-5.
final class AllowanceWatch: Sendable {
  struct Findings: Sendable {
    var samples = 0
    /// The most that was ever settled and reserved together.
    var peak = Consumption.zero
    var overruns: [Consumption] = []
  }

  private let allowance: Allowance
  private let state = Mutex(Findings())

  init(_ allowance: Allowance) { self.allowance = allowance }

  var findings: Findings { state.withLock { $0 } }

  func sample(settled: Consumption, reserved: Consumption) {
    let taken = settled + reserved
    state.withLock { findings in
      findings.samples += 1
      findings.peak = Consumption(
        units: max(findings.peak.units, taken.units), input: max(findings.peak.input, taken.input),
        output: max(findings.peak.output, taken.output))
      if !permits(taken), findings.overruns.count < 10 { findings.overruns.append(taken) }
    }
  }

  private func permits(_ taken: Consumption) -> Bool {
    switch allowance {
    case .units(let units): taken.units <= units
    case .plan(let input, let output): taken.input <= input && (output.map { taken.output <= $0 } ?? true)
    }
  }
}
