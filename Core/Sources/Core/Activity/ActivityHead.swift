/// The last line of a company's activity: whoever knows it can tell later whether anything up to it was changed or cut
/// off. Rule G-20.
public struct ActivityHead: Hashable, Sendable {
  public let companyID: CompanyID
  /// Of the last line; 0 before the first.
  public let position: Int64
  /// Of the last line; 32 zero bytes before the first.
  public let hash: [UInt8]

  public init(companyID: CompanyID, position: Int64, hash: [UInt8]) {
    self.companyID = companyID
    self.position = position
    self.hash = hash
  }

  /// Of a company without a line.
  public static func empty(_ company: CompanyID) -> ActivityHead {
    ActivityHead(companyID: company, position: 0, hash: ActivityChain.firstPreviousHash)
  }
}

extension ActivityEntry {
  /// The head of the chain that ends with this entry.
  public var head: ActivityHead { ActivityHead(companyID: companyID, position: position, hash: hash) }
}
