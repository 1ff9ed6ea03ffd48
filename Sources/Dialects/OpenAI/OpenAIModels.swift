import Core

/// The answers of `GET /v1/models` and `GET /v1/models/{id}` in OpenAI's shape.
public enum OpenAIModels {
  public static func list(_ models: [ModelEntry]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { list in
      list.member("object", "list")
      list.array("data") { data in for model in models { write(model, to: &data) } }
    }
    return writer.bytes
  }

  public static func single(_ model: ModelEntry) -> [UInt8] {
    var writer = JSONWriter()
    write(model, to: &writer)
    return writer.bytes
  }

  private static func write(_ model: ModelEntry, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", model.id)
      writer.member("object", "model")
      writer.member("created", model.createdAt.milliseconds / 1_000)
      writer.member("owned_by", model.ownedBy)
    }
  }
}
