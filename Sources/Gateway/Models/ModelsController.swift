import Core
import Dialects
import Hummingbird
import Platform

/// `GET /v1/models` and `/v1/models/{model}`: what the key's resource has enabled. Rules G-14, D-3.
///
/// OpenAI's and Anthropic's clients ask at the same address; those of Anthropic say their version.
struct ModelsController: Sendable {
  let services: GatewayServices

  init(services: GatewayServices) { self.services = services }

  @Sendable func list(_ request: Request, _ context: GatewayRequestContext) async -> Response {
    await answer(request, context) { resource, shape in
      shape.list(resource.models.compactMap { services.catalog.model($0) }.map { entry($0, resource) })
    }
  }

  @Sendable func show(_ request: Request, _ context: GatewayRequestContext) async -> Response {
    let name = context.decodedParameters["model"] ?? ""
    return await answer(request, context) { resource, shape throws(GatewayFailure) in
      guard let model = services.catalog.model(named: name, among: resource.models) else {
        let enabled = resource.models.map(\.text).joined(separator: ", ")
        throw .notFound(message: "This model is not enabled on the key's resource. Enabled are: \(enabled).")
      }
      return shape.single(entry(model, resource))
    }
  }

  private func entry(_ model: ModelVersion, _ resource: Resource) -> ModelEntry {
    let vendor = services.catalog.families.first { $0.id == model.family }?.vendor ?? ""
    return ModelEntry(
      id: model.id.text, displayName: model.displayName, createdAt: resource.provisionedAt,
      ownedBy: vendor.lowercased())
  }

  private func answer(
    _ request: Request, _ context: GatewayRequestContext,
    _ body: (Resource, ModelsShape) throws(GatewayFailure) -> [UInt8]
  ) async -> Response {
    let shape = ModelsShape(request)
    do throws(GatewayFailure) {
      let caller = try await services.access.caller(presenting: request.fields, resource: nil)
      return Response(shape.answer(try body(caller.resource, shape), requestID: context.requestID))
    } catch {
      return Response(shape.encode(error, requestID: context.requestID))
    }
  }
}
