import Foundation

/// What a character is for keyword search.
enum TermFolding {
  enum Part {
    case word
    /// Of a script that puts no blanks between words.
    case unspaced
    /// Between words.
    case none
  }

  /// Gives what a character of a text in Unicode's form NFKC becomes: small and without accents. Nothing for an accent by
  /// itself.
  static func fold(_ scalar: Unicode.Scalar, _ give: (Unicode.Scalar) -> Void) {
    let value = scalar.value
    if value < 0x80 {
      give((0x41...0x5A).contains(value) ? Unicode.Scalar(UInt8(value) | 0x20) : scalar)
    } else if value < tableEnd {
      table[Int(value) - 0x80].forEach(give)
    } else if isCasedBeyondTable(value) {
      folded(scalar).forEach(give)
    } else {
      give(scalar)
    }
  }

  /// A Chinese character, in whatever language.
  static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: true
    default: false
    }
  }

  static func part(_ scalar: Unicode.Scalar) -> Part {
    let value = scalar.value
    if value < 0x80 {
      return (0x30...0x39).contains(value) || (0x61...0x7A).contains(value) ? .word : .none
    }
    if isUnspaced(value) { return isWordCategory(scalar) ? .unspaced : .none }
    return isWordCategory(scalar) ? .word : .none
  }

  /// Beyond it no script has case or accents, but for what ``isCasedBeyondTable(_:)`` names.
  private static let tableEnd: UInt32 = 0x3000

  /// What each character below the table's end becomes.
  private static let table: [[Unicode.Scalar]] = (0x80..<tableEnd).map { value in
    Unicode.Scalar(value).map(folded) ?? []
  }

  private static func isCasedBeyondTable(_ value: UInt32) -> Bool {
    (0xA640...0xA7FF).contains(value) || (0xAB30...0xABBF).contains(value) || (0x10400...0x104FF).contains(value)
      || (0x10C80...0x10CFF).contains(value) || (0x118A0...0x118DF).contains(value)
      || (0x1E900...0x1E95F).contains(value)
  }

  private static func folded(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    String(Character(scalar)).decomposedStringWithCanonicalMapping.unicodeScalars.flatMap { part in
      // Only accents of alphabets are taken off: marks of Indic scripts are their vowels.
      (0x300...0x36F).contains(part.value) ? [] : small(part)
    }.filter { !(0x300...0x36F).contains($0.value) }
  }

  private static func small(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    let lower = Array(scalar.properties.lowercaseMapping.unicodeScalars)
    return lower.flatMap { letter in spelled[letter].map { Array($0.unicodeScalars) } ?? [letter] }
  }

  /// Letters without an accent in Unicode that people type without one all the same.
  private static let spelled: [Unicode.Scalar: String] = [
    "\u{DF}": "ss", "\u{E6}": "ae", "\u{F0}": "d", "\u{F8}": "o", "\u{FE}": "th", "\u{111}": "d", "\u{127}": "h",
    "\u{131}": "i", "\u{142}": "l", "\u{153}": "oe", "\u{3C2}": "\u{3C3}",
  ]

  private static func isUnspaced(_ value: UInt32) -> Bool {
    switch value {
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF, 0x3005...0x3007, 0x3040...0x30FF,
      0x3100...0x318F, 0x31A0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF,
      0x20000...0x323AF:
      true
    default: false
    }
  }

  private static func isWordCategory(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
      true
    default: false
    }
  }
}
