/// What a provider says in answer to a ``ModelCall``.
public enum ModelEvent: Sendable, Equatable {
  case chat(ChatEvent)
  /// The whole answer to an embeddings call.
  case embedded(EmbedAnswer)
}
