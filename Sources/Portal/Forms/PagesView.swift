import Core

/// Where in a long list a page stands.
struct PagesView: Sendable {
  let text: String
  let previous: String?
  let next: String?

  /// Nil where everything fits on one page.
  init?<Element>(_ page: Page<Element>, _ address: PageAddress) {
    guard page.totalPages > 1 else { return nil }
    text = "Page \(UnitsFormat.grouped(Int64(page.number + 1))) of \(UnitsFormat.grouped(Int64(page.totalPages)))"
    previous = page.number > 0 ? address.with([("page", "\(min(page.number, page.totalPages))")]) : nil
    next = page.number + 1 < page.totalPages ? address.with([("page", "\(page.number + 2)")]) : nil
  }
}

extension Array where Element: Sendable {
  /// The rows of one page; `number` is counted from 1, as addresses have it, and held within the list.
  func page(_ number: String) -> Page<Element> {
    let size = PortalLimits.rows
    let last = Swift.max(1, (count + size - 1) / size)
    let index = Swift.min(Swift.max(1, Int(number) ?? 1), last) - 1
    return Page(
      elements: Array(dropFirst(index * size).prefix(size)), number: index, size: size, totalElements: count)
  }

  /// The page on which the first element stands that fits, as addresses have it; empty where none does.
  func pageNumber(where fits: (Element) -> Bool) -> String {
    firstIndex(where: fits).map { "\($0 / PortalLimits.rows + 1)" } ?? ""
  }
}
