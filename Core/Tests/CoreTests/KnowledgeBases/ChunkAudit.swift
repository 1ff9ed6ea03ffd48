import Core

/// What KB-14 demands of the chunks of a document, looked up in the document itself.
struct ChunkAudit {
  private struct Place {
    let start: Int
    let end: Int
    let page: Int
    let isHeading: Bool
  }

  private let scalars: [Unicode.Scalar]
  private var places: [Place] = []
  private(set) var problems: [String] = []

  init(_ document: ExtractedDocument) {
    scalars = Array(document.text.unicodeScalars)
    var cursor = 0
    for (index, page) in document.pages.enumerated() {
      for block in page.blocks {
        while cursor < scalars.count, scalars[cursor].properties.isWhitespace { cursor += 1 }
        let text = Array(block.text.unicodeScalars)
        let end = cursor + text.count
        if end > scalars.count || Array(scalars[cursor..<end]) != text {
          problems.append("block \"\(block.text.prefix(20))\" is not in the text at \(cursor)")
          return
        }
        var isHeading = false
        if case .heading = block.kind { isHeading = true }
        places.append(Place(start: cursor, end: end, page: index + 1, isHeading: isHeading))
        cursor = end
      }
    }
    if cursor != scalars.count { problems.append("the text has more than its blocks") }
  }

  /// Everything that is wrong with the chunks; `mayCrossHeadings` for methods that do not know them.
  func problems(
    of drafts: [ChunkDraft], size: Int, limit: ChunkTokenLimit?, mayCrossHeadings: Bool = false,
    mayCrossPages: Bool = false
  ) -> [String] {
    var problems = problems
    for (number, draft) in drafts.enumerated() {
      let span = draft.span
      guard !span.isEmpty, span.lowerBound >= 0, span.upperBound <= scalars.count else {
        problems.append("chunk \(number) has the span \(span)")
        continue
      }
      if draft.number != number { problems.append("chunk \(number) is numbered \(draft.number)") }
      if Array(draft.text.unicodeScalars) != Array(scalars[span]) {
        problems.append("chunk \(number) is not the text of its span")
      }
      if scalars[span.lowerBound].properties.isWhitespace || scalars[span.upperBound - 1].properties.isWhitespace {
        problems.append("chunk \(number) has blanks at its ends")
      }
      if span.count > size { problems.append("chunk \(number) has \(span.count) characters") }
      if let limit, limit.count(draft.text) > limit.most { problems.append("chunk \(number) has too many tokens") }
      if number > 0 {
        let last = drafts[number - 1].span
        if span.lowerBound <= last.lowerBound || span.upperBound <= last.upperBound {
          problems.append("chunk \(number) is not after the one before")
        }
      }
      let inside = places.filter { $0.start < span.upperBound && $0.end > span.lowerBound }
      if let first = inside.first, let last = inside.last, draft.pages != first.page...last.page {
        problems.append("chunk \(number) is on pages \(first.page) to \(last.page), not \(draft.pages)")
      }
      if !mayCrossHeadings, let text = inside.firstIndex(where: { !$0.isHeading }),
        inside[text...].contains(where: \.isHeading)
      {
        problems.append("chunk \(number) goes over a heading")
      }
      if !mayCrossPages { problems += pageProblems(number, inside) }
    }
    return problems + losses(drafts)
  }

  /// A chunk goes over a page only in mid-sentence.
  private func pageProblems(_ number: Int, _ inside: [Place]) -> [String] {
    zip(inside, inside.dropFirst()).filter { $0.page != $1.page }.compactMap { last, first in
      let (end, start) = (scalars[last.end - 1], scalars[first.start])
      let goesOn = !".!?\u{3002}\u{FF01}\u{201D}".unicodeScalars.contains(end) && !start.properties.isUppercase
      return goesOn && first.page == last.page + 1 ? nil : "chunk \(number) goes over page \(last.page)"
    }
  }

  private func losses(_ drafts: [ChunkDraft]) -> [String] {
    var isKept = [Bool](repeating: false, count: scalars.count)
    for draft in drafts {
      for index in draft.span.clamped(to: 0..<scalars.count) { isKept[index] = true }
    }
    let lost = scalars.indices.filter { !isKept[$0] && !scalars[$0].properties.isWhitespace }
    return lost.isEmpty ? [] : ["\(lost.count) characters are lost, the first at \(lost[0])"]
  }
}
