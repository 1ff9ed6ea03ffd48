extension Chunk {
  /// Everything that keeps the chunk from being inserted. Rule KB-5. `prefix` stands before the fields' names, such as
  /// `chunks[3].`.
  public func problems(prefix: String = "") -> [FieldProblem] {
    var problems: [FieldProblem] = []
    if id.text.isEmpty { problems.append(FieldProblem(prefix + "id", "The chunk has no id; give it one.")) }
    if text.isBlank {
      problems.append(FieldProblem(prefix + "text", "The chunk has no text; give it some, or leave the chunk out."))
    }
    let characters = text.scalarCount
    if characters > KnowledgeLimits.chunkCharacters {
      problems.append(
        FieldProblem(
          prefix + "text",
          """
          The chunk has \(UnitsFormat.grouped(Int64(characters))) characters; at most \
          \(UnitsFormat.grouped(Int64(KnowledgeLimits.chunkCharacters))) fit. Split it into several chunks.
          """))
    }
    if text.hasNull { problems.append(FieldProblem(prefix + "text", Self.nullProblem("The chunk's text"))) }
    problems += metadataProblems(prefix: prefix)
    problems += nameProblems(prefix: prefix)
    return problems
  }

  /// Everything that is wrong with what one call inserts; at most ``KnowledgeLimits/problemsTold``.
  public static func problems(in chunks: [Chunk], field: String = "chunks") -> [FieldProblem] {
    if chunks.isEmpty { return [FieldProblem(field, "There is no chunk to insert; give at least one.")] }
    if chunks.count > KnowledgeLimits.chunksPerCall {
      return [
        FieldProblem(
          field,
          "One call takes at most \(KnowledgeLimits.chunksPerCall) chunks, not \(chunks.count); make several calls.")
      ]
    }
    var seen: Set<ChunkID> = []
    var problems: [FieldProblem] = []
    for (index, chunk) in chunks.enumerated() {
      problems += chunk.problems(prefix: "\(field)[\(index)].")
      if !seen.insert(chunk.id).inserted {
        problems.append(
          FieldProblem("\(field)[\(index)].id", "Another chunk of this call has the same id; ids are unique."))
      }
      if problems.count >= KnowledgeLimits.problemsTold { break }
    }
    return Array(problems.prefix(KnowledgeLimits.problemsTold))
  }

  private func metadataProblems(prefix: String) -> [FieldProblem] {
    let field = prefix + "metadata"
    var problems: [FieldProblem] = []
    let bytes = metadata.metadataBytes
    if bytes > KnowledgeLimits.metadataBytes {
      problems.append(
        FieldProblem(
          field,
          """
          The metadata takes \(UnitsFormat.grouped(Int64(bytes))) bytes; at most \
          \(UnitsFormat.grouped(Int64(KnowledgeLimits.metadataBytes))) (16 KB) fit. Shorten or drop some of it.
          """))
    }
    for pair in metadata where problems.count < KnowledgeLimits.problemsTold {
      if let problem = KnowledgeLimits.problem(inKey: pair.name) { problems.append(FieldProblem(field, problem)) }
      switch pair.value {
      case .number(let number) where !number.isFinite:
        problems.append(
          FieldProblem(
            field, "The value of \(KnowledgeLimits.quoted(pair.name)) is not a finite number; give a finite one."))
      case .text(let text) where text.hasNull:
        problems.append(
          FieldProblem(field, Self.nullProblem("The value of \(KnowledgeLimits.quoted(pair.name))")))
      case .number, .text, .boolean: break
      }
    }
    return problems
  }

  private func nameProblems(prefix: String) -> [FieldProblem] {
    let names = [
      ("humanReadableId", humanReadableID, KnowledgeLimits.humanReadableIDCharacters),
      ("mxObjectId", mxObjectID, KnowledgeLimits.objectNameCharacters),
      ("mxEntity", mxEntity, KnowledgeLimits.objectNameCharacters),
    ]
    return names.compactMap { field, text, limit in
      guard let text else { return nil }
      if text.scalarCount > limit {
        return FieldProblem(prefix + field, "This has at most \(limit) characters, not \(text.scalarCount).")
      }
      return text.hasNull ? FieldProblem(prefix + field, Self.nullProblem("This")) : nil
    }
  }

  private static func nullProblem(_ what: String) -> String {
    "\(what) has the character U+0000 in it, which no store keeps; remove it."
  }
}
