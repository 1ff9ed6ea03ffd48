public import Core
import Foundation

/// The models that run inside the program, without any provider account. Rule C-5, decision 21.
public enum OfflineModels {
  /// Embeddings with 384 dimensions by all-MiniLM-L6-v2.
  public static let embeddingsModel = ModelVersionID("packhouse-minilm-l6-v2")
  /// Text: quotes the sentences of the supplied context that are most similar to the question. Not a language model.
  public static let textModel = ModelVersionID("packhouse-extractive-1")
  /// Number of dimensions of ``embeddingsModel``.
  public static let dimensions = MiniLMWeights.dimensions
  /// Most tokens of one text that ``embeddingsModel`` takes, its two marker tokens included.
  public static let maximumEmbeddedTokens = MiniLM.maximumTokens
  /// Most texts of one embeddings call.
  public static let maximumEmbeddedTexts = EmbedInput.maximumTexts
  /// Most input tokens of one call to ``textModel``.
  public static let maximumChatInputTokens = ExtractiveModel.maximumInputTokens
  /// Output tokens of ``textModel`` where the call names no number.
  public static let defaultMaxTokens = ExtractiveModel.defaultMaxTokens
  /// The folder that the weights lie in, below one of the folders that are looked into.
  public static let folderName = "all-minilm-l6-v2"

  private static let weightsName = "model.safetensors"
  private static let vocabularyName = "vocab.txt"
  private static let maximumVocabularyBytes = 16 << 20

  /// Loads the weights from the first of `folders` that holds `all-minilm-l6-v2/model.safetensors`.
  ///
  /// The weights stay in the file's own pages. `threads` calls compute at a time, `limit` may be unfinished; the rest
  /// is refused. Takes some 40 ms. Throws where no folder holds the weights, or where those found cannot be used.
  public static func load(
    from folders: [String], threads: Int = 1, limit: Int = OfflineModelPool.defaultLimit
  ) throws(OfflineModelsError) -> OfflineModelPool {
    let candidates = folders.filter { !$0.isEmpty }
    let found = candidates.lazy.map { "\($0)/\(folderName)" }.first { folder in
      FileManager.default.fileExists(atPath: "\(folder)/\(weightsName)")
    }
    guard let found else { throw .weightsMissing(folders: candidates) }
    let vocabulary = try readVocabulary("\(found)/\(vocabularyName)")
    let file = try Safetensors(path: "\(found)/\(weightsName)")
    let weights = try MiniLMWeights(file: file, vocabulary: vocabulary.count)
    return OfflineModelPool(
      weights: weights, tokenizer: WordPieceTokenizer(vocabulary: vocabulary), folder: found, threads: threads,
      limit: limit)
  }

  private static func readVocabulary(_ path: String) throws(OfflineModelsError) -> Vocabulary {
    let memory = try TensorMemory(mapping: path)
    guard memory.byteCount <= maximumVocabularyBytes else {
      throw .unusable(file: path, reason: "it has \(memory.byteCount) bytes; at most 16 MiB are read")
    }
    return try Vocabulary(lines: [UInt8](memory.bytes), file: path)
  }
}
