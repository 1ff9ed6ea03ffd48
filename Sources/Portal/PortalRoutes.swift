public import Hummingbird

/// Every route of the portal's listener, on one page.
public enum PortalRoutes {
  public static func router(_ services: PortalServices) -> Router<PortalRequestContext> {
    let router = Router(context: PortalRequestContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: PageHeaders())
    router.add(middleware: FaultPages(services: services))
    router.get("/assets/**", use: AssetsController(assets: services.assets).show)

    router.addMiddleware {
      SessionReader(services: services)
      FaultPages(services: services)
      FormGuard(services: services)
    }
    addOpen(to: router, services)
    let people = router.group(context: SignedInRequestContext.self)
    addAccount(to: people, services)
    addGenAIPortal(to: people, services)
    addControlCenter(to: people, services)
    addPeople(to: people, services)
    return router
  }

  /// For everybody.
  private static func addOpen(to router: Router<PortalRequestContext>, _ services: PortalServices) {
    let signIn = SignInController(services: services)
    router.get("/sign-in", use: signIn.show)
    router.post("/sign-in", use: signIn.create)
    let setUp = SetUpController(services: services)
    router.get("/set-up", use: setUp.show)
    router.post("/set-up", use: setUp.perform)
    let invitation = InvitationController(services: services)
    router.get("/invitations/:token", use: invitation.show)
    router.post("/invitations/:token", use: invitation.accept)
    router.post("/invitations/:token/decline", use: invitation.decline)
  }

  private static func addAccount(to people: RouterGroup<SignedInRequestContext>, _ services: PortalServices) {
    let sessions = SessionsController(services: services)
    people.post("/sign-out", use: sessions.signOut)
    people.get("/account/sessions", use: sessions.list)
    people.post("/account/sessions/end-others", use: sessions.endOthers)
    people.post("/account/sessions/:session/end", use: sessions.end)
    people.post("/theme", use: ThemeController(services: services).change)
  }

  private static func addGenAIPortal(to people: RouterGroup<SignedInRequestContext>, _ services: PortalServices) {
    people.get("/", use: OverviewController(services: services).show)
    people.get("/docs", use: DocumentationController(services: services).show)
    people.get("/resources/:resource", use: ConsumptionController(services: services).show)
    people.get("/resources/:resource/settings", use: SettingsController(services: services).show)
    let keys = KeysController(services: services)
    people.get("/resources/:resource/keys", use: keys.list)
    people.post("/resources/:resource/keys", use: keys.create)
    people.get("/resources/:resource/keys/create", use: keys.askCreate)
    people.get("/resources/:resource/keys/:key/revoke", use: keys.askRevoke)
    people.post("/resources/:resource/keys/:key/revoke", use: keys.revoke)
  }

  /// Company admins only; Platform says who they are. Rule P-4.
  private static func addControlCenter(to people: RouterGroup<SignedInRequestContext>, _ services: PortalServices) {
    let resources = ControlCenterController(services: services)
    people.get("/control-center/resources", use: resources.list)
    let provisioning = ProvisioningController(services: services)
    people.get("/control-center/resources/provision", use: provisioning.show)
    people.post("/control-center/resources/provision", use: provisioning.summarise)
    people.post("/control-center/resources/specification", use: provisioning.specify)
    people.post("/control-center/resources", use: provisioning.provision)
    people.get("/control-center/cloud-tokens", use: CloudTokensController(services: services).show)
    people.get("/control-center/status", use: StatusController(services: services).show)
    addLife(to: people.group("/control-center/resources/:resource"), services)
  }

  /// What is done to one resource; Platform says by whom. Rules.
  private static func addLife(to resource: RouterGroup<SignedInRequestContext>, _ services: PortalServices) {
    let capacity = ResourceChangeController(services: services, place: .capacity)
    resource.get("/capacity", use: capacity.show)
    resource.post("/capacity", use: capacity.change)
    resource.post("/capacity/specification", use: capacity.specify)
    let edit = ResourceChangeController(services: services, place: .edit)
    resource.get("/edit", use: edit.show)
    resource.post("/edit", use: edit.change)
    resource.post("/edit/specification", use: edit.specify)
    let deprovisioning = DeprovisioningController(services: services)
    resource.get("/deprovisioning", use: deprovisioning.ask)
    resource.post("/deprovisioning", use: deprovisioning.schedule)
    let staying = CancellationController(services: services, scheduled: .deprovisioning)
    resource.get("/deprovisioning/cancel", use: staying.ask)
    resource.post("/deprovisioning/cancel", use: staying.cancel)
    let keeping = CancellationController(services: services, scheduled: .capacity)
    resource.get("/capacity/cancel", use: keeping.ask)
    resource.post("/capacity/cancel", use: keeping.cancel)
  }

  /// The people of a company and the company itself, for its admins. Rules P-2, P-7.
  private static func addPeople(to people: RouterGroup<SignedInRequestContext>, _ services: PortalServices) {
    let members = MembersController(services: services)
    people.get("/control-center/members", use: members.list)
    people.post("/control-center/members", use: members.invite)
    people.get("/control-center/members/add", use: members.askAdd)
    people.get("/control-center/members/:member/:change", use: members.ask)
    people.post("/control-center/members/:member/:change", use: members.apply)
    let invites = PendingInvitesController(services: services)
    people.get("/control-center/invitations", use: invites.list)
    people.get("/control-center/invitations/:invitation", use: invites.show)
    people.post("/control-center/invitations/:invitation/resend", use: invites.resend)
    people.get("/control-center/invitations/:invitation/withdraw", use: invites.askWithdraw)
    people.post("/control-center/invitations/:invitation/withdraw", use: invites.withdraw)
    let company = CompanyController(services: services)
    people.get("/control-center/company", use: company.show)
    people.post("/control-center/company", use: company.edit)
    people.get("/control-center/company/edit", use: company.askEdit)
    people.get("/control-center/company/external-invitations", use: company.askExternal)
    people.post("/control-center/company/external-invitations", use: company.setExternal)
  }
}
