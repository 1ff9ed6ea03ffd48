import Core
import Foundation
import Hummingbird
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
    // The key comes first: a stranger's body is not even read.
    let headers = request.fields
    let caller = try await services.access.caller(presenting: headers, resource: context.parameters.get("resource"))
    let room = inFlight.enter()
    let body = try await request.wholeBody(in: room, clock: services.clock)
    let inbound = InboundRequest(
      method: request.method.rawValue, path: request.uri.path, parameters: context.decodedParameters,
      headers: headers, body: Sensitive(body))
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

extension Request {
  /// The body's bytes, copied once. Rule L-1 bounds how many there are and how long they may take.
  fileprivate func wholeBody(in room: BodyRoom, clock: WallClock) async throws(GatewayFailure) -> [UInt8] {
    let limit = GatewayLimits.bodyBytes
    let tooLarge = GatewayFailure.invalid(
      InvalidRequest(
        "The request body is larger than \(limit / 1_048_576) MB. Send fewer or smaller images and documents.",
        isTooLarge: true))
    let announced = headers[.contentLength].flatMap { Int($0) } ?? 0
    guard announced <= limit else { throw tooLarge }
    let start = clock.now()
    var bytes: [UInt8] = []
    // Not more ahead of its arrival, because an announcement costs the caller nothing.
    bytes.reserveCapacity(min(max(0, announced), GatewayLimits.bodyBytesAhead))
    do {
      for try await piece in body {
        guard bytes.count + piece.readableBytes <= limit else { throw tooLarge }
        guard clock.now().millisecondsSince(start) <= GatewayLimits.bodyMilliseconds else { throw Self.tooSlow }
        try room.grow(by: piece.readableBytes)
        bytes.append(contentsOf: piece.readableBytesView)
      }
      return bytes
    } catch let failure as GatewayFailure {
      throw failure
    } catch {
      throw .invalid(InvalidRequest("The request body did not arrive whole. Send the request again."))
    }
  }

  private static let tooSlow = GatewayFailure.invalid(
    InvalidRequest(
      "The request body took longer than \(GatewayLimits.bodyMilliseconds / 1_000) s to arrive. Send it faster or "
        + "make it smaller."))
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
