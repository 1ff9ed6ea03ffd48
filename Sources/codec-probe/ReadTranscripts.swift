import ArgumentParser
import CodecCorpus
import Foundation

/// Tells what each transcript of the corpus means, one event a line; with `--write`, beside each that lacks it.
struct ReadTranscripts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read-transcripts",
    abstract: "Prints what the transcripts of the corpus mean, or writes it down where it is not yet.",
    discussion: "What is written down is read by a person before it is committed: from then on it is what is expected.")

  @Option(help: "Folder of the corpus.")
  var corpus = "Tests/CodecCorpus"

  @Flag(help: "Write a file .events beside each transcript that has none.")
  var write = false

  func run() throws {
    let folder = URL(filePath: corpus, directoryHint: .isDirectory)
    for transcript in try Transcript.all(in: folder) {
      let lines = Outcome(of: transcript.bytes, with: transcript.kind.decoder).lines
      print("== \(transcript)\n\(lines.joined(separator: "\n"))")
      guard write, transcript.expected == nil else { continue }
      let file = folder.appending(path: "Answers/\(transcript).events")
      try (lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
    }
  }
}
