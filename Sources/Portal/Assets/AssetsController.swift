import Hummingbird
import NIOCore

/// Styles, scripts and icons.
struct AssetsController: Sendable {
  let assets: EmbeddedAssets

  /// `GET /assets/NAME`. With the file's fingerprint in `v` browsers may keep it for a year; without they ask again.
  func show(_ request: Request, context: PortalRequestContext) async throws -> Response {
    let name = context.parameters.getCatchAll().joined(separator: "/")
    guard let asset = assets.served(name), let type = EmbeddedAssets.mediaType(name) else {
      throw PortalFault.noPage
    }
    let tag = "\"\(asset.fingerprint)\""
    let isCurrent = try FormFields(urlEncoded: request.uri.query ?? "")["v"] == asset.fingerprint
    var headers: HTTPFields = [
      .eTag: tag, .contentType: type,
      .cacheControl: isCurrent ? "public, max-age=31536000, immutable" : "no-cache",
    ]
    let known = request.headers[.ifNoneMatch]?.split(separator: ",") ?? []
    if known.contains(where: { $0.drop { $0 == " " }.replacing("W/", with: "") == tag }) {
      headers[.contentType] = nil
      return Response(status: .notModified, headers: headers)
    }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
  }
}
