import Foundation
import Glibc

/// The folder that holds everything one server keeps: database, journal, keys. For its owner only.
public struct DataFolder: Hashable, Sendable {
  public let path: String

  public init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  public var database: String { path + "/packhouse.sqlite" }
  public var journal: String { path + "/journal" }
  public var lock: String { path + "/lock" }
  public var controlSocket: String { path + "/control.sock" }

  /// Makes the folder and those above it where they are missing.
  ///
  /// - Throws: ``DataFolderProblem`` with a sentence for the operator.
  public func create() throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw DataFolderProblem(
        .notUsable, "The data folder \(path) cannot be made; check its parent's permissions, or choose another folder.")
    }
    guard access(path, R_OK | W_OK | X_OK) == 0 else {
      throw DataFolderProblem(
        .notUsable, "The data folder \(path) cannot be written: \(String(cString: strerror(errno))).")
    }
  }
}

/// Why a data folder, its lock or its control socket cannot be used.
public struct DataFolderProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    case notUsable
    /// Another process holds the lock.
    case locked
    /// No server listens on the control socket.
    case noServer
    /// The other side of the control socket did not keep to the protocol or its limits.
    case badExchange
  }

  public let kind: Kind
  /// One sentence for the operator.
  public let message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var description: String { message }
}
