/// The connector's question about its resource: `GET <base>`. All three members, for old and new clients.
public enum ConnectorDetails {
  /// `model` and `modelName` are those of the default model.
  public static func encode(model: String, modelName: String, models: [(id: String, name: String)]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("model", model)
      writer.member("modelName", modelName)
      writer.array("models") { list in
        for entry in models {
          list.object { entryWriter in
            entryWriter.member("id", entry.id)
            entryWriter.member("name", entry.name)
          }
        }
      }
    }
    return writer.bytes
  }
}
