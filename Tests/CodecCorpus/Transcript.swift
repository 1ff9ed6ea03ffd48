public import Dialects
public import Foundation

/// A provider's whole answer, as it came over the wire.
///
/// Files lie in `Answers/<kind>/`: `.json` whole bodies; `.sse` server-sent events with line feeds; `.frames` event
/// streams, one frame a line as `event|exception name payload`, or as `chunk name event` where the payload is an event in
/// Base64. Beside each, `.events` says what it means.
public struct Transcript: Sendable, CustomStringConvertible {
  public enum Form: String, Sendable {
    case json
    case serverSentEvents = "sse"
    case frames
  }

  public let kind: AnswerKind
  public let name: String
  public let form: Form
  public let bytes: [UInt8]
  /// The frames of an event stream; empty for other forms.
  public let frames: [EventStreamFrame]
  /// The lines that are expected of ``Outcome``; nil where nobody has written them down.
  public let expected: [String]?

  public var description: String { "\(kind.name)/\(name)" }

  /// What is wrong with a file of the corpus.
  public struct Problem: Error, CustomStringConvertible {
    public let description: String
  }

  /// Every transcript below `folder`, in the order of their names.
  public static func all(in folder: URL = Corpus.folder) throws -> [Transcript] {
    try AnswerKind.all.flatMap { kind in
      let place = folder.appending(path: "Answers/\(kind.name)")
      return try Corpus.files(in: place).compactMap { try Transcript(kind, file: $0) }
    }
  }

  private init?(_ kind: AnswerKind, file: URL) throws {
    guard let form = Form(rawValue: file.pathExtension) else { return nil }
    let text = try String(contentsOf: file, encoding: .utf8)
    self.kind = kind
    self.form = form
    name = file.deletingPathExtension().lastPathComponent
    frames = form == .frames ? try text.split(separator: "\n").map { try Self.frame($0, file) } : []
    bytes = form == .frames ? frames.flatMap(\.bytes) : Array(text.utf8)
    let events = file.deletingPathExtension().appendingPathExtension("events")
    expected = try? String(contentsOf: events, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private static func frame(_ line: Substring, _ file: URL) throws -> EventStreamFrame {
    let words = line.split(separator: " ", maxSplits: 2)
    guard words.count == 3 else {
      throw Problem(description: "\(file.lastPathComponent): \(line.prefix(40)) is no frame")
    }
    let payload = Array(words[2].utf8)
    switch words[0] {
    case "event": return EventStreamFrame(event: String(words[1]), payload: payload)
    case "chunk":
      let chunk = Array("{\"bytes\":\"\(Data(payload).base64EncodedString())\"}".utf8)
      return EventStreamFrame(event: "chunk", payload: chunk)
    case "exception": return EventStreamFrame(exception: String(words[1]), payload: payload)
    default: throw Problem(description: "\(file.lastPathComponent): \(words[0]) is neither event, chunk nor exception")
    }
  }

  /// The same answer as a server with other habits writes it: with each line end that server-sent events may have.
  public var spellings: [[UInt8]] {
    guard form == .serverSentEvents else { return [bytes] }
    let text = String(decoding: bytes, as: UTF8.self)
    return [bytes] + ["\r\n", "\r"].map { Array(text.replacingOccurrences(of: "\n", with: $0).utf8) }
  }
}

/// Where the transcripts and requests lie.
public enum Corpus {
  public static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  static func files(in folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }
}
