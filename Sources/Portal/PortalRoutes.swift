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
  }
}
