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
    var reserved = try inFlight.reserve(request.declaredLength)
    defer { inFlight.release(reserved) }
    let body = try await request.wholeBody()
    // A body whose length was not announced took room for the largest one.
    inFlight.release(reserved - body.count)
    reserved = body.count
    let inbound = InboundRequest(
      method: request.method.rawValue, path: request.uri.path, parameters: context.decodedParameters,
      headers: headers, body: Sensitive(body))
    switch await services.driver.answer(inbound, from: caller, codec: codec, requestID: context.requestID) {
    case .whole(let answer):
      return Response(answer)
    case .stream(let head, let stream):
      return Response(head: head) { write in try await stream.run(write: write) }
    }
  }
}

extension Request {
  /// The length that the client announced, or the most that it may send.
  fileprivate var declaredLength: Int {
    headers[.contentLength].flatMap { Int($0) } ?? GatewayLimits.bodyBytes
  }

  fileprivate func wholeBody() async throws(GatewayFailure) -> [UInt8] {
    let limit = GatewayLimits.bodyBytes
    let tooLarge = GatewayFailure.invalid(
      InvalidRequest(
        "The request body is larger than \(limit / 1_048_576) MB. Send fewer or smaller images and documents.",
        isTooLarge: true))
    guard headers[.contentLength].flatMap({ Int($0) }) ?? 0 <= limit else { throw tooLarge }
    do {
      return Array(try await body.collect(upTo: limit).readableBytesView)
    } catch is NIOTooManyBytesError {
      throw tooLarge
    } catch {
      throw .invalid(InvalidRequest("The request body did not arrive whole. Send the request again."))
    }
  }
}

extension GatewayRequestContext {
  /// The route's parameters, percent-decoded.
  fileprivate var decodedParameters: [String: String] {
    var decoded: [String: String] = [:]
    for (name, value) in parameters {
      decoded[String(name)] = String(value).removingPercentEncoding ?? String(value)
    }
    return decoded
  }
}
