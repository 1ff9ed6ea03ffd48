/// Joins rankings by ranks alone, because their scores have no common measure: reciprocal rank fusion. Rule KB-10.
public enum RankFusion {
  /// How little the first ranks stand out.
  public static let constant = 60.0

  public struct Ranked: Hashable, Sendable {
    public let id: ChunkID
    public let score: Double

    public init(id: ChunkID, score: Double) {
      self.id = id
      self.score = score
    }
  }

  /// The best `count` of all that is ranked, best first; ties are broken by chunk id, so that the same rankings always
  /// give the same answer (KB-11). A chunk that a ranking names twice counts by its better rank.
  public static func fused(_ rankings: [[ChunkID]], count: Int) -> [Ranked] {
    var scores: [ChunkID: Double] = [:]
    for ranking in rankings {
      var seen: Set<ChunkID> = []
      for (index, id) in ranking.enumerated() where seen.insert(id).inserted {
        scores[id, default: 0] += 1 / (constant + Double(index + 1))
      }
    }
    let all = scores.map { Ranked(id: $0.key, score: $0.value) }
      .sorted { $0.score != $1.score ? $0.score > $1.score : $0.id < $1.id }
    return Array(all.prefix(max(0, count)))
  }
}
