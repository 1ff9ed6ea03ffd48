import Core
import Foundation
import Glibc
import NIOCore
import NIOPosix
import OfflineModels
import Platform
import Storage

/// What can be found out about an installation beside its deployments.
struct DoctorChecks: Sendable {
  let configuration: ServerConfiguration

  /// The folder exists and is the server's own.
  func dataFolder(isServerRunning: Bool) -> DoctorReport.Finding {
    let path = configuration.data
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return .init(
        "data folder", isFine: false,
        "\(path) does not exist. The first start makes it; name another with --data.")
    }
    guard isFolder.boolValue, access(path, R_OK | W_OK | X_OK) == 0 else {
      return .init(
        "data folder", isFine: false,
        "\(path) can't be written by this user. Run the command as the server's own user, or give it the folder.")
    }
    let free = (try? FileManager.default.attributesOfFileSystem(forPath: path))?[.systemFreeSize] as? Int64
    if let free, free < Self.leastFree {
      return .init(
        "data folder", isFine: false,
        "only \(free >> 20) MB are free where \(path) lies. Make room: usage can't be recorded on a full disk.")
    }
    return .init(
      "data folder", isFine: true, "\(path), \(isServerRunning ? "a server runs on it" : "no server runs on it")")
  }

  /// Bytes below which the next segments of the journal may not fit.
  private static let leastFree: Int64 = 100 << 20

  func weights() -> DoctorReport.Finding {
    do throws(OfflineModelsError) {
      _ = try OfflineModels.load(from: configuration.modelFolders)
      return .init("weights", isFine: true, "those of the built-in models are there")
    } catch {
      return .init("weights", isFine: false, error.description)
    }
  }

  /// A running server read its own folders, which this command may not have been told: where its built-in models were
  /// asked, it has the weights.
  func weights(ofServerWith deployments: [DeploymentFinding]) -> DoctorReport.Finding {
    guard deployments.contains(where: { $0.kind == ProviderKind.offline.rawValue }) else { return weights() }
    return .init("weights", isFine: true, "the server has those of the built-in models")
  }

  /// The listeners of a server that runs answer.
  func listeners(of status: ServerStatus) async -> [DoctorReport.Finding] {
    var findings: [DoctorReport.Finding] = []
    for (name, address) in [
      ("portal", status.portal), ("gateway", status.gateway), ("operations", status.operations),
    ] {
      let answers = await Self.connects(to: address)
      findings.append(
        .init(
          "\(name) listener", isFine: answers,
          answers ? "\(address) answers" : "\(address) takes no connection; look into the server's log."))
    }
    findings.append(.init("admission", isFine: status.isReady, Self.admission(status)))
    return findings
  }

  private static func admission(_ status: ServerStatus) -> String {
    if status.isReady { return "calls are admitted" }
    return status.isStopping == true
      ? "calls are refused, because the server is stopping; look again once it has been started."
      : "calls are refused, because usage can't be recorded; look into the server's log."
  }

  /// A server that is started could listen.
  func places() async -> [DoctorReport.Finding] {
    var findings: [DoctorReport.Finding] = []
    for (name, address) in [
      ("portal", configuration.portal), ("gateway", configuration.gateway), ("operations", configuration.operations),
    ] {
      let place = "\(address.host):\(address.port)"
      do {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
          .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
          .bind(host: address.host, port: address.port).get()
        try await channel.close()
        findings.append(.init("\(name) listener", isFine: true, "\(place) is free"))
      } catch let error as IOError {
        findings.append(.init("\(name) listener", isFine: false, Self.words(error, place, name)))
      } catch {
        findings.append(
          .init("\(name) listener", isFine: false, "\(place) can't be had: the host is no address of this machine."))
      }
    }
    return findings
  }

  private static func words(_ error: IOError, _ place: String, _ name: String) -> String {
    switch error.errnoCode {
    case EADDRINUSE: "\(place) is taken by another program. Stop it, or choose another with --\(name) HOST:PORT."
    case EACCES: "\(place) may not be had: ports below 1024 need root. Choose another one."
    case EADDRNOTAVAIL: "\(place) can't be had: this machine has no such address."
    default: "\(place) can't be had: \(error)"
    }
  }

  private static func connects(to address: String) async -> Bool {
    guard let url = URL(string: address), let host = url.host(percentEncoded: false), let port = url.port else {
      return false
    }
    let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    guard
      let channel = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.seconds(5)).connect(host: name, port: port).get()
    else { return false }
    try? await channel.close()
    return true
  }
}
