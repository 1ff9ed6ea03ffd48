import Core
import Storage

extension Transaction {
  /// The company with the id `reference`, or the only one with exactly this name. An id comes before every name, for
  /// people can choose their company's name.
  ///
  /// Throws ``PlatformError/notFound(_:)``, or ``PlatformError/conflict(_:)`` where several could be meant.
  func company(named reference: String) throws -> Company {
    if let company = try company(CompanyID(reference)) { return company }
    let found = try companies().filter { $0.name == reference }
    guard let company = found.first else {
      throw PlatformError.notFound(
        "There is no company “\(reference.prefix(SetUp.longestName))”. `packhouse company list` shows them all.")
    }
    guard found.count == 1 else {
      let ids = found.map { "\($0.id) (“\($0.name)”)" }.joined(separator: ", ")
      throw PlatformError.conflict("Several companies could be meant: \(ids). Name one by its id.")
    }
    return company
  }

  /// The resource with this id; ids are unique across companies.
  func resource(namedByOperator reference: String) throws -> Resource {
    guard let resource = try resource(ResourceID(reference)) else {
      throw PlatformError.notFound(
        "There is no resource \(reference.prefix(SetUp.longestName)). `packhouse resource list` shows them with their "
          + "ids.")
    }
    return resource
  }
}
