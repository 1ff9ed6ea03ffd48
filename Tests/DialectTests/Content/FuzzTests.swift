import Core
import Dialects
import Testing

@Suite("Whatever bytes come, nothing crashes and nothing passes a limit")
struct FuzzTests {
  private static let requests = [
    #"{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"é😀"},"#
      + #"{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]},{"role":"assistant","content":null,"#
      + #""tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"#
      + #"{"role":"tool","tool_call_id":"c","content":"r"}],"tools":[{"type":"function","function":{"name":"f","#
      + #""parameters":{"type":"object"}}}],"stream":true,"max_tokens":5,"temperature":1e0,"stop":["\u00e9\ud83d\ude00"]}"#,
    #"{"system":[{"text":"s"}],"messages":[{"role":"user","content":[{"text":"x"},{"image":{"format":"png","source":"#
      + #"{"bytes":"AQID"}}},{"toolResult":{"toolUseId":"t","content":[{"json":{"a":[1,2]}}]}}]}],"inferenceConfig":"#
      + #"{"maxTokens":5},"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"properties":"#
      + #"{"p":{"enum":["x"]}}}}}}],"toolChoice":{"any":{}}}}"#,
    #"{"model":"m","input":["a","b\n"],"encoding_format":"base64","dimensions":3}"#,
    #"{"texts":["a","b"],"input_type":"search_query","embedding_types":["float"],"truncate":"END"}"#,
    #"{"inputs":[{"content":[{"type":"text","text":"é😀"}]}],"embedding_types":["base64"],"output_dimension":2}"#,
    #"{"model":"m","max_tokens":4096,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"#
      + #""messages":[{"role":"user","content":[{"type":"text","text":"é😀"},{"type":"image","source":{"type":"base64","#
      + #""media_type":"image/png","data":"AQID"}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"t","#
      + #""signature":"s"},{"type":"tool_use","id":"c","name":"f","input":{"a":1}}]},{"role":"user","content":["#
      + #"{"type":"tool_result","tool_use_id":"c","content":"r"}]}],"tools":[{"name":"f","input_schema":{}}],"#
      + #""tool_choice":{"type":"any"},"thinking":{"type":"enabled","budget_tokens":1024},"stream":true}"#,
    #"{"model":"m","instructions":"s","input":[{"role":"user","content":[{"type":"input_text","text":"é😀"},"#
      + #"{"type":"input_image","image_url":"data:image/png;base64,AQID"}]},{"type":"reasoning","summary":["#
      + #"{"type":"summary_text","text":"t"}],"encrypted_content":"signature:s"},{"type":"function_call","call_id":"c","#
      + #""name":"f","arguments":"{\"a\":1}"},{"type":"function_call_output","call_id":"c","output":"r"}],"tools":["#
      + #"{"type":"function","name":"f","parameters":{}}],"tool_choice":"required","text":{"format":{"type":"text"}},"#
      + #""reasoning":{"effort":"low"},"max_output_tokens":4096,"stream":true}"#,
  ]

