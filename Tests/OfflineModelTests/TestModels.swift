import Core
import Foundation

@testable import OfflineModels

/// The real weights, where the machine has them: `PACKHOUSE_MODELS` names the folder that scripts/fetch-models.sh
/// filled. Loaded once for all tests.
enum TestModels {
  static let missing: String =
    "the weights are not here: run `scripts/fetch-models.sh DIR` and set PACKHOUSE_MODELS to DIR"

  static let folder = ProcessInfo.processInfo.environment["PACKHOUSE_MODELS"] ?? ""

  static let areFetched = FileManager.default.fileExists(
    atPath: "\(folder)/\(OfflineModels.folderName)/model.safetensors")

  static let shared = Result { try OfflineModels.load(from: [folder]) }

  static let tokenizer = Result {
    let path = "\(folder)/\(OfflineModels.folderName)/vocab.txt"
    let lines = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    return WordPieceTokenizer(vocabulary: try Vocabulary(lines: lines, file: path))
  }

  static func encoder() throws -> MiniLM {
    let file = try Safetensors(path: "\(folder)/\(OfflineModels.folderName)/model.safetensors")
    return MiniLM(weights: try MiniLMWeights(file: file, vocabulary: 30_522))
  }
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A vocabulary small enough to know by heart.
enum SmallVocabulary {
  static let pieces =
    [
      "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "##", "#", "un", "##want", "##ed", "want", "wanted", "runn",
      "##ing",
    ]
    + [",", ".", "?", "!", "a", "b", "c", "##a", "##b", "##c", "ab", "abc", "##bc", "é", "e", "##e", "日", "本", "##本"]

  static let tokenizer = Result {
    let lines = Array((pieces.joined(separator: "\n") + "\n").utf8)
    return WordPieceTokenizer(vocabulary: try Vocabulary(lines: lines, file: "small"))
  }

  static func id(_ piece: String) -> Int32 { Int32(pieces.firstIndex(of: piece) ?? -1) }
}
