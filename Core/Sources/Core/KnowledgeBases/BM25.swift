import Foundation

/// How well a chunk answers to a term of the question: the one place of the formula. Rule KB-10.
public enum BM25 {
  /// How soon further occurrences of a term stop to count.
  public static let k1 = 1.2
  /// How much a long chunk is held against its occurrences.
  public static let b = 0.75

  /// The weight of a term by how rare it is: always above zero, also for a term that is in every chunk.
  ///
  /// `documents` is how many chunks there are, `containing` how many of them have the term.
  public static func idf(documents: Int, containing: Int) -> Double {
    let containing = Double(max(0, containing))
    let documents = max(Double(documents), containing)
    return log(1 + (documents - containing + 0.5) / (containing + 0.5))
  }

  /// What one term adds to a chunk's score. A question's terms are added in the question's order.
  ///
  /// `frequency` is how often the chunk has the term, `length` how many terms it has, `averageLength` the mean of that.
  public static func score(frequency: Int, length: Int, averageLength: Double, idf: Double) -> Double {
    guard frequency > 0 else { return 0 }
    let relative = averageLength > 0 ? Double(length) / averageLength : 1
    let occurrences = Double(frequency)
    return idf * occurrences * (k1 + 1) / (occurrences + k1 * (1 - b + b * relative))
  }
}
