import Glibc

extension ControlSocket {
  /// Asks the server that listens at `path` and waits for its answer, at most ten minutes.
  ///
  /// - Parameter line: one JSON object without a line end.
  /// - Throws: ``DataFolderProblem`` of kind `noServer` where none listens: then the command takes the lock itself.
  public static func request(_ line: [UInt8], at path: String) async throws -> [UInt8] {
    guard line.count <= maximumLine, !line.contains(UInt8(ascii: "\n")) else {
      throw DataFolderProblem(.badExchange, "The request is too large for the control socket.")
    }
    return try await BlockingCall.run("packhouse.control.client") {
      let stream = try connect(to: path)
      defer { Glibc.close(stream.descriptor) }
      stream.setTimeouts(seconds: answerSeconds)
      guard stream.writeLine(line), let answer = stream.readLine(limit: maximumLine) else {
        throw DataFolderProblem(
          .badExchange, "The running server ended the connection without an answer; look into its log.")
      }
      return answer
    }
  }

  private static func connect(to path: String) throws -> SocketStream {
    let none = DataFolderProblem(.noServer, "No server is running on this data folder.")
    guard let address = SocketStream.address(path) else { throw none }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0, address.withSocketAddress({ Glibc.connect(descriptor, $0, $1) }) == 0 else {
      let code = errno
      if descriptor >= 0 { Glibc.close(descriptor) }
      guard code == EACCES || code == EPERM else { throw none }
      throw DataFolderProblem(
        .notUsable,
        "The control socket \(path) may be used by the server's own user only; run the command as that user.")
    }
    return SocketStream(descriptor: descriptor)
  }
}
