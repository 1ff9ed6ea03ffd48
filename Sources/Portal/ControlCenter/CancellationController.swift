import Core
import Hummingbird
import Platform

/// What takes back something scheduled, asked in a dialog over the list: "Cancel Deprovisioning" (rule A-5), and "Cancel
/// Plan Downgrade", "Cancel Capacity Decrease" and "Cancel Conversion" (rules A-2, A-3, C-9).
struct CancellationController: Sendable {
  enum Scheduled: Sendable { case deprovisioning, capacity }

  let services: PortalServices
  let scheduled: Scheduled

  /// `GET /control-center/resources/{resource}/deprovisioning/cancel` or `/capacity/cancel`, with the state of the list in
  /// its query.
  func ask(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    try await dialog(nil, request, context)
  }

  /// `POST /control-center/resources/{resource}/deprovisioning/cancel` or `/capacity/cancel`
  func cancel(_ request: Request, context: SignedInRequestContext) async throws -> Response {
    let page = try await services.platform.resources.changePage(of: context.resourceID, as: context.caller)
    do {
      _ = try await cancel(context.form["submission"], .commit, context)
      return try services.backToList(after: deed, page.resource, request)
    } catch PlatformError.conflict(let sentence) {
      return try await dialog(sentence, request, context)
    }
  }

  private var deed: LifeDeed {
    switch scheduled {
    case .deprovisioning: .deprovisioningCancelled
    case .capacity: .capacityCancelled
    }
  }

  private func cancel(
    _ submission: String, _ mode: ChangeMode, _ context: SignedInRequestContext
  ) async throws -> CancelOutcome {
    let (resources, id, caller) = (services.platform.resources, context.resourceID, context.caller)
    return switch scheduled {
    case .deprovisioning:
      try await resources.cancelDeprovisioning(of: id, idempotencyKey: submission, mode: mode, as: caller)
    case .capacity:
      try await resources.cancelCapacityChange(of: id, idempotencyKey: submission, mode: mode, as: caller)
    }
  }

  private func dialog(
    _ problem: String?, _ request: Request, _ context: SignedInRequestContext
  ) async throws -> Response {
    let scene = try await services.scene(request, context)
    let trial = try await PortalServices.trial { try await cancel("", .dryRun, context) }
    let dialog: LifeDialog =
      switch scheduled {
      case .deprovisioning: .cancelDeprovisioning(scene, trial: trial, problem: problem)
      case .capacity: .cancelCapacity(scene, trial: trial, problem: problem)
      }
    return try await services.controlCenter(
      dialog, request, context, status: problem == nil ? .ok : .conflict)
  }
}
