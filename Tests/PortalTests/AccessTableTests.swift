import Core
import HTTPTypes
import Hummingbird
import TestSupport
import Testing

@testable import Platform
@testable import Portal

@Suite("Who reaches which route of the portal (P-4, P-6, V-3)")
struct AccessTableTests {
  enum Kind: String, CaseIterable, Sendable { case admin, member, outsider, external, stranger, signedOut }

  /// What a kind of caller gets.
  enum Outcome: Sendable { case allowed, forbidden, notFound, signIn }

  struct Line: Sendable {
    let admin: Outcome
    let member: Outcome
    /// A member of the company who is not on the team.
    let outsider: Outcome
    let external: Outcome
    /// An admin of another company.
    let stranger: Outcome
    let signedOut: Outcome

    static let everybody = Line(
      admin: .allowed, member: .allowed, outsider: .allowed, external: .allowed, stranger: .allowed,
      signedOut: .allowed)
    static let people = Line(
      admin: .allowed, member: .allowed, outsider: .allowed, external: .allowed, stranger: .allowed,
      signedOut: .signIn)
    /// The stranger's own company answers.
    static let admins = Line(
      admin: .allowed, member: .forbidden, outsider: .forbidden, external: .notFound, stranger: .allowed,
      signedOut: .signIn)
    static let team = Line(
      admin: .allowed, member: .allowed, outsider: .notFound, external: .allowed, stranger: .notFound,
      signedOut: .signIn)
    /// Only with a set-up link, of which there is none any more.
    static let nobody = Line(
      admin: .notFound, member: .notFound, outsider: .notFound, external: .notFound, stranger: .notFound,
      signedOut: .notFound)

    func outcome(_ kind: Kind) -> Outcome {
      switch kind {
      case .admin: admin
      case .member: member
      case .outsider: outsider
      case .external: external
      case .stranger: stranger
      case .signedOut: signedOut
      }
    }
  }

  static let table: [String: Line] = [
    "GET /assets/**": .everybody,
    "GET /sign-in": .everybody,
    "POST /sign-in": .everybody,
    "GET /set-up": .nobody,
    "POST /set-up": .nobody,
    "POST /sign-out": .people,
    "POST /theme": .people,
    "GET /account/sessions": .people,
    "POST /account/sessions/end-others": .people,
    "POST /account/sessions/{session}/end": .people,
    "GET /": .people,
    "GET /docs": .people,
    "GET /resources/{resource}": .team,
    "GET /resources/{resource}/settings": .team,
    "GET /resources/{resource}/keys": .team,
    "POST /resources/{resource}/keys": .team,
    "GET /resources/{resource}/keys/create": .team,
    "GET /resources/{resource}/keys/{key}/revoke": .team,
    "POST /resources/{resource}/keys/{key}/revoke": .team,
    "GET /control-center/resources": .admins,
    "GET /control-center/resources/provision": .admins,
    "POST /control-center/resources/provision": .admins,
    "POST /control-center/resources/specification": .admins,
    "POST /control-center/resources": .admins,
    "GET /control-center/cloud-tokens": .admins,
  ]

  @Test("Every route has a line in the table, and every line a route")
  func everyRouteHasALine() async throws {
    try await withPortal { world in
      let routes = Set(PortalRoutes.router(world.portal).routes.map(Self.name))
      for route in routes.subtracting(Self.table.keys).sorted() {
        Issue.record("\(route) has no line: say who may use it.")
      }
      for line in Set(Self.table.keys).subtracting(routes).sorted() {
        Issue.record("\(line) is no route any more.")
      }
    }
  }

  @Test("Each kind of caller gets what the table says", arguments: Kind.allCases)
  func callersGetWhatTheTableSays(kind: Kind) async throws {
    try await withPortal { world in
      let key = try await world.createKey()
      for (route, line) in Self.table.sorted(by: { $0.key < $1.key }) {
        // A fresh sign-in each time: some routes end it.
        let browser = try await world.browser(kind)
        let answer = try await Self.call(route, world, browser, key: key)
        #expect(
          Self.outcome(answer, route) == line.outcome(kind),
          "\(route) gave \(answer.status) to \(kind.rawValue)")
      }
    }
  }

  private static func call(
    _ route: String, _ world: PortalWorld, _ browser: Browser, key: KeyID
  ) async throws -> Browser.Answer {
    let parts = route.split(separator: " ").map(String.init)
    let session = try await browser.ownSession()
    let path = parts[1].replacing("{resource}", with: world.resource.text).replacing("{key}", with: key.text)
      .replacing("{session}", with: session).replacing("**", with: "styles/portal.css")
    if parts[0] == "GET" { return try await browser.get(path) }
    let fields = try await world.fields(for: route)
    return try await browser.post(path, fields)
  }

  private static func outcome(_ answer: Browser.Answer, _ route: String) -> Outcome? {
    switch answer.status {
    case 401 where route == "POST /sign-in": .allowed
    case 401: .signIn
    case 303 where answer.location?.hasPrefix("/sign-in?next") == true || answer.location == "/sign-in": .signIn
    case 200..<400, 422: .allowed
    case 403: .forbidden
    case 404, 409: .notFound
    default: nil
    }
  }

  private static func name(_ route: Router<PortalRequestContext>.RouteDescription) -> String {
    "\(route.method.rawValue) \(route.path)"
  }
}

extension PortalWorld {
  fileprivate func browser(_ kind: AccessTableTests.Kind) async throws -> Browser {
    switch kind {
    case .admin: return try await browser(ada)
    case .member: return try await browser(bram)
    case .outsider: return try await browser(cleo)
    case .external: return try await browser(xena)
    case .stranger: return try await browser(mallory)
    case .signedOut:
      let browser = stranger
      // The proof that somebody without a session has.
      try await browser.get("/sign-in")
      return browser
    }
  }

  fileprivate func createKey() async throws -> KeyID {
    let creation = try await platform.keys.create(
      .init(description: "App"), for: resource, idempotencyKey: "access", as: Caller(user: ada))
    guard case .created(let created) = creation else { throw Unexpected() }
    return created.key.id
  }

  /// What a form needs to be understood; whether it is carried out matters less here.
  fileprivate func fields(for route: String) async throws -> [(String, String)] {
    switch route {
    case "POST /resources/{resource}/keys": [("description", "App"), ("submission", "\(clock.now.milliseconds)")]
    case "POST /control-center/resources": provisionFields() + [("submission", "access")]
    case "POST /control-center/resources/provision", "POST /control-center/resources/specification":
      provisionFields()
    default: []
    }
  }
}

extension Browser {
  /// The id of a session that may be ended: any of the person's own.
  fileprivate func ownSession() async throws -> String {
    let page = try await get("/account/sessions").text
    guard let match = page.firstMatch(of: #/\/account\/sessions\/([0-9a-z]{10})\/end/#) else { return "none" }
    return String(match.1)
  }
}
