import Foundation

/// Email addresses as they are compared and stored. Rule P-3.
public enum EmailAddress {
  /// Bytes of an address in all, and of the part before the `@`.
  public static let longest = 254
  public static let longestLocalPart = 64
  /// Bytes of one part between the dots of the domain.
  public static let longestLabel = 63

  /// Trimmed, in lower case and in Unicode's composed form, so that one address has one text; nil where `text` is not
  /// plausible. `canonical` of a canonical address is itself.
  public static func canonical(_ text: String) -> String? {
    // Bounded before the work below, whatever somebody sent.
    guard text.utf8.count <= longest * 8 else { return nil }
    let address = text.trimmed.precomposedStringWithCanonicalMapping.lowercased().precomposedStringWithCanonicalMapping
    return isWellFormed(address) ? address : nil
  }

  /// True where `text` looks like an address that mail can be sent to. Whether it exists is for the mail to find out.
  public static func isPlausible(_ text: String) -> Bool { canonical(text) != nil }

  /// A canonical address as it is shown to somebody whom it may not belong to: `a•••@example.com`, however long the part
  /// before the `@` is. Rule G-9.
  public static func masked(_ canonical: String) -> String {
    guard let at = canonical.lastIndex(of: "@"), let first = canonical.first else { return "•••" }
    return "\(first)•••\(canonical[at...])"
  }

  private static func isWellFormed(_ address: String) -> Bool {
    let parts = address.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, address.utf8.count <= longest else { return false }
    return isLocalPart(parts[0]) && isDomain(parts[1])
  }

  private static func isLocalPart(_ part: Substring) -> Bool {
    guard 1...longestLocalPart ~= part.utf8.count, !part.hasPrefix("."), !part.hasSuffix("."), !part.contains("..")
    else { return false }
    return part.unicodeScalars.allSatisfy { scalar in
      isWordScalar(scalar) || ".!#$%&'*+/=?^_`{|}~-".unicodeScalars.contains(scalar)
    }
  }

  /// Parts of letters, digits and inner hyphens; `localhost` or at least two of them.
  private static func isDomain(_ domain: Substring) -> Bool {
    let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count >= 2 || domain == "localhost" else { return false }
    return labels.allSatisfy { label in
      1...longestLabel ~= label.utf8.count && !label.hasPrefix("-") && !label.hasSuffix("-")
        && label.unicodeScalars.allSatisfy { isWordScalar($0) || $0 == "-" }
    }
  }

  /// Letters and digits of any script, and the marks that some scripts add to them.
  private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .nonspacingMark, .spacingMark:
      true
    default: false
    }
  }
}
