import Core

/// An embed request as it came, for Cohere's own service. Rules D-1, D-4.
///
/// What the neutral call cannot say is refused rather than passed: images and a bound on tokens would cost what nobody
/// has counted.
struct CoherePassableEmbed: PassableRequest, Redacted {
  let body: JSONNode
  let version: CohereEmbedInbound.Version
  let uncountedBytes: Int

  /// Nil for a request of which a careless service could take another of two members with one name.
  init?(_ body: JSONNode, version: CohereEmbedInbound.Version) throws(InvalidRequest) {
    let survey = try MemberSurvey(body, CohereMembers.rules)
    guard !survey.hasDuplicates else { return nil }
    self.body = body
    self.version = version
    uncountedBytes = survey.uncountedBytes
  }

  var beyondNeutral: InvalidRequest? { nil }

  /// Each version has a path and an answer of its own.
  var path: String { "/v\(version.rawValue)/embed" }

  /// What must change: the model's name.
  func body(model: String) -> [UInt8] {
    var editor = JSONEditor(body.document)
    editor.set("model", to: JSONText.quoted(model))
    return editor.edited()
  }

  var encoder: any AnswerEncoder {
    WholeAnswerRelay { requestID in
      AnswerHead(
        status: 200,
        headers: [HTTPField("content-type", "application/json"), HTTPField("x-request-id", requestID.text)])
    }
  }
}
