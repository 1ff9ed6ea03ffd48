/// What every vector must be before it is stored or searched by: of the right length, finite, and not zero, because a
/// zero vector has no direction and so no similarity.
public enum VectorReview {
  /// Everything that is wrong with a vector; `dimensions` is what the knowledge base's embeddings model gives.
  public static func problems(in vector: [Float], dimensions: Int, field: String = "vector") -> [FieldProblem] {
    var problems: [FieldProblem] = []
    if vector.count != dimensions {
      problems.append(
        FieldProblem(
          field,
          """
          The vector has \(vector.count) numbers; this knowledge base's embeddings have \(dimensions). Use the same \
          embeddings model.
          """))
    }
    if let index = vector.firstIndex(where: { !$0.isFinite }) {
      problems.append(
        FieldProblem(field, "Number \(index + 1) of the vector is not finite; every number must be."))
    } else if !vector.isEmpty, vector.allSatisfy({ $0 == 0 }) {
      problems.append(
        FieldProblem(field, "The vector is zero everywhere and so is near to nothing; give one with a direction."))
    }
    return problems
  }
}
