import ArgumentParser

/// The codecs from outside, for checks that another program judges: frames through a pipe, transcripts read aloud, and a
/// fuzz run that watches time and memory.
@main
struct CodecProbe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codec-probe",
    abstract: "Puts the codecs to the test from outside the process.",
    subcommands: [WriteFrames.self, ReadFrames.self, ReadTranscripts.self, Fuzz.self])
}
