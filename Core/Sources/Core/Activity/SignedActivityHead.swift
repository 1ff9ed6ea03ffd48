/// Signs bytes with a key that only the installation has: HMAC-SHA256, injected because Core has no dependencies.
public typealias SignatureFunction = @Sendable ([UInt8]) -> [UInt8]

/// A head with proof that this installation wrote it, to be kept where whoever may change the database cannot reach it:
/// in a log, in a backup, on paper. Rule G-20.
public struct SignedActivityHead: Hashable, Sendable {
  /// Bytes of a signature.
  public static let signatureLength = 32
  /// Most bytes of the text form.
  static let longestText = 400
  /// Names the bytes that are signed: never change it for signatures that are to stay good.
  static let version = "packhouse activity head v1"

  public let head: ActivityHead
  public let signature: [UInt8]

  public init(_ head: ActivityHead, signedBy sign: SignatureFunction) {
    self.head = head
    signature = sign(Self.signed(head))
  }

  /// Reads what ``text`` gives, with white space around it. Whether the signature is good is for ``isGenuine(_:)`` to say.
  /// Throws a sentence for whoever copied it.
  public init(text raw: String) throws(InvalidInput) {
    guard let parsed = Self.parse(raw) else { throw InvalidInput([FieldProblem("head", Self.format)]) }
    self = parsed
  }

  /// `company.position.hash.signature`, the last two as 64 hexadecimal digits.
  public var text: String {
    "\(head.companyID).\(head.position).\(Hexadecimal.encode(head.hash)).\(Hexadecimal.encode(signature))"
  }

  /// True where `sign` gives this very signature for the head. Takes the same time wherever they differ.
  public func isGenuine(_ sign: SignatureFunction) -> Bool {
    KeyFormat.areEqual(signature, sign(Self.signed(head)))
  }

  private init(head: ActivityHead, signature: [UInt8]) {
    self.head = head
    self.signature = signature
  }

  private static let format =
    "A head reads company.position.hash.signature, the last two with \(2 * signatureLength) digits 0-9 and a-f each. "
    + "Copy all of it from the server's log or from a backup."

  private static func signed(_ head: ActivityHead) -> [UInt8] {
    var fields = CanonicalBytes(version: version)
    fields.append(head.companyID.text)
    fields.append(head.position)
    fields.append(head.hash)
    return fields.bytes
  }

  private static func parse(_ raw: String) -> SignedActivityHead? {
    guard raw.utf8.count <= longestText else { return nil }
    let parts = raw.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 4 else { return nil }
    // The id of a company may hold a dot; what stands behind it never does.
    let company = parts.dropLast(3).joined(separator: ".").drop(while: \.isWhitespace)
    let rest = parts.suffix(3).map(String.init)
    let last = String(rest[2].reversed().drop(while: \.isWhitespace).reversed())
    guard !company.isEmpty, let position = Int64(rest[0]), position >= 0, String(position) == rest[0],
      let hash = Hexadecimal.decode(rest[1], bytes: ActivityChain.hashLength),
      let signature = Hexadecimal.decode(last, bytes: signatureLength)
    else { return nil }
    return SignedActivityHead(
      head: ActivityHead(companyID: CompanyID(String(company)), position: position, hash: hash), signature: signature)
  }
}
