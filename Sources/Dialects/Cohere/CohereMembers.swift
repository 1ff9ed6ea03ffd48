/// What becomes of the members of an embed request of either version. Rules D-2, D-4.
enum CohereMembers {
  static let rules: [String: MemberRule] = [
    "model": .carried, "texts": .carried, "images": .carried, "max_tokens": .carried, "input_type": .carried,
    "truncate": .carried, "embedding_types": .carried, "output_dimension": .carried,
    "inputs": .members(["content": .kinds(by: "type", ["text": ["type": .carried, "text": .carried]])]),
    // How soon it is begun among the account's own requests; the vectors are the same.
    "priority": .hint,
  ]
}
