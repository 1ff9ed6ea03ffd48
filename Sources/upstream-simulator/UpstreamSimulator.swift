import ArgumentParser
import Foundation

/// A provider for tests and benchmarks: every token it speaks of is known beforehand.
@main
struct UpstreamSimulator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upstream-simulator",
    abstract: "Serves the calls of every provider with exact, configurable token counts and faults on request.",
    discussion: Manual.text)

  @Option(help: "Address to listen on, as HOST:PORT; port 0 picks a free one.")
  var listen = "127.0.0.1:9090"

  @Option(help: "File to write {\"url\",\"process\",\"regions\"} to once it listens.")
  var readyFile: String?

  @Option(help: "Threads that serve.")
  var threads = 1

  @Option(help: "Milliseconds before each answer.")
  var latencyMs = 0

  @Option(help: "Milliseconds between two tokens of a stream.")
  var tokenIntervalMs = 0

  @Option(help: "Output tokens of an answer; one word is one token.")
  var outputTokens = 20

  @Option(help: "Input tokens added to the words that a request counts.")
  var inputOverhead = 0

  @Option(help: "Calls that the ledger keeps; later ones are only counted.")
  var ledgerLimit = 2_000_000

  @Option(help: "A region with a port of its own, whose address is in the ready file; can be repeated.")
  var region: [String] = []

  @Option(help: "Calls with this key are refused; every other is accepted.")
  var rejectedKey: String?

  @Flag(help: "Keep no ledger.")
  var noLedger = false

  private static let threadLimit = 64

  func validate() throws {
    let bounds = [
      ("--threads", threads, 1...Self.threadLimit), ("--latency-ms", latencyMs, 0...CallSettings.maximumMilliseconds),
      ("--token-interval-ms", tokenIntervalMs, 0...CallSettings.maximumMilliseconds),
      ("--output-tokens", outputTokens, 0...CallSettings.maximumOutputTokens),
      ("--input-overhead", inputOverhead, 0...CallSettings.maximumTokens),
      ("--ledger-limit", ledgerLimit, 0...100_000_000),
    ]
    for (name, value, range) in bounds where !range.contains(value) {
      throw ValidationError("\(name) must be from \(range.lowerBound) to \(range.upperBound).")
    }
    guard Set(region).count == region.count, region.count <= Region.limit, region.allSatisfy(Region.isName) else {
      throw ValidationError("--region: \(SettingProblem.badRegion)")
    }
    _ = try address()
  }

  func run() throws {
    var settings = CallSettings()
    settings.latency = latencyMs
    settings.interval = tokenIntervalMs
    settings.outputTokens = outputTokens
    settings.inputOverhead = inputOverhead
    let simulator = Simulator(
      settings: settings, rejectedKey: rejectedKey, ledger: Ledger(limit: noLedger ? 0 : ledgerLimit))
    let (host, port) = try address()
    let server: SimulatorServer
    do {
      server = try SimulatorServer(host: host, port: port, threads: threads, regions: region, simulator: simulator)
    } catch {
      throw ValidationError("Cannot listen on \(listen): \(error). Choose another --listen, or port 0 for a free one.")
    }
    let start = "http://\(host.contains(":") ? "[\(host)]" : host):"
    try announce("\(start)\(server.port)", regions: server.regionPorts.mapValues { "\(start)\($0)" })
    try server.run()
  }

  private func announce(_ url: String, regions: [String: String]) throws {
    let list = regions.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
    let process = ProcessInfo.processInfo.processIdentifier
    let ready = "{\"url\":\"\(url)\",\"process\":\(process),\"regions\":{\(list)}}\n"
    if let readyFile {
      // Atomic, so that whoever waits for the file never reads half of it.
      try Data(ready.utf8).write(to: URL(fileURLWithPath: readyFile), options: .atomic)
    }
    FileHandle.standardError.write(Data("upstream-simulator listens on \(url)\n".utf8))
  }

  private func address() throws -> (host: String, port: Int) {
    guard let colon = listen.lastIndex(of: ":"), let port = UInt16(listen[listen.index(after: colon)...]) else {
      throw ValidationError("--listen must be HOST:PORT, for instance 127.0.0.1:9090.")
    }
    let host = listen[..<colon].trimmingCharacters(in: ["[", "]"])
    guard !host.isEmpty else { throw ValidationError("--listen must be HOST:PORT, for instance 127.0.0.1:9090.") }
    return (host, Int(port))
  }
}
