import Core
import Dialects
import Testing

@Suite("What of a connector's request is not known is told by names only")
struct ConnectorShapeTests {
  private static func names(_ codec: some ShapeReading, _ body: String) -> [String] {
    codec.unrecognised(in: Exchange.request(body))
  }

  @Test("A request as it is known has nothing to tell")
  func known() {
    let chat =
      #"{"system":[{"text":"s"}],"modelId":"m","messages":[{"role":"user","toolCallId":"","content":[{"text":"x"},"#
      + #"{"image":{"format":"png","source":{"bytes":"AQID"}}},"#
      + #"{"toolUse":{"toolUseId":"t","name":"f","input":{"a":1}}},{"toolResult":{"toolUseId":"t","content":[{"json":{"result":"r"}}]}}]}],"inferenceConfig":{"maxTokens":1},"#
      + #""toolConfig":{"tools":[{"toolSpec":{"name":"f","description":"d","inputSchema":{"json":{"x":{"y":1}}}}}],"#
      + #""toolChoice":{"tool":{"name":"f"}}}}"#
    #expect(Self.names(ConnectorConverseInbound(), chat) == [])
    #expect(
      Self.names(
        ConnectorInvokeInbound(), #"{"texts":["a"],"input_type":"search_query","truncate":"END","embedding_types":[]}"#)
        == [])
  }

  @Test("New members are told with their place, each once")
  func unknown() {
    let body =
      #"{"selectedModel":"m","messages":[{"role":"user","x":1,"content":[{"text":"a","cache":1},{"video":{}}]},"#
      + #"{"x":2}],"inferenceConfig":{"seed":4},"toolConfig":{"tools":[{"toolSpec":{"strict":true}}]}}"#
    #expect(
      Self.names(ConnectorConverseInbound(), body) == [
        "selectedModel", "messages[].x", "messages[].content[].cache", "messages[].content[].video",
        "inferenceConfig.seed", "toolConfig.tools[].toolSpec.strict",
      ])
    #expect(Self.names(ConnectorInvokeInbound(), #"{"texts":["a"],"dimension":3}"#) == ["dimension"])
  }

  @Test("Content is never told, not even where it stands in a name, and there is a limit (V-1)")
  func limits() {
    let secret = "xyzzy 7f3a"
    let body = "{\"\(secret)\":\"\(secret)\",\"messages\":[{\"\(secret)\":{}}],\"a\":\"\(secret)\"}"
    let names = Self.names(ConnectorConverseInbound(), body)
    #expect(names == ["?", "messages[].?", "a"])
    let many = "{" + (0..<1_000).map { "\"m\($0)\":1" }.joined(separator: ",") + "}"
    #expect(Self.names(ConnectorConverseInbound(), many).count == 20)
    #expect(Self.names(ConnectorConverseInbound(), "no JSON") == [])
  }
}
