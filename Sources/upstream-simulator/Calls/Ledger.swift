import NIOCore
import Synchronization

/// What was served, call by call, so that a test can compare it with what was metered.
final class Ledger: Sendable {
  private struct State {
    var entries: [LedgerEntry] = []
    /// Calls since the last clearing, with those that no longer fit.
    var calls = 0
    /// The number before the first entry's, so that a late write of a cleared call touches nobody else's entry.
    var offset = 0
  }

  /// The most entries that one answer of `GET /ledger` holds.
  static let pageLimit = 250_000

  private let limit: Int
  private let state = Mutex(State())

  /// - Parameter limit: entries kept; later calls are only counted. 0 keeps none.
  init(limit: Int) {
    self.limit = limit
  }

  /// Takes the call up and gives its number, from 1, never used again.
  func open(_ entry: LedgerEntry) -> Int {
    state.withLock { state in
      state.calls += 1
      if state.entries.count < limit { state.entries.append(entry) }
      return state.offset + state.calls
    }
  }

  /// Changes the entry of a call; without effect when it was cleared or did not fit.
  func update(_ call: Int, _ change: (inout LedgerEntry) -> Void) {
    guard limit > 0 else { return }
    state.withLock { state in
      let index = call - state.offset - 1
      if state.entries.indices.contains(index) { change(&state.entries[index]) }
    }
  }

  func clear() {
    state.withLock { state in
      state = State(offset: state.offset + state.calls)
    }
  }

  /// A JSON array of entries from the given call on, and the number to go on with when more follow.
  func page(from first: Int, limit: Int) -> (json: ByteBuffer, next: Int?) {
    let (entries, offset) = state.withLock { ($0.entries, $0.offset) }
    let start = min(max(first - offset - 1, 0), entries.count)
    let end = min(start + max(min(limit, Self.pageLimit), 0), entries.count)
    var json = ByteBuffer()
    json.writeString("[")
    for index in start..<end {
      json.writeString(index == start ? "\n" : ",\n")
      json.writeLedgerEntry(entries[index], call: offset + index + 1)
    }
    json.writeString("\n]\n")
    return (json, end < entries.count ? offset + end + 1 : nil)
  }

  /// The sums over all kept entries as a JSON object.
  var summary: ByteBuffer {
    let (entries, calls) = state.withLock { ($0.entries, $0.calls) }
    var whole = LedgerSums()
    var regions: [String: LedgerSums] = [:]
    for entry in entries {
      whole.add(entry)
      regions[entry.region, default: LedgerSums()].add(entry)
    }
    let byRegion = regions.sorted { $0.key < $1.key }.map { "\"\($0.key)\":{\($0.value.json)}" }
    return ByteBuffer(
      string: "{\"calls\":\(calls),\"kept\":\(entries.count),\(whole.json),"
        + "\"byRegion\":{\(byRegion.joined(separator: ","))}}\n")
  }
}

/// The sums over some entries.
private struct LedgerSums {
  private var count = 0
  private var finished = 0
  private var tokens = TokenCounts()
  private var outputSent = 0
  private var statuses: [Int: Int] = [:]

  mutating func add(_ entry: LedgerEntry) {
    count += 1
    finished += entry.finished ? 1 : 0
    tokens += entry.tokens
    outputSent += entry.outputSent
    statuses[entry.status, default: 0] += 1
  }

  /// The members of a JSON object, without braces.
  var json: String {
    let byStatus = statuses.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
    return "\"entries\":\(count),\"finished\":\(finished),\(tokens.json),\"outputSent\":\(outputSent),"
      + "\"byStatus\":{\(byStatus)}"
  }
}

extension ByteBuffer {
  fileprivate mutating func writeLedgerEntry(_ entry: LedgerEntry, call: Int) {
    writeString("{\"call\":\(call),\"requestId\":")
    if let id = entry.requestID { writeJSONString(id) } else { writeString("null") }
    writeString(",\"region\":\"\(entry.region)\",\"dialect\":\"\(entry.dialect.rawValue)\",\"path\":")
    writeJSONString(entry.path)
    writeString(",\"model\":")
    writeJSONString(entry.model)
    writeString(
      ",\(entry.tokens.json),\"status\":\(entry.status),\"finished\":\(entry.finished),"
        + "\"streamed\":\(entry.streamed),\"maxTokens\":\(entry.maxTokens.map(String.init) ?? "null"),"
        + "\"outputSent\":\(entry.outputSent),\"toolCalls\":\(entry.toolCalls),"
        + "\"toolResults\":\(entry.toolResults),\"media\":\(entry.media),\"echo\":\(entry.echo ?? "null"),"
        + "\"fault\":\(entry.fault.map { "\"\($0.text)\"" } ?? "null")}")
  }
}
