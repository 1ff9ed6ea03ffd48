import Core
import Hummingbird
import Platform

/// Set-up of the first company by a one-time link. Rules P-1, P-2.
struct SetUpController: Sendable {
  let services: PortalServices

  /// `GET /set-up?token=...`
  func show(_ request: Request, context: PortalRequestContext) async throws -> Response {
    let token = try FormFields(urlEncoded: request.uri.query ?? "")["token"]
    guard try await services.platform.setUp.isOpen() else {
      throw PlatformError.conflict("Set-up was done already. Sign in instead.")
    }
    guard try await services.platform.setUp.accepts(token: token) else {
      throw PlatformError.notFound("This set-up link is not valid (any more). Start the server again to get a new one.")
    }
    return page(SetUpBody(token: token), [], request, context, status: .ok)
  }

  /// `POST /set-up`
  func perform(_ request: Request, context: PortalRequestContext) async throws -> Response {
    let body = SetUpBody(context.form)
    let origin = services.settings.proxies.origin(of: request, peer: context.peer)
    do {
      let session = try await services.platform.setUp.perform(body.form, token: body.token, from: origin)
      var response = services.pages.redirect("/control-center/resources")
      services.pages.cookies.signIn(session, &response)
      return response
    } catch PlatformError.invalid(let input) {
      return page(body, input.problems, request, context, status: .unprocessableContent)
    }
  }

  private func page(
    _ body: SetUpBody, _ problems: [FieldProblem], _ request: Request, _ context: PortalRequestContext,
    status: HTTPResponse.Status
  ) -> Response {
    services.pages.card(.setUp, SetUpPage(body, problems), title: "Set up", request, context, status: status)
  }
}

struct SetUpBody: Sendable {
  let token: String
  let form: SetUpForm

  init(token: String) {
    self.token = token
    form = SetUpForm(
      companyName: "", timeZone: CompanyZone.utc.identifier, name: "", email: "", password: Sensitive(""),
      cloudTokens: "200")
  }

  init(_ fields: FormFields) {
    token = fields["token"]
    form = SetUpForm(
      companyName: fields["companyName"], timeZone: fields["timeZone"], name: fields["name"], email: fields["email"],
      password: Sensitive(fields["password"]), cloudTokens: fields["cloudTokens"])
  }
}

struct SetUpPage: Sendable {
  let token: String
  let problems: [String]
  let companyName: InputView
  let timeZone: SelectView
  let name: InputView
  let email: InputView
  let password: InputView
  let cloudTokens: InputView

  init(_ body: SetUpBody, _ problems: [FieldProblem]) {
    let form = body.form
    token = body.token
    self.problems = problems.map(\.message)
    companyName = InputView(
      "companyName", "Company", value: form.companyName, autocomplete: "organization", isRequired: true,
      problems: problems)
    timeZone = SelectView(
      "timeZone", "Time zone",
      options: CompanyZone.identifiers.map { OptionView($0, $0, selected: form.timeZone) },
      hint: "Days, refills and dates follow it. It is final from now on.", problems: problems)
    name = InputView("name", "Your name", value: form.name, autocomplete: "name", isRequired: true, problems: problems)
    email = InputView(
      "email", "Your email", type: "email", value: form.email, autocomplete: "username", isRequired: true,
      problems: problems)
    password = InputView(
      "password", "Password", type: "password", value: "", autocomplete: "new-password",
      hint: "At least 12 characters.", isRequired: true, problems: problems)
    cloudTokens = InputView(
      "cloudTokens", "Cloud Tokens", type: "number", value: form.cloudTokens,
      hint: "What your company may spend on resources, granted for one year.", isRequired: true, problems: problems)
  }
}
