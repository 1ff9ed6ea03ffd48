import Core
import Dialects
import Testing

@Suite("The Mendix connector's dialect")
struct ConnectorTests {
  private static let prompt = #""messages":[{"role":"user","content":[{"text":"x"}],"toolCallId":""}]"#

  @Test("A stray toolCallId and an empty inferenceConfig are taken")
  func tolerance() throws {
    let chat = try Exchange.chat(ConnectorConverseInbound(), #"{\#(Self.prompt),"inferenceConfig":{},"other":1}"#)
    #expect(chat == ChatRequest(messages: [Message(role: .user, content: [.text(Sensitive("x"))])]))
  }

  @Test("The model is found in the path, the body or a header, and may be absent")
  func models() throws {
    func model(_ member: String = "", _ parameters: [String: String] = [:], _ headers: [HTTPField] = []) throws
      -> String?
    {
      let request = Exchange.request("{\(Self.prompt)\(member)}", parameters: parameters, headers: headers)
      return try ConnectorConverseInbound().decode(request).call.model
    }
    let header = [HTTPField("X-Model-Id", "h")]
    #expect(try model() == nil)
    #expect(try model("", [:], header) == "h")
    #expect(try model(#","model":"b""#, [:], header) == "b")
    #expect(try model(#","model":"b","modelId":"a""#) == "a")
    #expect(try model(#","modelId":"a""#, ["modelId": "p"], header) == "p")
  }

  @Test("An enum without a type becomes a string, inside objects and lists too, and nothing else changes")
  func enums() throws {
    func schema(_ text: String) throws -> String {
      let body =
        #"{\#(Self.prompt),"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":\#(text)}}}]}}"#
      let chat = try Exchange.chat(ConnectorConverseInbound(), body)
      return Exchange.text(chat.tools[0].inputSchema.bytes.reveal())
    }
    let untouched = #"{ "type":"object", "properties":{"a":{"type":"integer","enum":[1.50]},"b":{}} }"#
    #expect(try schema(untouched) == untouched)
    #expect(
      try schema(#"{"type":"object","properties":{"a":{"enum":["x","y"]},"n":{"minimum":1.50}},"required":["a"]}"#)
        == #"{"type":"object","properties":{"a":{"type":"string","enum":["x","y"]},"n":{"minimum":1.50}},"required":["a"]}"#
    )
    #expect(
      try schema(#"{"properties":{"a":{"properties":{"b":{"type":"array","items":{"enum":["x"]}}}}}}"#)
        == #"{"properties":{"a":{"properties":{"b":{"type":"array","items":{"type":"string","enum":["x"]}}}}}}"#)
    #expect(try schema(#"{"properties":{"a":{"enum":[1,2]}}}"#) == #"{"properties":{"a":{"enum":[1,2]}}}"#)
  }

  @Test("Tool turns, images and documents are taken as the connector sends them")
  func toolTurn() throws {
    let chat = try Exchange.chat(
      ConnectorConverseInbound(),
      #"""
      {"system":[{"text":"s"}],"messages":[
       {"role":"user","content":[{"text":"x"},{"image":{"format":"png","source":{"bytes":"AQID"}}},
         {"document":{"format":"pdf","name":"d","source":{"bytes":"BA=="}}}]},
       {"role":"assistant","content":[{"text":"ok"},{"toolUse":{"toolUseId":"t","name":"f","input":{"a":1}}}]},
       {"role":"user","content":[{"toolResult":{"toolUseId":"t","content":[{"json":{"result":"r"}}]}}]}],
       "inferenceConfig":{"maxTokens":10,"temperature":0.5},
       "toolConfig":{"tools":[{"toolSpec":{"name":"f","description":"","inputSchema":{"json":{}}}}],"toolChoice":{"any":{}}}}
      """#)
    #expect(chat.system == [.text(Sensitive("s"))])
    #expect(chat.messages.map(\.content.count) == [3, 2, 1])
    let result = ToolResultContent.json(RawJSON(Array(#"{"result":"r"}"#.utf8)))
    #expect(chat.messages[2].content == [.toolResult(id: "t", content: [result], isError: false)])
    #expect(chat.toolChoice == .any)
    #expect(chat.inference == InferenceParameters(maxTokens: 10, temperature: 0.5))
  }

  @Test(
    "What cannot be expressed is refused with its path",
    arguments: [
      (#"{}"#, "messages is missing"), (#"{"messages":[]}"#, "messages must hold at least one"),
      (#"{"messages":[{"role":"system","content":[]}]}"#, "messages[0].role must be"),
      (#"{"messages":[{"role":"user","content":[]}]}"#, "messages[0].content must hold"),
      (#"{"messages":[{"role":"user","content":[{"video":{}}]}]}"#, "messages[0].content[0].video is not supported"),
      (#"{"messages":[{"role":"user","content":[{"sound":{}}]}]}"#, "messages[0].content[0] must hold one of text"),
      (
        #"{"messages":[{"role":"user","content":[{"image":{"format":"bmp"}}]}]}"#,
        "messages[0].content[0].image.format must be one of png"
      ),
      (
        #"{"messages":[{"role":"user","content":[{"image":{"format":"png","source":{"bytes":"@"}}}]}]}"#,
        "messages[0].content[0].image.source.bytes is not valid Base64"
      ),
      (
        #"{"messages":[{"role":"user","content":[{"image":{"format":"png","source":{"s3Location":{}}}}]}]}"#,
        "messages[0].content[0].image.source.s3Location is not supported"
      ),
      (#"{\#(prompt),"guardrailConfig":{"a":1}}"#, "guardrailConfig is not supported"),
      (#"{\#(prompt),"additionalModelRequestFields":{"top_p":5}}"#, "additionalModelRequestFields.top_p is not"),
      (
        #"{\#(prompt),"toolConfig":{"tools":[{"cachePoint":{"type":"default"}}]}}"#,
        "toolConfig.tools[0].cachePoint must follow a tool"
      ),
      (
        #"{\#(prompt),"toolConfig":{"tools":[],"toolChoice":{"tool":{"name":"g"}}}}"#,
        "toolConfig.toolChoice.tool.name names a tool"
      ),
    ])
  func refusals(_ body: String, _ start: String) throws {
    let problem = try #require(Exchange.refusal(ConnectorConverseInbound(), body))
    #expect(problem.message.hasPrefix(start), "\(problem.message)")
  }

  @Test("The answer has Converse's shape and tells how long it took")
  func answer() throws {
    let clock = WallClock { Exchange.createdAt.adding(milliseconds: 42) }
    let call = try ConnectorConverseInbound(clock: clock).decode(Exchange.request("{\(Self.prompt)}"))
    let (head, body) = Exchange.answer(call.encoder, SampleAnswer.tools, usage: SampleAnswer.usage)
    #expect(head.headers.value(of: "x-request-id") == "req-1")
    #expect(
      body
        == #"{"output":{"message":{"role":"assistant","content":[{"text":"Looking."},"#
        + #"{"toolUse":{"toolUseId":"t1","name":"weather","input":{"city":"Ulm"}}},"#
        + #"{"toolUse":{"toolUseId":"t2","name":"clock","input":{}}}]}},"stopReason":"tool_use","#
        + #""usage":{"inputTokens":7,"outputTokens":5,"totalTokens":17,"cacheReadInputTokens":3,"#
        + #""cacheWriteInputTokens":2},"metrics":{"latencyMs":42}}"#)
  }

  @Test("Our own Converse answer reads back the same through the outbound codec")
  func roundTrip() throws {
    let call = try ConnectorConverseInbound().decode(Exchange.request("{\(Self.prompt)}"))
    let body = Exchange.answer(call.encoder, SampleAnswer.tools, usage: SampleAnswer.usage).body
    let decoder = BedrockConverseOutbound().decoder(for: call.call)
    let events = try Exchange.decode(decoder, Array(body.utf8))
    let again = Exchange.answer(call.encoder, events, usage: SampleAnswer.usage).body
    #expect(again == body)
    #expect(events.last == .chat(.usage(SampleAnswer.usage)))
  }

  @Test("Embeddings: a plain list, or an object by type, with token counts in the head")
  func invoke() throws {
    func answer(_ member: String, _ answer: EmbedAnswer) throws -> (head: AnswerHead, body: String) {
      let body = #"{"texts":["a","b"],"input_type":"search_query"\#(member)}"#
      var encoder = try ConnectorInvokeInbound().decode(Exchange.request(body)).encoder
      _ = encoder.encode(.embedded(answer))
      let head = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
      return (head, Exchange.text(encoder.finish(usage: try #require(answer.usage))))
    }
    let vectors = EmbedAnswer(
      vectors: Sensitive([[1, 0.5], [2, 3]]), otherTypes: ["int8": RawJSON(Array("[[1],[2]]".utf8))],
      usage: TokenUsage(input: 9))
    let plain = try answer("", vectors)
    #expect(plain.head.headers.value(of: "x-amzn-bedrock-input-token-count") == "9")
    #expect(plain.head.headers.value(of: "x-amzn-bedrock-output-token-count") == "0")
    #expect(
      plain.body
        == #"{"id":"req-1","response_type":"embeddings_floats","texts":["a","b"],"embeddings":[[1.0,0.5],[2.0,3.0]]}"#)
    let typed = try answer(#","embedding_types":["float","int8","base64"],"truncate":"LEFT""#, vectors)
    #expect(
      typed.body
        == #"{"id":"req-1","response_type":"embeddings_by_type","texts":["a","b"],"embeddings":{"#
        + #""float":[[1.0,0.5],[2.0,3.0]],"int8":[[1],[2]],"base64":["AACAPwAAAD8=","AAAAQAAAQEA="]}}"#)
  }

  @Test("Embed requests are read, and wrong ones refused with their path")
  func invokeRequests() throws {
    let embed = try Exchange.embed(
      ConnectorInvokeInbound(),
      #"{"texts":["a"],"input_type":"search_query","truncate":"RIGHT","embedding_types":["base64","float","int8"],"#
        + #""output_dimension":512,"model":"m"}"#)
    #expect(
      embed
        == EmbedRequest(
          model: "m", inputs: [Sensitive("a")], inputType: "search_query", truncate: "END", dimensions: 512,
          embeddingTypes: ["float", "int8"]))
    for (body, start) in [
      ("{}", "texts is missing"), (#"{"texts":[]}"#, "texts must hold"), (#"{"texts":[1]}"#, "texts[0] must be"),
      (#"{"texts":["a"],"images":["x"]}"#, "images is not supported"),
      (#"{"texts":["a"],"embedding_types":["f64"]}"#, "embedding_types[0] must be"),
      (#"{"texts":["a"],"truncate":"MIDDLE"}"#, "truncate must be"),
      (#"{"texts":["a"],"input_type":"image"}"#, "input_type must be"),
    ] {
      #expect(Exchange.refusal(ConnectorInvokeInbound(), body)?.message.hasPrefix(start) == true, "\(body)")
    }
  }

  @Test("The resource's details have the members of old and new clients")
  func details() {
    let body = ConnectorDetails.encode(
      model: "a", modelName: "A", models: [(id: "a", name: "A"), (id: "b", name: "B")])
    #expect(
      Exchange.text(body)
        == #"{"model":"a","modelName":"A","models":[{"id":"a","name":"A"},{"id":"b","name":"B"}]}"#)
  }
}
