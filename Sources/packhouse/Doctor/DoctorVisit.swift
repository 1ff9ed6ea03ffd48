import Core
import Foundation
import Logging
import NIOPosix
import OfflineModels
import Platform
import Providers
import Storage

/// Examines an installation: through the server where one runs, for its environment is what counts, otherwise by itself.
/// Rule N-5.
struct DoctorVisit {
  let configuration: ServerConfiguration
  let only: [String]

  func report() async throws -> DoctorReport {
    let checks = DoctorChecks(configuration: configuration)
    if let (status, answer) = try await askServer() {
      return DoctorReport(
        isServerRunning: true,
        findings: [checks.dataFolder(isServerRunning: true)] + (await checks.listeners(of: status))
          // Which weights the server has only the built-in models tell, and they may not have been asked.
          + (only.isEmpty ? [checks.weights(ofServerWith: answer.deployments)] : [])
          + answer.complaints.map { .init("provider accounts", isFine: false, $0) },
        deployments: answer.deployments)
    }
    var findings = [checks.dataFolder(isServerRunning: false)]
    findings += await checks.places()
    let (deployments, complaints) = try await examine()
    if only.isEmpty || deployments.contains(where: { $0.kind == ProviderKind.offline.rawValue }) {
      findings.append(checks.weights())
    }
    findings += complaints.map { .init("provider accounts", isFine: false, $0) }
    return DoctorReport(isServerRunning: false, findings: findings, deployments: deployments)
  }

  /// Nil where no server listens.
  private func askServer() async throws -> (ServerStatus, DoctorAnswer)? {
    let socket = DataFolder(configuration.data).controlSocket
    func ask(_ request: ControlRequest) async throws -> ControlAnswer {
      let line = try await ControlSocket.request(ControlLine.encode(request), at: socket)
      guard let answer = ControlLine.decode(line, as: ControlAnswer.self) else { throw OperatorRefusal.otherVersion }
      return answer
    }
    do {
      guard let status = try await ask(ControlRequest(command: .status)).status,
        let doctor = try await ask(ControlRequest(command: .doctor, doctor: DoctorRequest(only: only))).doctor
      else { throw OperatorRefusal.otherVersion }
      return (status, doctor)
    } catch let problem as DataFolderProblem where problem.kind == .noServer {
      return nil
    }
  }

  // MARK: Without a server

  private func examine() async throws -> ([DeploymentFinding], [String]) {
    let shipped = try CatalogFiles.catalog(configuration.catalogFile)
    let file = try CatalogFiles.providers(configuration.providersFile, catalog: shipped)
    let catalog = file.extending(shipped)
    let (stored, complaint) = await storedAccounts()
    let client = UpstreamClient(eventLoops: MultiThreadedEventLoopGroup.singleton)
    let found: ([DeploymentFinding], [String])
    do {
      let examination = try Examination(
        file, stored: stored, catalog: catalog, client: client,
        offline: try? OfflineModels.load(from: configuration.modelFolders),
        environment: ProcessInfo.processInfo.environment)
      found = (await examination.findings(only: only), examination.complaints)
    } catch {
      try? await client.shutDown()
      throw error
    }
    try? await client.shutDown()
    return (found.0, (complaint.map { [$0] } ?? []) + found.1)
  }

  /// What the operator entered; a sentence where that can't be read.
  private func storedAccounts() async -> (OpenedProviderAccounts, String?) {
    if case .sqlite(let path) = configuration.database, !FileManager.default.fileExists(atPath: path) {
      return (OpenedProviderAccounts(), nil)
    }
    do {
      let database = try await Database.open(configuration.database, access: .readOnly)
      do {
        let accounts = ProviderAccounts(database: database, masterKey: try configuration.existingMasterKey())
        let all = try await accounts.all()
        await database.close()
        return (all, nil)
      } catch {
        await database.close()
        throw error
      }
    } catch {
      return (OpenedProviderAccounts(), "Stored accounts can't be read: \(StartProblem(error).description)")
    }
  }
}

/// Accounts with what is there of their secrets, and those that can't be asked because something is missing.
struct Examination: Sendable {
  private let wiring: ProviderWiring
  private let catalog: Catalog
  /// What each account lacks.
  private let missing: [String: [String]]
  var complaints: [String] { wiring.complaints }

  init(
    _ configuration: ProviderConfiguration, stored: OpenedProviderAccounts, catalog: Catalog, client: UpstreamClient,
    offline: OfflineModelPool?, environment: [String: String]
  ) throws {
    let all = configuration.including(stored.accounts.map(\.account), in: catalog)
    var missing: [String: [String]] = [:]
    // An account that lacks a variable is wired all the same, and never asked.
    var filled = environment
    for account in all.accounts {
      for variable in account.credentials.variables where (environment[variable] ?? "").isEmpty {
        missing[account.name, default: []].append(variable)
        filled[variable] = "missing"
      }
    }
    self.missing = missing
    self.catalog = catalog
    wiring = try ProviderWiring(
      configuration, stored: stored, catalog: catalog, client: client, offline: offline, environment: filled,
      clock: SystemSources.clock)
  }

  func findings(only: [String]) async -> [DeploymentFinding] {
    let wanted = wiring.allDeployments.selected(by: only)
    let check = DeploymentCheck(wiring.policy(catalog))
    let asked = await check.findings(
      of: wanted.filter { missing[$0.account] == nil }, requestIDs: RequestIDSource(random: SystemSources.random))
    let unasked = wanted.compactMap { deployment in
      missing[deployment.account].map { variables in
        DeploymentFinding(
          unasked: deployment,
          problem: variables.count == 1
            ? "The environment variable \(variables[0]) of its account is not set."
            : "The environment variables \(variables.joined(separator: " and ")) of its account are not set.",
          remedy: "Set it where the server is started, such as in the unit's EnvironmentFile, and for this command.")
      }
    }
    return asked + unasked
  }
}

extension [Deployment] {
  /// Those whose id, account or model is among `names`; all where there is none.
  func selected(by names: [String]) -> [Deployment] {
    names.isEmpty
      ? self : filter { names.contains($0.id.text) || names.contains($0.account) || names.contains($0.model.text) }
  }
}
