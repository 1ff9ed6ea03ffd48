/// What extraction gives of a file: its pages, and on them headings, paragraphs and rows of tables. Rule KB-13.
///
/// A file without pages, such as a text, has one.
public struct ExtractedDocument: Hashable, Sendable {
  /// In order; a page without text stays, because pages are counted.
  public let pages: [ExtractedPage]

  public init(pages: [ExtractedPage]) { self.pages = pages }

  /// The document's text, of which chunks name spans: blocks with an empty line between them, rows of a table with a
  /// line break, and a line break where a paragraph goes on over the page.
  public var text: String { DocumentLayout(self).text }
}

public struct ExtractedPage: Hashable, Sendable {
  public let blocks: [ExtractedBlock]

  /// Blocks without text are left out.
  public init(_ blocks: [ExtractedBlock]) { self.blocks = blocks.filter { !$0.text.isEmpty } }
}

/// One piece of a page's text.
public struct ExtractedBlock: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// 1 is the highest level.
    case heading(level: Int)
    case paragraph
    case tableRow
  }

  public let kind: Kind
  public let text: String

  /// Blanks around the text are taken off.
  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    let scalars = text.unicodeScalars
    let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
    let last = scalars.lastIndex { !$0.properties.isWhitespace }
    self.text = last.map { String(text[start...$0]) } ?? ""
  }

  var isHeading: Bool { if case .heading = kind { true } else { false } }
}
