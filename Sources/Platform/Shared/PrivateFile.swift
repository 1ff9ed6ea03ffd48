import Foundation

/// A file that only its owner may read (mode 0600), written wholly or not at all.
enum PrivateFile {
  /// More than any of ours has.
  static let longest = 65_536

  /// Nil where there is no such file.
  static func read(_ path: String) throws(PrivateFileProblem) -> [UInt8]? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
    guard data.count <= longest else { throw .tooLarge(path) }
    return [UInt8](data)
  }

  /// True where group or others may open the file.
  static func isOpenToOthers(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let mode = attributes?[.posixPermissions] as? NSNumber else { return false }
    return mode.intValue & 0o077 != 0
  }

  /// Writes beside the file, syncs, and renames: after a crash there is the old file or the new one.
  static func write(_ bytes: [UInt8], to path: String) throws(PrivateFileProblem) {
    let beside = path + ".new"
    unlink(beside)
    let file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .unwritable(path, errno) }
    let isWritten = writeAll(bytes, to: file) && fsync(file) == 0
    let reason = errno
    close(file)
    guard isWritten, rename(beside, path) == 0 else {
      let reason = isWritten ? errno : reason
      unlink(beside)
      throw .unwritable(path, reason)
    }
    syncFolder(of: path)
  }

  private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// So that the name survives the loss of power as well. Best effort: some file systems cannot.
  private static func syncFolder(of path: String) {
    let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}

/// Why a private file could not be read or written.
enum PrivateFileProblem: Error, Hashable, CustomStringConvertible {
  case unreadable(String)
  case tooLarge(String)
  case unwritable(String, Int32)
  case openToOthers(String)
  case malformed(String, expectedBytes: Int)

  var description: String {
    switch self {
    case .unreadable(let path): "The file \(path) cannot be read. Let the user that runs packhouse read it."
    case .tooLarge(let path): "The file \(path) is far too large to be what it should be. Move it away."
    case .unwritable(let path, let code):
      "The file \(path) cannot be written (\(String(cString: strerror(code)))). Make its folder writable."
    case .openToOthers(let path):
      "The file \(path) can be read by others. Run `chmod 600 \(path)`, and replace it if others may have."
    case .malformed(let path, let expectedBytes):
      "The file \(path) does not have \(expectedBytes) bytes. Restore it from a backup."
    }
  }
}
