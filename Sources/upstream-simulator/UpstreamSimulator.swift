import ArgumentParser
import Foundation

/// A provider for tests and benchmarks: every token it speaks of is known beforehand.
@main
struct UpstreamSimulator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upstream-simulator",
    abstract: "Serves OpenAI and Bedrock calls with exact, configurable token counts and faults on request.",
    discussion: """
      A directive in the user's last text steers one call, for instance \
      [sim output=50 input=7 cache_read=3 latency=20 interval=5 fault=cut@10]. The same settings come from the \
      headers x-sim-input-tokens, x-sim-output-tokens, x-sim-cache-read-tokens, x-sim-cache-write-tokens, \
      x-sim-latency-ms, x-sim-token-interval-ms and x-sim-fault, and for all calls from PUT /behavior, \
      for instance {"fault":"500","times":3}. Faults: 400, 429, 429@SECONDS, 500, 503, timeout, close, cut@TOKENS, \
      error@TOKENS, garbage, no-usage. GET /ledger tells what was served.
      """)

  @Option(help: "Address to listen on, as HOST:PORT; port 0 picks a free one.")
  var listen = "127.0.0.1:9090"

  @Option(help: "File to write {\"url\",\"process\"} to once it listens.")
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
    _ = try address()
  }

  func run() throws {
    var settings = CallSettings()
    settings.latency = latencyMs
    settings.interval = tokenIntervalMs
    settings.outputTokens = outputTokens
    settings.inputOverhead = inputOverhead
    let simulator = Simulator(settings: settings, ledger: Ledger(limit: noLedger ? 0 : ledgerLimit))
    let (host, port) = try address()
    let server: SimulatorServer
    do {
      server = try SimulatorServer(host: host, port: port, threads: threads, simulator: simulator)
    } catch {
      throw ValidationError("Cannot listen on \(listen): \(error). Choose another --listen, or port 0 for a free one.")
    }
    try announce("http://\(host.contains(":") ? "[\(host)]" : host):\(server.port)")
    try server.run()
  }

  private func announce(_ url: String) throws {
    let ready = "{\"url\":\"\(url)\",\"process\":\(ProcessInfo.processInfo.processIdentifier)}\n"
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
