/// The head of an answer to an application.
public struct AnswerHead: Sendable, Equatable {
  public var status: Int
  public var headers: [HTTPField]

  public init(status: Int, headers: [HTTPField]) {
    self.status = status
    self.headers = headers
  }
}

/// A whole answer, head and body.
public struct WholeAnswer: Sendable, Equatable {
  public var head: AnswerHead
  public var body: [UInt8]

  public init(status: Int, headers: [HTTPField], body: [UInt8]) {
    head = AnswerHead(status: status, headers: headers)
    self.body = body
  }
}
