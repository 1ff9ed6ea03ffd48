/// What a model says, piece by piece, in no particular dialect. A whole answer is the same events at once.
///
/// Order: `started`, then for each block `blockStarted`, `delta`*, `blockStopped`, then `stopped`; `usage` may come
/// at any place, is cumulative, and the last one counts. It covers what came before it: one that a `started`, block or
/// piece follows is provisional.
public enum ChatEvent: Sendable, Equatable {
  case started
  case blockStarted(index: Int, kind: BlockKind)
  case delta(index: Int, BlockDelta)
  case blockStopped(index: Int)
  case stopped(StopReason)
  case usage(TokenUsage)
}

/// What kind of block begins.
public enum BlockKind: Sendable, Equatable {
  case text
  case toolUse(id: String, name: String)
  case reasoning
}

/// A piece of a block.
public enum BlockDelta: Sendable, Equatable {
  case text(Sensitive<String>)
  /// A fragment of the tool's JSON input.
  case toolInput(Sensitive<String>)
  case reasoning(Sensitive<String>)
  case signature(String)
  case redactedReasoning(Sensitive<[UInt8]>)
}

/// Why a model stopped.
public enum StopReason: String, Sendable, Equatable, CaseIterable {
  case endOfTurn
  case maxTokens
  case stopSequence
  case toolUse
  /// The provider's or the model's own refusal.
  case refusal
  /// A reason that the provider gave and no dialect names; ends the turn.
  case other
}
