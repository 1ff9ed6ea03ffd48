import Core
import Foundation
import Platform
import ServiceLifecycle
import Storage

/// Once every listener answers: the addresses go into the settings, the ready file is written, and the operator is told
/// how to begin.
struct AnnouncementService: Service {
  let server: Server
  let ports: BoundPorts
  let portal: Listener
  let gateway: Listener
  let operations: Listener

  func run() async throws {
    let bound = try await cancelWhenGracefulShutdown { try await ports.all() }
    let portalURL = portal.url(port: bound["portal"] ?? 0)
    let gatewayURL = gateway.url(port: bound["gateway"] ?? 0)
    let publicPortal = server.configuration.portalURL ?? portalURL
    let publicGateway = server.configuration.gatewayURL ?? gatewayURL
    server.platform.context.addresses.replace(portal: publicPortal, gateway: publicGateway)
    let demo = try await demoCredentials()
    if let path = server.configuration.readyFile {
      try ReadyFile(
        portal: portalURL, gateway: gatewayURL, operations: operations.url(port: bound["operations"] ?? 0),
        process: ProcessInfo.processInfo.processIdentifier, demo: demo
      ).write(to: path)
    }
    var text = Announcement.addresses(portal: publicPortal, gateway: publicGateway)
    if let demo {
      text += Announcement.demo(demo, gateway: publicGateway)
    } else if let token = try? await server.platform.setUp.makeToken() {
      text += Announcement.setUp(link: "\(publicPortal)/set-up?token=\(token.reveal())")
    }
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  /// The demo company's, made on the first start with `--demo` and shown as long as it exists.
  private func demoCredentials() async throws -> DemoCredentials? {
    let demo = server.platform.demo
    let exists = try await demo.exists()
    guard server.configuration.wantsDemo || exists else { return nil }
    return try await demo.ensure(folder: server.folder.path)
  }
}

/// What is printed when the server is ready.
enum Announcement {
  static func addresses(portal: String, gateway: String) -> String {
    """

    Packhouse is ready.

      Portal    \(portal)
      Gateway   \(gateway)

    """
  }

  static func demo(_ demo: DemoCredentials, gateway: String) -> String {
    """

    Sign in to the portal of the demo company as

      admin     \(demo.admin.email)   \(demo.admin.password)
      member    \(demo.member.email)   \(demo.member.password)

    or call its text resource:

      curl \(gateway)/v1/chat/completions \\
        -H "Authorization: Bearer \(demo.textKey)" \\
        -H "Content-Type: application/json" \\
        -d '{"messages":[{"role":"system","content":"Packhouse meters every token exactly once. \
    A key belongs to one resource. Unused allowance does not carry over."},\
    {"role":"user","content":"How often is a token metered?"}]}'


    """
  }

  static func setUp(link: String) -> String {
    """

    Nobody has an account yet. Open this link once to create the company and its first admin:

      \(link)


    """
  }
}
