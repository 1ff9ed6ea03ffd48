import Core
import Hummingbird
import Platform

/// A request of somebody who is signed in: routes that need a person can only be written with it. Rule P-5.
struct SignedInRequestContext: ChildRequestContext, PortalContext {
  typealias ParentContext = PortalRequestContext

  var coreContext: CoreRequestContextStorage
  let requestID: String
  let signedIn: SignedIn
  let form: FormFields

  init(context: PortalRequestContext) throws {
    guard let signedIn = context.signedIn else { throw PortalFault.signedOut }
    coreContext = context.coreContext
    requestID = context.requestID
    form = context.form
    self.signedIn = signedIn
  }

  var person: SignedIn? { signedIn }
  var caller: Caller { signedIn.caller }
  var maxUploadSize: Int { PortalLimits.formBytes }

  /// The resource that the address names; whether there is one is for Platform to say.
  var resourceID: ResourceID { ResourceID(parameters.get("resource") ?? "") }
}
