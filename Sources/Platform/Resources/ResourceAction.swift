public import Core

/// What the menu of a row offers; each item only where it applies. Rule R-1.
public enum ResourceAction: String, Hashable, Sendable, CaseIterable {
  /// "Adjust Plan Size", of a plan.
  case adjustPlan
  /// "Edit Resource", of units; of a knowledge base its name.
  case edit
  /// "Cancel Plan Downgrade".
  case cancelDowngrade
  /// "Cancel Capacity Decrease".
  case cancelDecrease
  /// A scheduled conversion to units that costs the same. Rule C-9.
  case cancelConversion
  /// "Deprovision Resource".
  case deprovision
  /// "Cancel Deprovisioning".
  case cancelDeprovisioning

  /// What can be done with a resource in `state`, in the order of the menu.
  public static func menu(of state: ResourceState) -> [ResourceAction] {
    guard state.endedAt == nil else { return [] }
    var menu: [ResourceAction] = []
    if case .plan = state.capacity.capacity, state.noCapacityChange == nil { menu.append(.adjustPlan) }
    if case .units = state.capacity.capacity { menu.append(.edit) }
    if state.resource.type == .knowledgeBase { menu.append(.edit) }
    // Where the capacity can't change, neither can what is scheduled for it: rule A-4, decision record 0015.
    if let change = state.scheduledChange, state.noCapacityChange == nil {
      switch (change.capacity, change.tokens < state.capacity.tokens) {
      case (.plan, _): menu.append(.cancelDowngrade)
      case (.units, true): menu.append(.cancelDecrease)
      case (.units, false): menu.append(.cancelConversion)
      }
    }
    menu.append(state.scheduledDeprovisioning == nil ? .deprovision : .cancelDeprovisioning)
    return menu
  }
}
