public import Core

/// The answers of `GET /v1/models` and `GET /v1/models/{id}`.
public enum OpenAIModels {
  /// One model that a key reaches.
  public struct Model: Sendable, Hashable {
    public let id: String
    public let createdAt: Instant
    public let ownedBy: String

    public init(id: String, createdAt: Instant, ownedBy: String) {
      self.id = id
      self.createdAt = createdAt
      self.ownedBy = ownedBy
    }
  }

  public static func list(_ models: [Model]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { list in
      list.member("object", "list")
      list.array("data") { data in for model in models { write(model, to: &data) } }
    }
    return writer.bytes
  }

  public static func list(_ models: [(id: String, createdAt: Instant, ownedBy: String)]) -> [UInt8] {
    list(models.map { Model(id: $0.id, createdAt: $0.createdAt, ownedBy: $0.ownedBy) })
  }

  public static func single(_ model: Model) -> [UInt8] {
    var writer = JSONWriter()
    write(model, to: &writer)
    return writer.bytes
  }

  private static func write(_ model: Model, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", model.id)
      writer.member("object", "model")
      writer.member("created", model.createdAt.milliseconds / 1_000)
      writer.member("owned_by", model.ownedBy)
    }
  }
}
