import ArgumentParser
import Dialects
import Foundation

/// Reads frames as lines of JSON and writes them as bytes.
struct WriteFrames: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write-frames",
    abstract: "Writes frames of an event stream.",
    discussion: """
      Reads one frame a line: {"headers": [[name, "bool"|"number"|"bytes"|"string", value], ...], "payload": Base64}. \
      Bytes are Base64 too. Writes the frames one after the other.
      """)

  func run() throws {
    for line in try Pipe.input().split(separator: UInt8(ascii: "\n")) {
      try Pipe.write(try frame(try JSONDocument(Array(line)).root).bytes)
    }
  }

  private func frame(_ node: JSONNode) throws -> EventStreamFrame {
    var headers: [EventStreamFrame.Header] = []
    for header in node.elements(of: "headers") {
      let parts = Array(header.elements)
      guard parts.count == 3, let name = parts[0].string, let value = value(parts[1].string, parts[2]) else {
        throw ValidationError("A header is [name, kind, value].")
      }
      headers.append(.init(name, value))
    }
    guard let payload = node["payload"]?.string.flatMap({ Data(base64Encoded: $0) }) else {
      throw ValidationError("A frame has a payload in Base64.")
    }
    return EventStreamFrame(headers: headers, payload: Array(payload))
  }

  private func value(_ kind: String?, _ node: JSONNode) -> EventStreamFrame.HeaderValue? {
    switch kind {
    case "bool": node.bool.map { .bool($0) }
    case "number": node.integer.map { .number($0) }
    case "bytes": node.string.flatMap { Data(base64Encoded: $0) }.map { .bytes(Array($0)) }
    case "string": node.string.map { .string($0) }
    default: nil
    }
  }
}

/// Reads bytes as a stream of frames and tells what is in them as lines of JSON.
struct ReadFrames: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read-frames",
    abstract: "Reads frames of an event stream.",
    discussion: """
      Reads records, each four bytes of length (the most significant first) and a stream of its own. Writes one line a \
      record: {"frames": [{"headers": [[name, kind, value], ...], "payload": Base64}, ...], "problem": text or null}.
      """)

  @Option(help: "Bytes that the decoder is given at a time.")
  var piece = 1_000

  func validate() throws {
    if piece < 1 { throw ValidationError("A piece has at least one byte.") }
  }

  func run() throws {
    let input = try Pipe.input()
    var position = 0
    while position + 4 <= input.count {
      let length = input[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = min(input.count, position + 4 + length)
      try Pipe.write(line(Array(input[position + 4..<end])))
      position = end
    }
  }

  private func line(_ bytes: [UInt8]) -> [UInt8] {
    var decoder = EventStreamDecoder()
    var frames: [EventStreamFrame] = []
    var problem: FramingProblem?
    do throws(FramingProblem) {
      for start in stride(from: 0, to: bytes.count, by: piece) {
        frames += try decoder.feed(Array(bytes[start..<min(bytes.count, start + piece)]))
      }
      try decoder.finish()
    } catch {
      problem = error
    }
    let value = JSONValue.object([
      .init("frames", .array(frames.map(value))), .init("problem", problem.map { .string($0.clause) } ?? .null),
    ])
    return value.bytes + [UInt8(ascii: "\n")]
  }

  private func value(_ frame: EventStreamFrame) -> JSONValue {
    let headers = frame.headers.map { header -> JSONValue in
      let (kind, value): (String, JSONValue) =
        switch header.value {
        case .bool(let bool): ("bool", .bool(bool))
        case .number(let number): ("number", .number(String(number)))
        case .bytes(let bytes): ("bytes", .string(Data(bytes).base64EncodedString()))
        case .string(let text): ("string", .string(text))
        }
      return .array([.string(header.name), .string(kind), value])
    }
    return .object([
      .init("headers", .array(headers)), .init("payload", .string(Data(frame.payload).base64EncodedString())),
    ])
  }
}

/// The two ends of the program.
enum Pipe {
  static func input() throws -> [UInt8] { Array(try FileHandle.standardInput.readToEnd() ?? Data()) }
  static func write(_ bytes: [UInt8]) throws { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) }
}
