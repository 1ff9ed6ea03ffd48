import Core

/// Which model a connector's call asks for. Up to version 5 none is named; later ones may name it in the path, in the
/// body or in a header.
enum ConnectorModelChoice {
  static func model(_ request: InboundRequest, _ body: JSONNode) throws(InvalidRequest) -> String? {
    let places = [
      request.parameters["modelId"], try body.optionalText("modelId"), try body.optionalText("model"),
      request.headers.value(of: "x-model-id"),
    ]
    return places.lazy.compactMap { $0 }.first { !$0.isEmpty }
  }
}
