import Core

/// Heads of answers as Bedrock's clients read them.
enum BedrockHead {
  static func head(contentType: String, requestID: RequestID, also more: [HTTPField] = []) -> AnswerHead {
    AnswerHead(
      status: 200,
      headers: [
        HTTPField("content-type", contentType), HTTPField("x-request-id", requestID.text),
        HTTPField("x-amzn-requestid", requestID.text),
      ] + more)
  }

  /// The model that a path names: an id, an alias or an ARN. Clients that leave the slash of an ARN as it is make two
  /// parts of it.
  static func model(_ parameters: [String: String]) -> String? {
    guard let model = parameters["modelId"] else { return nil }
    return parameters["profile"].map { "\(model)/\($0)" } ?? model
  }
}
