import Core

/// The answers of `GET /v1/models` and `GET /v1/models/{id}` in Anthropic's shape. All models stand on one page.
public enum AnthropicModels {
  public static func list(_ models: [ModelEntry]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { list in
      list.array("data") { data in for model in models { write(model, to: &data) } }
      list.member("has_more", false)
      write("first_id", models.first?.id, to: &list)
      write("last_id", models.last?.id, to: &list)
    }
    return writer.bytes
  }

  public static func single(_ model: ModelEntry) -> [UInt8] {
    var writer = JSONWriter()
    write(model, to: &writer)
    return writer.bytes
  }

  private static func write(_ name: String, _ id: String?, to writer: inout JSONWriter) {
    if let id { writer.member(name, id) } else { writer.nullMember(name) }
  }

  private static func write(_ model: ModelEntry, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("type", "model")
      writer.member("id", model.id)
      writer.member("display_name", model.displayName)
      writer.member("created_at", model.createdAt.utcText)
    }
  }
}