  private static let answers: [[UInt8]] =
    [
      #"{"choices":[{"message":{"content":"x","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},"#
        + #""finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#,
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
      #"{"output":{"message":{"content":[{"text":"x"},{"toolUse":{"toolUseId":"t","name":"f","input":{}}}]}},"#
        + #""stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":2}}"#,
      #"{"data":[{"index":0,"embedding":[1,2.5e-3]}],"usage":{"prompt_tokens":1}}"#,
      #"{"embeddings":{"float":[[1,2]],"int8":[[1]]}}"#,
      #"{"type":"message","content":[{"type":"text","text":"x"},{"type":"tool_use","id":"t","name":"f","input":{}}],"#
        + #""stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}}"#,
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1}}}\n\n"
        + "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\"}}\n\n"
        + "data: {\"type\":\"message_stop\"}\n\n",
    ].map { Array($0.utf8) } + [
      EventStreamFrame(
        event: "contentBlockDelta", payload: Array(#"{"contentBlockIndex":0,"delta":{"text":"x"}}"#.utf8)
      ).bytes + EventStreamFrame(event: "messageStop", payload: Array(#"{"stopReason":"end_turn"}"#.utf8)).bytes
    ]

  private static let inbound: [any InboundCodec] = [
    OpenAIChatInbound(), OpenAIEmbeddingsInbound(), BedrockConverseInbound(), ConnectorConverseInbound(),
    ConnectorInvokeInbound(), AnthropicMessagesInbound(), OpenAIResponsesInbound(),
    BedrockConverseInbound(isStreaming: true), BedrockInvokeInbound(), BedrockInvokeInbound(isStreaming: true),
    ConnectorConverseInbound(isStreaming: true), CohereEmbedInbound(.v2),
  ]

  private static let outbound: [any OutboundCodec] = [
    OpenAIChatOutbound(), OpenAIEmbeddingsOutbound(), BedrockConverseOutbound(), BedrockInvokeCohereOutbound(),
    AnthropicMessagesOutbound(), CohereEmbedOutbound(),
  ]

  private static let pieces = [
    "{", "}", "[", "]", "\"", "\\u", ",", ":", "null", "1e9", "-", "\u{0}", "\\", "data:", "\n\n",
  ]

  private static func mutated(_ bytes: [UInt8], _ random: inout TestRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<[1, 1, 1, 2, 4][random.below(5)] {
      let place = random.below(max(1, bytes.count))
      switch random.below(6) {
      case 0 where !bytes.isEmpty: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 1 where !bytes.isEmpty: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: pieces[random.below(pieces.count)].utf8, at: min(place, bytes.count))
      case 3: bytes.removeLast(min(bytes.count, random.below(40)))
      case 4:
        let end = min(bytes.count, place + random.below(40))
        bytes.insert(
          contentsOf: Array(bytes[min(place, end)..<end]), at: min(random.below(bytes.count + 1), bytes.count))
      default:
        let end = min(bytes.count, place + random.below(12))
        bytes.removeSubrange(min(place, end)..<end)
      }
    }
    return bytes
  }

  @Test(
    "10,000 damaged requests: each is refused in a sentence, or becomes a call that every provider is sent valid JSON for",
    arguments: TestRandom.freshSeeds(2))
  func requests(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    var taken = 0
    for round in 0..<5_000 {
      let body = Self.mutated(Array(Self.requests[round % Self.requests.count].utf8), &random)
      let request = InboundRequest(method: "POST", path: "/", headers: [], body: Sensitive(body))
      // Mostly the codec that the request was made for, so that damage goes deep.
      let fitting = [0, random.chance(1, of: 2) ? 2 : 3, 1, 4, 11, 5, 6][round % Self.requests.count]
      let codec = Self.inbound[random.chance(4, of: 5) ? fitting : random.below(Self.inbound.count)]
      let call: DecodedCall
      do {
        call = try codec.decode(request)
      } catch {
        #expect(error.message.hasSuffix(".") && error.message.utf8.count < 600, "seed \(seed), round \(round)")
        continue
      }
      taken += 1
      for codec in Self.outbound {
        guard let sent = try? codec.request(for: call.call, upstreamModel: "m") else { continue }
        #expect(throws: Never.self, "seed \(seed), round \(round)") { try JSONValue(sent.body.reveal()) }
      }
      if let document = try? JSONDocument(body) {
        var editor = JSONEditor(document)
        editor.set("model", to: Array("\"new\"".utf8))
        editor.set("stream_options", "include_usage", to: Array("true".utf8))
        let edited = try JSONValue(editor.edited())
        #expect(edited["model"] == .string("new"), "seed \(seed), round \(round)")
        #expect(edited["stream_options"]?["include_usage"] == .bool(true), "seed \(seed), round \(round)")
      }
    }
    #expect(taken > 200, "seed \(seed)")
  }

  @Test(
    "10,000 damaged answers, split at random: each fails as an upstream failure or becomes events",
    arguments: TestRandom.freshSeeds(2))
  func answers(seed: UInt64) {
    var random = TestRandom(seed: seed)
    var read = 0
    for round in 0..<5_000 {
      let body = Self.mutated(Self.answers[round % Self.answers.count], &random)
      // Mostly the codec that the answer was made for, so that damage goes deep.
      let kind = random.chance(4, of: 5) ? round % Self.answers.count : random.below(Self.answers.count)
      let codec = Self.outbound[[0, 0, 2, 1, 3, 4, 4, 2][kind]]
      let call: ModelCall =
        kind == 3 || kind == 4
        ? .embed(EmbedRequest(inputs: [Sensitive("a")]))
        : .chat(ChatRequest(messages: [], isStreaming: kind == 1 || kind >= 6))
      let cut = random.below(body.count + 1)
      do {
        let events = try Exchange.decode(codec.decoder(for: call), body, cuts: [cut])
        read += events.isEmpty ? 0 : 1
      } catch {
        #expect(error is UpstreamFailure, "seed \(seed), round \(round)")
      }
      _ = codec.failure(status: 400 + random.below(200), headers: [], body: body)
    }
    #expect(read > 200, "seed \(seed)")
  }

  @Test("10,000 random byte strings are parted into frames or refused", arguments: TestRandom.freshSeeds(1))
  func frames(seed: UInt64) {
    var random = TestRandom(seed: seed)
    let limits = FramingLimits(lineBytes: 64, eventBytes: 256)
    for round in 0..<10_000 {
      var bytes = (0..<random.below(60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      if round % 2 == 0 { bytes = Self.mutated(Self.answers[round % Self.answers.count], &random) }
      var events = ServerSentEventParser(limits: limits)
      if let parsed = try? events.feed(bytes) {
        #expect(parsed.allSatisfy { $0.data.count <= 256 }, "seed \(seed), round \(round)")
      }
      var frames = EventStreamDecoder(limits: limits)
      _ = try? frames.feed(bytes)
    }
  }
}
