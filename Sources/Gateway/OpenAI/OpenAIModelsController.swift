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
    await answer(request, context) { models in OpenAIModels.list(models) }
  }

  @Sendable func show(_ request: Request, _ context: GatewayRequestContext) async -> Response {
    let name = context.parameters.get("model") ?? ""
    return await answer(request, context) { models throws(GatewayFailure) in
      guard let model = models.first(where: { $0.id == name }) else {
        let enabled = models.map(\.id).joined(separator: ", ")
        throw .notFound(message: "This model is not enabled on the key's resource. Enabled are: \(enabled).")
      }
      return OpenAIModels.single(model)
    }
  }

  private func answer(
    _ request: Request, _ context: GatewayRequestContext,
    _ body: ([OpenAIModels.Model]) throws(GatewayFailure) -> [UInt8]
  ) async -> Response {
    do throws(GatewayFailure) {
      let caller = try await services.access.caller(presenting: request.fields, resource: nil)
      let models = caller.resource.models.compactMap { services.catalog.model($0) }.map { model in
        let vendor = services.catalog.families.first { $0.id == model.family }?.vendor ?? ""
        return OpenAIModels.Model(
          id: model.id.text, createdAt: caller.resource.provisionedAt, ownedBy: vendor.lowercased())
      }
      return Response(
        WholeAnswer(
          status: 200,
          headers: [
            HTTPField_("content-type", "application/json"), HTTPField_("x-request-id", context.requestID.text),
          ], body: try body(models)))
    } catch {
      return Response(codec.encode(error, requestID: context.requestID))
    }
  }
}
