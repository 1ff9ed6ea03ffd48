import Core
import Dialects
import Foundation
import Hummingbird
import Logging
import NIOCore
import Platform

/// Reads a request, has it answered in its dialect, and hands the answer back with back-pressure.
struct CallController: Sendable {
  let services: GatewayServices
  init(services: GatewayServices) { self.services = services }

  /// A handler for the calls of one dialect. `type` is that of the keys which may call; nil where only the body tells.
  func handler(
    _ codec: any InboundCodec, for type: ResourceType?
  ) -> @Sendable (Request, GatewayRequestContext) async throws -> Response {
    { request, context in
      do throws(GatewayFailure) {
        return try await answer(request, context, codec, type)
      } catch {
        return Response(codec.encode(error, requestID: context.requestID))
      }
    }
  }

  private func answer(
    _ request: Request, _ context: GatewayRequestContext, _ codec: any InboundCodec, _ type: ResourceType?
  ) async throws(GatewayFailure) -> Response {
    let (inbound, caller) = try await receive(request, context, for: type)
    try await noteShape(of: inbound, codec, context.requestID)
    switch await services.driver.answer(inbound, from: caller, codec: codec, requestID: context.requestID) {
    case .whole(let answer): return Response(answer)
    case .stream(let head, let stream): return Response(head: head) { write in try await stream.run(write: write) }
    }
  }
}

extension CallController {
  /// A handler for the questions of one dialect how many tokens a call has. What they take of the limits is what a call
  /// takes.
  func counter(
    _ codec: any InboundTokenCountCodec, for type: ResourceType?
  ) -> @Sendable (Request, GatewayRequestContext) async throws -> Response {
    { request, context in
      do throws(GatewayFailure) {
        let (inbound, caller) = try await receive(request, context, for: type)
        defer { caller.room?.leave() }
        return Response(
          await services.driver.tokenCounting.answer(
            inbound, from: caller, codec: codec, requestID: context.requestID))
      } catch {
        return Response(codec.encode(error, requestID: context.requestID))
      }
    }
  }

  /// The whole request and who sends it, holding the place of the call and the room that its body takes.
  private func receive(
    _ request: Request, _ context: GatewayRequestContext, for type: ResourceType?
  ) async throws(GatewayFailure) -> (InboundRequest, GatewayCaller) {
    // The key comes first: a stranger's body is not even read.
    let headers = request.fields
    let caller = try await services.access.caller(presenting: headers, resource: context.parameters.get("resource"))
    if let type, caller.resource.type != type { throw .wrongType(of: caller.resource) }
    // So do the limits of the key and its resource: a refused call costs no more than its head.
    let place = try services.places.enter(caller)
    try request.checkBody()
    let room = services.bodies.enter(caller)
    context.wantsBody(of: request)
    let body = try await request.wholeBody(in: room, clock: services.clock)
    let inbound = InboundRequest(
      method: request.method.rawValue, path: request.uri.path, parameters: context.decodedParameters,
      headers: headers, body: Sensitive(body))
    return (inbound, caller.holding(place, room))
  }

  /// Tells what of a request the codec does not know, by names only: some protocols are not public.
  private func noteShape(
    of request: InboundRequest, _ codec: any InboundCodec, _ requestID: Core.RequestID
  ) async throws(GatewayFailure) {
    // Looking costs a second reading of the body.
    guard services.logger.logLevel <= .info, let reading = codec as? any ShapeReading else { return }
    let names = try await services.driver.reading.read(request.body) { reading.unrecognised(in: request) }
    guard !names.isEmpty else { return }
    services.logger.info(
      "a request has members that are not known",
      metadata: ["request": "\(requestID)", "names": "\(names.joined(separator: ", "))"])
  }
}

extension GatewayRequestContext {
  /// The route's parameters, percent-decoded.
  var decodedParameters: [String: String] {
    var decoded: [String: String] = [:]
    for (name, value) in parameters {
      decoded[String(name)] = String(value).removingPercentEncoding ?? String(value)
    }
    return decoded
  }
}
