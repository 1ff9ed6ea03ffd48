import Glibc
import NIOCore

/// How much of what was written to a connection has reached its other side.
///
/// The library only sees what the kernel takes, whose buffer of some megabytes hides for minutes that a slow reader reads.
enum TakenBytes {
  /// The kernel's `struct tcp_info` as far as `tcpi_bytes_acked`, which the C library's own lacks: eight bytes, 24 numbers
  /// of 32 bits, and three of 64.
  private typealias Info = InlineArray<16, UInt64>
  private static let acknowledged = 15

  /// Bytes since the connection was opened that its other side has acknowledged; nil where nobody knows. To be asked on
  /// the channel's event loop.
  static func of(_ channel: any Channel) -> Int64? {
    guard let provider = channel as? any SocketOptionProvider else { return nil }
    let option: EventLoopFuture<Info> = provider.unsafeGetSocketOption(
      level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_INFO))
    var taken: Int64?
    // Known at once on the event loop.
    option.assumeIsolated().whenSuccess { taken = Int64(clamping: $0[acknowledged]) }
    return taken
  }
}
