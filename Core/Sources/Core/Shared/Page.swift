/// One page of a longer list.
public struct Page<Element: Sendable>: Sendable {
  public let elements: [Element]
  /// Zero-based.
  public let number: Int
  public let size: Int
  public let totalElements: Int

  public init(elements: [Element], number: Int, size: Int, totalElements: Int) {
    self.elements = elements
    self.number = number
    self.size = size
    self.totalElements = totalElements
  }

  /// At least one, so that an empty list has a first page.
  public var totalPages: Int { max(1, (totalElements + size - 1) / max(1, size)) }
}
