import ArgumentParser
import CodecCorpus
import Foundation
import Glibc

/// Damaged input for every reader: none may crash, hang, fill the memory, or mind how bytes are split.
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gives damaged input to every decoder and reader.",
    discussion: """
      Ends with failure at the first input that breaks a promise, that takes 2 s of processor time, or after which the \
      process has had 256 MB of memory. The same seed gives the same inputs: --from N --count 1 repeats one, and \
      --save keeps it. After a crash, the file of --trace tells the number of the input.
      """)

  private static let mostMegabytes = 256
  private static let betweenLooks = 1_000

  @Option(help: "Inputs.")
  var count = 1_000_000
  @Option(help: "Chooses other inputs; a fresh one is printed where none is given.")
  var seed: UInt64?
  @Option(help: "Number of the first input.")
  var from = 0
  @Option(help: "Folder of the corpus.")
  var corpus = "Tests/CodecCorpus"
  @Option(help: "File that always holds the number of the input at hand.")
  var trace: String?
  @Option(help: "File for the last input.")
  var save: String?
  @Option(help: "A fault to plant into the decoders, to see that it is found.")
  var plant: Plant?

  func run() throws {
    let seed = seed ?? UInt64.random(in: 0..<1_000_000)
    try say("seed \(seed)")
    let round = try FuzzRound(corpus: URL(filePath: corpus, directoryHint: .isDirectory), seed: seed, plant: plant)
    let tracer = try trace.map(Tracer.init)
    let watchdog = Watchdog()
    watchdog.start { try? say("input \($0) takes longer than \(Watchdog.mostSeconds) s") }
    var slowest = (number: from, seconds: 0.0)
    var tally = FuzzTally()
    let start = Watchdog.nanoseconds(CLOCK_MONOTONIC)
    for number in from..<from + max(0, count) {
      tracer?.note(number)
      let input = round.input(number)
      if let save, number == from + count - 1 { try Data(input.bytes).write(to: URL(filePath: save)) }
      watchdog.begin(number)
      let verdict = round.check(input, &tally)
      let seconds = watchdog.end()
      if seconds > slowest.seconds { slowest = (number, seconds) }
      if let verdict { throw Broken("input \(number) (\(input.name)): \(verdict)") }
      if number % Self.betweenLooks == 0 { try checkMemory(number) }
    }
    try checkMemory(from + count)
    let seconds = Double(Watchdog.nanoseconds(CLOCK_MONOTONIC) - start) / 1e9
    try say(
      """
      inputs \(count) (\(tally.answers) answers, \(tally.requests) requests, \(tally.others) others)
      understood: \(tally.answersRead) answers, \(tally.requestsTaken) requests
      inputs per second \(Int(Double(count) / max(seconds, 1e-9)))
      slowest input \(slowest.number): \((slowest.seconds * 1e5).rounded() / 100) ms
      most memory \(Watchdog.peakMegabytes) MB
      """)
  }

  /// A line that is there even if the process crashes after it.
  private func say(_ line: String) throws { try Pipe.write(Array((line + "\n").utf8)) }

  private func checkMemory(_ number: Int) throws {
    let peak = Watchdog.peakMegabytes
    if peak > Self.mostMegabytes { throw Broken("after input \(number) the process has had \(peak) MB") }
  }

  /// A promise that does not hold.
  private struct Broken: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }
}

/// What came of the inputs: a run that nothing gets past has tested little.
struct FuzzTally {
  var answers = 0
  var answersRead = 0
  var requests = 0
  var requestsTaken = 0
  var others = 0
}

/// A file that holds one number.
private struct Tracer {
  private let file: FileHandle

  init(_ path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw ValidationError("\(path) cannot be written.") }
    self.file = file
  }

  func note(_ number: Int) {
    let text = Array("\(number)\n".utf8)
    _ = pwrite(file.fileDescriptor, text, text.count, 0)
  }
}
