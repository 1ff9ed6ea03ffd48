import Core

extension Catalog {
  /// The plan's name, or the capacity in GenAI Units: `M`, `1.6k GenAI Units`. Rule R-1.
  func capacityLabel(of change: CapacityChange) -> String {
    switch (change.capacity, change.allowance) {
    case (.plan(let id), _): plan(id)?.displayName ?? id.text
    case (.units, .units(let units)): "\(UnitsFormat.short(units)) GenAI Units"
    case (.units(let tokens), .plan): tokens.inWords
    }
  }

  /// With what it costs: `M (60 Cloud Tokens)`.
  func capacityInWords(_ change: CapacityChange) -> String {
    "\(capacityLabel(of: change)) (\(change.tokens.inWords))"
  }

  /// In lines: the plan's name, what it gives, what it costs.
  func capacityLines(_ capacity: Capacity, _ tokens: CloudTokens, _ allowance: Allowance) -> [String] {
    let name: String? = if case .plan(let id) = capacity { plan(id)?.displayName ?? id.text } else { nil }
    return [name, offering(of: capacity, allowance), tokens.inWords].compactMap { $0 }
  }

  /// What it gives: `3,000 GenAI Units each bundle month`, the quotas of a plan, or the disk of a knowledge base.
  func offering(of change: CapacityChange) -> String { offering(of: change.capacity, change.allowance) }
}

extension Plan {
  /// As a choice: `M · 60 Cloud Tokens · 5M input, 2.5M output tokens`. Rule C-8.
  var choiceLabel: String {
    let quotas = inputTokens.map { input in
      outputTokens.map { "\(UnitsFormat.short(input)) input, \(UnitsFormat.short($0)) output tokens" }
        ?? "\(UnitsFormat.short(input)) input tokens"
    }
    return [displayName, tokens.inWords, quotas ?? diskInWords].compactMap { $0 }.joined(separator: " · ")
  }
}

extension CloudTokens {
  /// `+30`, `−6`, `0`.
  var signed: String {
    if self == .zero { return "0" }
    return self > .zero ? "+\(UnitsFormat.grouped(count))" : "−\(UnitsFormat.grouped(-count))"
  }
}
