/// What the services call their errors.
enum ErrorNames {
  static func openAI(_ status: Int) -> String {
    switch status {
    case 401: "authentication_error"
    case 403: "permission_error"
    case 429: "rate_limit_error"
    case 500...: "server_error"
    default: "invalid_request_error"
    }
  }

  static func anthropic(_ status: Int) -> String {
    switch status {
    case 401: "authentication_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 408, 504: "timeout_error"
    case 413: "request_too_large"
    case 429: "rate_limit_error"
    case 529: "overloaded_error"
    case 500...: "api_error"
    default: "invalid_request_error"
    }
  }

  static func bedrock(_ status: Int) -> String {
    switch status {
    case 401: "UnrecognizedClientException"
    case 403: "AccessDeniedException"
    case 404: "ResourceNotFoundException"
    case 408: "ModelTimeoutException"
    case 424: "ModelErrorException"
    case 429: "ThrottlingException"
    case 502...: "ServiceUnavailableException"
    case 500...: "InternalServerException"
    default: "ValidationException"
    }
  }

  /// The exceptions that may stand inside a stream of Bedrock's; nil is the usual one.
  static func bedrockStream(_ status: Int?) -> String {
    switch status {
    case 400: "validationException"
    case 429: "throttlingException"
    case 500: "internalServerException"
    case 502, 503, 504, 529: "serviceUnavailableException"
    default: "modelStreamErrorException"
    }
  }
}
