import Foundation

/// What the tokenizer makes of one Unicode scalar: dropped, a space, a word of its own, part of a word, or, where it
/// decomposes, several of these.
///
/// The classes are those of the reference tokenizer, found by asking it about every scalar: it cleans, isolates CJK
/// ideographs, decomposes canonically, drops non-spacing marks, lowers case, and isolates punctuation. It does so with
/// tables of several Unicode versions at once, which is why the age of a scalar matters here. Canonical reordering
/// can be left out: it only ever moves marks that are dropped or that no vocabulary entry contains.
final class ScalarClasses: Sendable {
  enum Class: Equatable {
    case dropped
    case space
    case isolated(UInt32)
    case inWord(UInt32)
    /// Index into ``sequences``.
    case sequence(Int)
  }

  /// Scalars below this have their class in a table; above are ideographs, Hangul and what is rare.
  private static let tableEnd: UInt32 = 0x3400

  private let table: [UInt32]
  /// Classes of the scalars that a decomposing scalar stands for, by the scalar, above the table.
  private let rare: [UInt32: Int]
  /// What decomposing scalars stand for, each packed as in the table.
  private let sequences: [[UInt32]]

  init() {
    var sequences: [[UInt32]] = []
    var rare: [UInt32: Int] = [:]
    table = (0..<Self.tableEnd).map { value in
      let classes = Self.classes(of: value)
      if classes.count == 1 { return Self.packed(classes[0]) }
      if classes.isEmpty { return Self.packed(.dropped) }
      sequences.append(classes.map(Self.packed))
      return Self.packed(.sequence(sequences.count - 1))
    }
    for range in Self.decomposingRanges {
      for value in range where Self.decomposition(of: value) != [value] {
        sequences.append(Self.classes(of: value).map(Self.packed))
        rare[value] = sequences.count - 1
      }
    }
    self.sequences = sequences
    self.rare = rare
  }

  /// The class of the scalar with this value.
  @inline(__always)
  func callAsFunction(_ value: UInt32) -> Class {
    value < Self.tableEnd ? Self.unpacked(table[Int(value)]) : classAboveTable(value)
  }

  /// The classes that the sequence number `index` consists of; never sequences again.
  func sequence(_ index: Int) -> [Class] { sequences[index].map(Self.unpacked) }

  private func classAboveTable(_ value: UInt32) -> Class {
    if let index = rare[value] { return .sequence(index) }
    if Self.isIdeograph(value) { return .isolated(value) }
    return Self.classWithoutDecomposition(value)
  }
}

// MARK: - Packing

extension ScalarClasses {
  private static let payloadMask: UInt32 = 0x00FF_FFFF

  private static func packed(_ class: Class) -> UInt32 {
    switch `class` {
    case .dropped: 0
    case .space: 1 << 24
    case .isolated(let value): 2 << 24 | value
    case .inWord(let value): 3 << 24 | value
    case .sequence(let index): 4 << 24 | UInt32(index)
    }
  }

  @inline(__always)
  private static func unpacked(_ packed: UInt32) -> Class {
    switch packed >> 24 {
    case 0: .dropped
    case 1: .space
    case 2: .isolated(packed & payloadMask)
    case 3: .inWord(packed & payloadMask)
    default: .sequence(Int(packed & payloadMask))
    }
  }
}

// MARK: - The reference's rules

extension ScalarClasses {
  /// The categories of the reference are those of Unicode 8.0, apart from the exceptions below.
  private static let categoryAge = 800
  /// Its decompositions end with Unicode 12.
  private static let decompositionAge = 1_200
  /// Its lower case ends with Unicode 15.
  private static let lowercaseAge = 1_500

  private static let droppedAsMarks: Set<UInt32> = [0x1734, 0x1171E]
  private static let keptMarks: Set<UInt32> = [0x1885, 0x1886, 0xA9BD, 0x111C9]
  private static let furtherPunctuation: Set<UInt32> = [0x166D, 0x111C9]

  /// Blocks above the table that hold scalars with a canonical decomposition, but for Hangul.
  private static let decomposingRanges: [ClosedRange<UInt32>] = [
    0xF900...0xFAFF, 0xFB1D...0xFB4F, 0x11080...0x110BF, 0x11100...0x1114F, 0x11300...0x1137F, 0x11480...0x114FF,
    0x11580...0x115FF, 0x1D100...0x1D1FF, 0x2F800...0x2FA1F,
  ]

  /// As the reference has them; the sixth begins later than Unicode's block does.
  private static func isIdeograph(_ value: UInt32) -> Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default:
      false
    }
  }

  private static func classes(of value: UInt32) -> [Class] {
    let itself = classWithoutDecomposition(value)
    if itself == .dropped || itself == .space { return [itself] }
    let parts = decomposition(of: value).map(classWithoutDecomposition).filter { $0 != .dropped }
    guard isIdeograph(value) else { return parts }
    return parts.map { part in
      if case .inWord(let value) = part { .isolated(value) } else { part }
    }
  }

  private static func classWithoutDecomposition(_ value: UInt32) -> Class {
    switch value {
    case 0x09, 0x0A, 0x0D: return .space
    case 0x00, 0xFFFD: return .dropped
    case 0xAC00...0xD7A3: return .inWord(value)
    default: break
    }
    guard let scalar = Unicode.Scalar(value) else { return .dropped }
    let properties = scalar.properties
    let age = age(of: properties)
    let hasCategory = age > 0 && age <= categoryAge
    switch properties.generalCategory {
    case .control, .privateUse: return .dropped
    case .format where hasCategory: return .dropped
    case .nonspacingMark where hasCategory && !keptMarks.contains(value): return .dropped
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      if hasCategory { return .isolated(value) }
    default: break
    }
    if droppedAsMarks.contains(value) { return .dropped }
    if properties.isWhitespace { return .space }
    if furtherPunctuation.contains(value) || isASCIIPunctuation(value) { return .isolated(value) }
    guard age > 0, age <= lowercaseAge else { return .inWord(value) }
    // One scalar has a longer lower case, and it decomposes first.
    return .inWord(properties.lowercaseMapping.unicodeScalars.first?.value ?? value)
  }

  private static func isASCIIPunctuation(_ value: UInt32) -> Bool {
    switch value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  private static func decomposition(of value: UInt32) -> [UInt32] {
    guard value >= 0xC0, let scalar = Unicode.Scalar(value) else { return [value] }
    let age = age(of: scalar.properties)
    guard age > 0, age <= decompositionAge else { return [value] }
    return String(Character(scalar)).decomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
  }

  /// The version that brought the scalar, 800 for 8.0; 0 for one that is not assigned.
  private static func age(of properties: Unicode.Scalar.Properties) -> Int {
    properties.age.map { $0.major * 100 + $0.minor } ?? 0
  }
}
