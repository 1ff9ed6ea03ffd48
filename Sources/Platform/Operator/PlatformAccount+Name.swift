public import Core

extension Identifier<PlatformAccount> {
  /// The account that the operator calls `name` within `company`: names are unique there, ids everywhere.
  static func named(_ name: String, of company: CompanyID) -> Self { Self("\(company)-\(name)") }
}

extension PlatformAccount {
  /// What the only account of most companies is called.
  static let usualName = "main"

  /// How the operator names it. Accounts from before they had names are called by their id.
  public var name: String {
    let prefix = "\(companyID)-"
    return id.text.hasPrefix(prefix) ? String(id.text.dropFirst(prefix.count)) : id.text
  }
}
