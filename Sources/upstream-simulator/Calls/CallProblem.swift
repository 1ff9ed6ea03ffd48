/// Why a call is refused, in a sentence for its caller.
struct CallProblem: Error, Equatable {
  let status: Int
  let message: String

  init(_ message: String, status: Int = 400) {
    self.status = status
    self.message = message
  }
}
