import Core

/// How a resource is called, ready to paste. Rule G-2.
struct CodeSamples: Sendable {
  let curl: String
  let python: String

  init(type: ResourceType, gateway: String, model: String, key: String) {
    switch type {
    case .text, .knowledgeBase:
      curl = Self.curl("\(gateway)/v1/chat/completions", key, Self.chatBody(model))
      python = Self.python(
        gateway, key,
        """
        answer = client.chat.completions.create(
            model="\(model)",
            messages=[{"role": "user", "content": "What can you do?"}],
        )
        print(answer.choices[0].message.content)
        """)
    case .embeddings:
      curl = Self.curl("\(gateway)/v1/embeddings", key, Self.embeddingsBody(model))
      python = Self.python(
        gateway, key,
        """
        answer = client.embeddings.create(
            model="\(model)",
            input=["A sentence to compare with others."],
        )
        print(len(answer.data[0].embedding))
        """)
    }
  }

  private static func chatBody(_ model: String) -> String {
    #"{"model": "\#(model)", "messages": [{"role": "user", "content": "What can you do?"}]}"#
  }

  private static func embeddingsBody(_ model: String) -> String {
    #"{"model": "\#(model)", "input": ["A sentence to compare with others."]}"#
  }

  private static func curl(_ url: String, _ key: String, _ body: String) -> String {
    """
    curl \(url) \\
      -H "Authorization: Bearer \(key)" \\
      -H "Content-Type: application/json" \\
      -d '\(body)'
    """
  }

  private static func python(_ gateway: String, _ key: String, _ call: String) -> String {
    """
    from openai import OpenAI

    client = OpenAI(base_url="\(gateway)/v1", api_key="\(key)")
    \(call)
    """
  }
}
