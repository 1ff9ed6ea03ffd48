/// A queue in the order of arrival; both ends in constant time, amortized.
struct FIFO<Element> {
  private var storage: [Element?] = []
  private var head = 0

  var count: Int { storage.count - head }
  var isEmpty: Bool { count == 0 }
  var first: Element? { isEmpty ? nil : storage[head] }

  mutating func append(_ element: Element) { storage.append(element) }

  mutating func popFirst() -> Element? {
    guard head < storage.count else { return nil }
    let element = storage[head]
    storage[head] = nil
    head += 1
    if head == storage.count {
      storage.removeAll(keepingCapacity: storage.capacity <= 4_096)
      head = 0
    } else if head >= 1_024, head * 2 >= storage.count {
      storage.removeFirst(head)
      head = 0
    }
    return element
  }

  /// The first `limit` elements, left where they are.
  func prefix(_ limit: Int) -> [Element] {
    storage[head..<min(storage.count, head + limit)].compactMap { $0 }
  }
}

extension FIFO: Sendable where Element: Sendable {}
