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
  private let inFlight = InFlightBytes(limit: GatewayLimits.bodyBytesInFlight)

  init(services: GatewayServices) { self.services = services }

  /// A handler for the calls of one dialect.
  func handler(
    _ codec: any InboundCodec
  ) -> @Sendable (Request, GatewayRequestContext) async throws -> Response {
    { request, context in
      do throws(GatewayFailure) {
        return try await answer(request, context, codec)
      } catch {
        return Response(codec.encode(error, requestID: context.requestID))
      }
    }
  }

  private func answer(
    _ request: Request, _ context: GatewayRequestContext, _ codec: any InboundCodec
  ) async throws(GatewayFailure) -> Response {
    let (inbound, caller, room) = try await receive(request, context)
    noteShape(of: inbound, codec, context.requestID)
    switch await services.driver.answer(inbound, from: caller, codec: codec, requestID: context.requestID) {
    case .whole(let answer):
      room.leave()
      return Response(answer)
    case .stream(let head, let stream):
      // The call keeps what it read until it is over.
      return Response(head: head) { write in
        defer { room.leave() }
        try await stream.run(write: write)
      }
    }
  }
}

extension CallController {
  /// A handler for the questions of one dialect how many tokens a call has. What they take of the limits is what a call
  /// takes.
  func counter(
    _ codec: any InboundTokenCountCodec
  ) -> @Sendable (Request, GatewayRequestContext) async throws -> Response {
    { request, context in
      do throws(GatewayFailure) {
        let (inbound, caller, room) = try await receive(request, context)
        defer { room.leave() }
        return Response(
          await services.driver.tokenCounting.answer(
            inbound, from: caller, codec: codec, requestID: context.requestID))
      } catch {
        return Response(codec.encode(error, requestID: context.requestID))
      }
    }
  }

  /// The whole request and who sends it, with the room that its body takes.
  private func receive(
    _ request: Request, _ context: GatewayRequestContext
  ) async throws(GatewayFailure) -> (InboundRequest, GatewayCaller, BodyRoom) {
    // The key comes first: a stranger's body is not even read.
    let headers = request.fields
    let caller = try await services.access.caller(presenting: headers, resource: context.parameters.get("resource"))
    // So do the limits of the key and its resource: a refused call costs no more than its head.
    let place = try services.places.enter(caller)
    try request.checkBody()
    let room = inFlight.enter()
    context.wantsBody(of: request)
    let body = try await request.wholeBody(in: room, clock: services.clock)
    let inbound = InboundRequest(
      method: request.method.rawValue, path: request.uri.path, parameters: context.decodedParameters,
      headers: headers, body: Sensitive(body))
    return (inbound, caller.holding(place), room)
  }

  /// Tells what of a request the codec does not know, by names only: some protocols are not public.
  private func noteShape(of request: InboundRequest, _ codec: any InboundCodec, _ requestID: Core.RequestID) {
    // Looking costs a second reading of the body.
    guard services.logger.logLevel <= .info, let reading = codec as? any ShapeReading else { return }
    let names = reading.unrecognised(in: request)
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
