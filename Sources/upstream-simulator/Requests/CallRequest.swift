import NIOCore
import NIOHTTP1

/// One request, read whole.
struct CallRequest {
  var head: HTTPRequestHead
  var body: ByteBuffer

  static let maximumBodyBytes = 64 * 1024 * 1024
  static let maximumHeaderBytes = 64 * 1024
}
