import Core
import Dialects
import Hummingbird
import Platform

/// `GET /resources/{id}`: what the Mendix connector asks when a key is imported.
struct ConnectorController: Sendable {
  let services: GatewayServices
  private let codec = ConnectorConverseInbound()

  init(services: GatewayServices) { self.services = services }

  @Sendable func show(_ request: Request, _ context: GatewayRequestContext) async -> Response {
    do throws(GatewayFailure) {
      let caller = try await services.access.caller(
        presenting: request.fields, resource: context.parameters.get("resource"))
      let models = caller.resource.models.compactMap { services.catalog.model($0) }
      let first = caller.resource.defaultModel.flatMap { services.catalog.model($0) } ?? models.first
      let body = ConnectorDetails.encode(
        model: first?.id.text ?? "", modelName: first?.displayName ?? "",
        models: models.map { (id: $0.id.text, name: $0.displayName) })
      return Response(json: body, requestID: context.requestID)
    } catch {
      return Response(codec.encode(error, requestID: context.requestID))
    }
  }
}
