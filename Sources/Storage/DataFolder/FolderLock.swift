import Glibc

/// The right to write to a data folder: one process at a time. Decision 8.
///
/// The kernel gives the lock back when the process ends, however it ends; the file stays and means nothing by itself.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  /// Takes the lock or says who has it.
  ///
  /// - Throws: ``DataFolderProblem`` of kind `locked` or `notUsable`.
  public static func acquire(_ folder: DataFolder) throws -> FolderLock {
    let descriptor = open(folder.lock, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw DataFolderProblem(
        .notUsable, "The lock \(folder.lock) cannot be opened: \(String(cString: strerror(errno))).")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isTaken = errno == EWOULDBLOCK
      let holder = process(in: descriptor).map { "process \($0)" } ?? "another process"
      close(descriptor)
      throw isTaken
        ? DataFolderProblem(
          .locked, "The data folder \(folder.path) is in use by \(holder); stop it, or choose another folder.")
        : DataFolderProblem(.notUsable, "The data folder \(folder.path) cannot be locked on this file system.")
    }
    let text = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    return FolderLock(descriptor: descriptor)
  }

  deinit { close(descriptor) }

  private static func process(in descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return nil }
    return Int(String(decoding: bytes[..<count], as: UTF8.self).prefix { $0.isNumber })
  }
}
