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
    /// Company admins, each with the resources of their own company; whoever sees the resource learns that it is there.
    static let resourceAdmins = Line(
      admin: .allowed, member: .forbidden, outsider: .notFound, external: .forbidden, stranger: .notFound,
      signedOut: .signIn)
    /// Company admins, each with the people and invitations of their own company; the stranger's company has others.
    static let ownAdmins = Line(
      admin: .allowed, member: .forbidden, outsider: .forbidden, external: .notFound, stranger: .notFound,
      signedOut: .signIn)
    /// Whoever holds the link of an invitation, unless they are signed in under another address.
    static let invited = Line(
      admin: .forbidden, member: .forbidden, outsider: .forbidden, external: .forbidden, stranger: .forbidden,
      signedOut: .allowed)
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
    "GET /invitations/{token}": .everybody,
    "POST /invitations/{token}": .invited,
    "POST /invitations/{token}/decline": .invited,
    "GET /control-center/members": .admins,
    "POST /control-center/members": .admins,
    "GET /control-center/members/add": .admins,
    "GET /control-center/members/{member}/{change}": .ownAdmins,
    "POST /control-center/members/{member}/{change}": .ownAdmins,
    "GET /control-center/invitations": .admins,
    "GET /control-center/invitations/{invitation}": .ownAdmins,
    "POST /control-center/invitations/{invitation}/resend": .ownAdmins,
    "GET /control-center/invitations/{invitation}/withdraw": .ownAdmins,
    "POST /control-center/invitations/{invitation}/withdraw": .ownAdmins,
    "GET /control-center/company": .admins,
    "POST /control-center/company": .admins,
    "GET /control-center/company/edit": .admins,
    "GET /control-center/company/external-invitations": .admins,
    "POST /control-center/company/external-invitations": .admins,
    "GET /control-center/resources": .admins,
    "GET /control-center/resources/provision": .admins,
    "POST /control-center/resources/provision": .admins,
    "POST /control-center/resources/specification": .admins,
    "POST /control-center/resources": .admins,
    "GET /control-center/cloud-tokens": .admins,
    "GET /control-center/status": .admins,
    "GET /control-center/resources/{resource}/capacity": .resourceAdmins,
    "POST /control-center/resources/{resource}/capacity": .resourceAdmins,
    "POST /control-center/resources/{resource}/capacity/specification": .resourceAdmins,
    "GET /control-center/resources/{resource}/capacity/cancel": .resourceAdmins,
    "POST /control-center/resources/{resource}/capacity/cancel": .resourceAdmins,
    "GET /control-center/resources/{resource}/edit": .resourceAdmins,
    "POST /control-center/resources/{resource}/edit": .resourceAdmins,
    "POST /control-center/resources/{resource}/edit/specification": .resourceAdmins,
    "GET /control-center/resources/{resource}/deprovisioning": .resourceAdmins,
    "POST /control-center/resources/{resource}/deprovisioning": .resourceAdmins,
    "GET /control-center/resources/{resource}/deprovisioning/cancel": .resourceAdmins,
    "POST /control-center/resources/{resource}/deprovisioning/cancel": .resourceAdmins,
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
      let things = try await world.things()
      for (route, line) in Self.table.sorted(by: { $0.key < $1.key }) {
        // A fresh sign-in each time: some routes end it.
        let browser = try await world.browser(kind)
        let answer = try await Self.call(route, world, browser, things)
        #expect(
          Self.outcome(answer, route) == line.outcome(kind),
          "\(route) gave \(answer.status) to \(kind.rawValue)")
      }
    }
  }

  private static func call(
    _ route: String, _ world: PortalWorld, _ browser: Browser, _ things: [String: String]
  ) async throws -> Browser.Answer {
    let parts = route.split(separator: " ").map(String.init)
    let session = try await browser.ownSession()
    let path = things.reduce(parts[1]) { $0.replacing($1.key, with: $1.value) }.replacing("{session}", with: session)
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
    // Set-up is over; elsewhere a state that does not permit the deed, told to whoever may do it.
    case 409 where route.hasSuffix("/set-up"): .notFound
    case 409: .allowed
    case 404: .notFound
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

  /// What stands in addresses for their names in braces.
  fileprivate func things() async throws -> [String: String] {
    func invite(_ name: String) async throws -> InvitationView {
      let request = InvitationRequest(name: name, email: "\(name.lowercased())@new.example", role: .member)
      let caller = Caller(user: ada)
      let id = try await platform.members.invite(request, idempotencyKey: name, as: caller)
      let all = try await platform.members.list(as: caller).invitations
      guard let view = all.first(where: { $0.invitation.id == id }) else { throw Unexpected() }
      return view
    }
    let (listed, sent) = (try await invite("Listed"), try await invite("Sent"))
    return [
      "{resource}": resource.text, "{key}": try await createKey().text, "**": "styles/portal.css",
      "{member}": cleo.id.text, "{change}": "make-admin", "{invitation}": listed.invitation.id.text,
      "{token}": sent.link?.reveal().split(separator: "/").last.map(String.init) ?? "none",
    ]
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
    case let route where route.hasPrefix("POST /control-center/resources/{resource}") || route.isAboutPeople:
      [("submission", "\(clock.now.milliseconds)")]
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

extension String {
  fileprivate var isAboutPeople: Bool {
    ["/control-center/members", "/control-center/invitations", "/control-center/company", "/invitations"]
      .contains { hasPrefix("POST \($0)") }
  }
}
