extension ResourceCommand.Provision {
  static let order = CommandOption(
    name: "order", placeholder: "SKU",
    help: "The order reference, 1 to 100 characters; recorded with the resource and in the company's activity.",
    fallback: nil, example: "SO-4711")
  static let type = CommandOption(
    name: "type", placeholder: "text|embeddings|knowledge-base", help: "What kind of resource it is.", fallback: nil,
    example: "text")
  static let name = CommandOption(
    name: "name", placeholder: "NAME", help: "The display name, up to 100 characters.", fallback: nil,
    example: "\"Support assistant\"")
  static let environment = CommandOption(
    name: "environment", placeholder: "test|acceptance|production",
    help: "Which environment of the company's landscape it is for.", fallback: nil, example: "production")
  static let region = CommandOption(
    name: "region", placeholder: "ID", help: "The region by its id in the catalog.", fallback: nil,
    example: "eu-central-1")
  static let userName = CommandOption(
    name: "user-name", placeholder: "NAME", help: "Name of the user whom it is for, up to 100 characters.",
    fallback: nil, example: "\"Joris Blom\"")
  static let userEmail = CommandOption(
    name: "user-email", placeholder: "ADDRESS", help: "That user's address.", fallback: nil,
    example: "joris@fernhill.example")
  static let model = CommandOption(
    name: "model", placeholder: "MODEL",
    help: "A model to enable, by its id, an alias or its display name in the catalog; up to 50.",
    fallback: "none; needed but for a knowledge base", example: "claude-sonnet-4-6", kind: .list)
  static let defaultModel = CommandOption(
    name: "default-model", placeholder: "MODEL",
    help: "Of a text resource: which of its models answers calls that name "
      + "none.", fallback: "the only one; needed where there are several", example: "claude-sonnet-4-6")
  static let cloudTokens = CommandOption(
    name: "cloud-tokens", placeholder: "N",
    help:
      "Its capacity as a whole number of Cloud Tokens, 1 to 10,000,000; each is worth 100 GenAI Units a bundle month.",
    fallback: "none; needed unless --size is there", example: "30")
  static let size = CommandOption(
    name: "size", placeholder: "PLAN", help: "Its capacity as a plan of the catalog, by its name or id, instead.",
    fallback: "none; the only one of a knowledge base", example: "M")
  static let crossRegion = CommandOption(
    name: "cross-region", placeholder: "on|off", help: "Whether other regions of the same area may answer.",
    fallback: "on where the models need it", example: "off")
  static let embeddingsResource = CommandOption(
    name: "embeddings-resource", placeholder: "ID",
    help: "Of a knowledge base: the embeddings resource that it uses for its whole life.",
    fallback: "none; needed for a knowledge base", example: "k3v9x0q2mz")
  static let timeZone = CommandOption(
    name: "time-zone", placeholder: "NAME",
    help: "With a company's first resource: its time zone by its IANA name, final from then on.",
    fallback: "as it is", example: "Europe/Amsterdam")
}
