import Core
import Dialects
import Hummingbird
import Platform

/// `GET /v1/models` and `/v1/models/{model}`: what the key's resource has enabled. Rules G-14, D-3.
struct OpenAIModelsController: Sendable {
  let services: GatewayServices
  private let codec = OpenAIChatInbound()

  init(services: GatewayServices) { self.services = services }

  @Sendable func list(_ request: Request, _ context: GatewayRequestContext) async -> Response {
    await answer(request, context) { resource in
      OpenAIModels.list(resource.models.compactMap { services.catalog.model($0) }.map { entry($0, resource) })
    }
  }

  @Sendable func show(_ request: Request, _ context: GatewayRequestContext) async -> Response {
    let name = context.decodedParameters["model"] ?? ""
    return await answer(request, context) { resource throws(GatewayFailure) in
      guard let model = services.catalog.model(named: name, among: resource.models) else {
        let enabled = resource.models.map(\.text).joined(separator: ", ")
        throw .notFound(message: "This model is not enabled on the key's resource. Enabled are: \(enabled).")
      }
      return OpenAIModels.single(entry(model, resource))
    }
  }

  private func entry(_ model: ModelVersion, _ resource: Resource) -> OpenAIModels.Model {
    let vendor = services.catalog.families.first { $0.id == model.family }?.vendor ?? ""
    return OpenAIModels.Model(id: model.id.text, createdAt: resource.provisionedAt, ownedBy: vendor.lowercased())
  }

  private func answer(
    _ request: Request, _ context: GatewayRequestContext, _ body: (Resource) throws(GatewayFailure) -> [UInt8]
  ) async -> Response {
    do throws(GatewayFailure) {
      let caller = try await services.access.caller(presenting: request.fields, resource: nil)
      return Response(json: try body(caller.resource), requestID: context.requestID)
    } catch {
      return Response(codec.encode(error, requestID: context.requestID))
    }
  }
}
