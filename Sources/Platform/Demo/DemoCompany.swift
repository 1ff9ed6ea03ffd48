import Core
import Storage

/// The company "Northwind", with which a fresh installation shows at once what it does.
public struct DemoCompany: Sendable {
  public static let fileName = "demo.json"
  static let tokens: CloudTokens = 200
  static let admin = PersonReference(name: "Ada Okafor", email: "ada@northwind.example")
  static let member = PersonReference(name: "Bram de Wit", email: "bram@northwind.example")

  let context: PlatformContext
  let passwords: PasswordHasher

  init(_ context: PlatformContext, passwords: PasswordHasher) {
    self.context = context
    self.passwords = passwords
  }

  /// Creates the company on the first call and gives the same credentials ever after, from `<folder>/demo.json`.
  ///
  /// Throws ``PlatformError/conflict(_:)`` where the company exists but its file does not, and
  /// ``PlatformError/unavailable(_:)`` where the file cannot be read or written.
  public func ensure(folder: String) async throws -> DemoCredentials {
    let path = folder + "/" + Self.fileName
    let isThere = try await exists()
    let written = try read(path)
    if isThere {
      guard let written else {
        throw PlatformError.conflict(
          "The demo company exists, but its passwords and keys are gone with \(path). Restore the file from a backup, "
            + "or start with another data folder.")
      }
      return written
    }
    // The file first: a company without its file could never be used, a file without its company is written anew.
    let draft = DemoDraft(context)
    async let admin = passwords.hash(Sensitive(draft.credentials.admin.password))
    async let member = passwords.hash(Sensitive(draft.credentials.member.password))
    let (adminHash, memberHash) = (try await admin, try await member)
    do { try PrivateFile.write(try draft.credentials.json(), to: path) } catch let problem as PrivateFileProblem {
      throw PlatformError.unavailable(problem.description)
    }
    try await context.write(locking: .installation) { transaction in
      try draft.insert(into: transaction, adminHash: adminHash, memberHash: memberHash)
    }
    return draft.credentials
  }

  /// True once the company was created.
  public func exists() async throws -> Bool {
    try await context.read { try $0.user(email: Self.admin.email) != nil }
  }

  private func read(_ path: String) throws(PlatformError) -> DemoCredentials? {
    do throws(PrivateFileProblem) {
      return try PrivateFile.read(path).flatMap(DemoCredentials.init(json:))
    } catch {
      throw .unavailable(error.description)
    }
  }
}
