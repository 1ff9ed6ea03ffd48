import Core
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Platform

extension Request {
  /// Refuses by its head a body that would not be read to its end. Rules F-3, L-1.
  func checkBody() throws(GatewayFailure) {
    guard announcedBytes <= GatewayLimits.bodyBytes else { throw Self.tooLarge }
    // Nobody knows how large a body is that has to be unpacked first.
    let encodings = headers[values: .contentEncoding].flatMap { $0.lowercased().split(separator: ",") }
    let names = encodings.map { $0.trimmingCharacters(in: .whitespaces) }
    guard let other = names.first(where: { !$0.isEmpty && $0 != "identity" }) else { return }
    throw .invalid(
      InvalidRequest(
        "The request body is encoded as \"\(other.prefix(40))\", which the gateway does not read. Send it as it is, "
          + "without Content-Encoding.", isUnsupportedMedia: true))
  }

  /// The body's bytes, copied once. Rule L-1 bounds how many there are and how long they may take.
  func wholeBody(in room: BodyRoom, clock: WallClock) async throws(GatewayFailure) -> [UInt8] {
    let start = clock.now()
    var bytes: [UInt8] = []
    // Not more ahead of its arrival, because an announcement costs the caller nothing.
    bytes.reserveCapacity(min(max(0, announcedBytes), GatewayLimits.bodyBytesAhead))
    do {
      for try await piece in body {
        guard bytes.count + piece.readableBytes <= GatewayLimits.bodyBytes else { throw Self.tooLarge }
        guard clock.now().millisecondsSince(start) <= GatewayLimits.bodyMilliseconds else {
          throw BodyEnding.tooSlow(milliseconds: GatewayLimits.bodyMilliseconds)
        }
        try room.grow(by: piece.readableBytes)
        bytes.append(contentsOf: piece.readableBytesView)
      }
      return bytes
    } catch let failure as GatewayFailure {
      throw failure
    } catch BodyEnding.stopping {
      throw .overloaded(message: BodyEnding.stopping.sentence, retryAfter: 1)
    } catch let ending as BodyEnding {
      throw .invalid(InvalidRequest(ending.sentence))
    } catch {
      throw .invalid(InvalidRequest("The request body did not arrive whole. Send the request again."))
    }
  }

  private var announcedBytes: Int { headers[.contentLength].flatMap { Int($0) } ?? 0 }

  private static let tooLarge = GatewayFailure.invalid(
    InvalidRequest(
      "The request body is larger than \(GatewayLimits.bodyBytes / 1_048_576) MB. Send fewer or smaller images and "
        + "documents.", isTooLarge: true))
}
