import Core
import Hummingbird
import Logging
import Platform

/// Turns errors into pages: in the frame for somebody signed in, by themselves for others.
///
/// Stands twice in the chain: the outer one answers for what fails before anybody knows who asks.
struct FaultPages: RouterMiddleware {
  let services: PortalServices

  func handle(
    _ request: Request, context: PortalRequestContext,
    next: (Request, PortalRequestContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch PortalFault.signedOut where request.method == .get || request.method == .head {
      let back = request.uri.query.map { "\(request.uri.path)?\($0)" } ?? request.uri.path
      return services.pages.redirect(PageAddress("/sign-in", []).with([("next", back == "/" ? "" : back)]))
    } catch {
      return await page(for: Fault(error), error, request, context)
    }
  }

  private func page(
    for fault: Fault, _ error: any Error, _ request: Request, _ context: PortalRequestContext
  ) async -> Response {
    if fault.status == .internalServerError {
      // The kind of error only: its text may quote what somebody entered.
      context.logger.error("request failed unexpectedly", metadata: ["error": "\(type(of: error))"])
    }
    let view = FaultView(fault, requestID: context.requestID)
    var response =
      if context.signedIn == nil {
        services.pages.card(.faultCard, view, title: view.title, request, context, status: fault.status)
      } else {
        await services.pages.page(
          .fault, view, title: view.title, at: .elsewhere, request, context, status: fault.status)
      }
    if let seconds = fault.retryAfterSeconds { response.headers[.retryAfter] = "\(seconds)" }
    return response
  }
}

/// What a page about an error says.
struct FaultView: Sendable {
  let title: String
  let sentences: [String]
  /// Shown where only the log knows more.
  let requestID: String?
  let leadsToSignIn: Bool

  init(_ fault: Fault, requestID: String) {
    title = fault.title
    sentences = fault.sentences
    self.requestID = fault.status == .internalServerError ? requestID : nil
    leadsToSignIn = fault.status == .unauthorized || fault.status == .forbidden
  }
}

/// An error as HTTP has it.
struct Fault: Sendable {
  let status: HTTPResponse.Status
  let sentences: [String]
  var retryAfterSeconds: Int64?

  init(_ error: any Error) {
    switch error {
    case let fault as PortalFault: self.init(fault.status, fault.sentence)
    case let error as PlatformError: self.init(error)
    case let error as any HTTPResponseError where error.status == .notFound || error.status == .methodNotAllowed:
      self.init(.notFound, PortalFault.noPage.sentence)
    case let error as any HTTPResponseError where error.status.code < 500:
      self.init(error.status, "The request cannot be answered: \(error.status.reasonPhrase).")
    default:
      self.init(.internalServerError, "Something went wrong on our side. Trying again may help.")
    }
  }

  init(_ status: HTTPResponse.Status, _ sentence: String) {
    self.status = status
    sentences = [sentence]
  }

  /// The one table from Platform's kinds to HTTP.
  init(_ error: PlatformError) {
    switch error {
    case .unauthenticated(let text): (status, sentences) = (.unauthorized, [text])
    case .notFound(let text): (status, sentences) = (.notFound, [text])
    case .forbidden(let text): (status, sentences) = (.forbidden, [text])
    case .invalid(let input): (status, sentences) = (.unprocessableContent, input.problems.map(\.message))
    case .refused(let reasons): (status, sentences) = (.conflict, reasons)
    case .conflict(let text): (status, sentences) = (.conflict, [text])
    case .throttled(let text, let seconds):
      (status, sentences, retryAfterSeconds) = (.tooManyRequests, [text], seconds)
    case .unavailable(let text): (status, sentences) = (.serviceUnavailable, [text])
    }
  }

  var title: String {
    switch status {
    case .unauthorized: "Sign in first"
    case .forbidden: "Not allowed"
    case .notFound: "Not found"
    case .tooManyRequests: "Too many attempts"
    case .serviceUnavailable: "Not available just now"
    case .internalServerError: "Something went wrong"
    default: "This did not work"
    }
  }
}
