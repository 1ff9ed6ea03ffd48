import Logging
import OfflineModels

/// Loads the weights of the offline models, or says in the log why they are not there. Decision 21: missing weights
/// disable only the offline models.
enum OfflineWeights {
  static func load(from folders: [String], logger: Logger) -> OfflineModelPool? {
    do throws(OfflineModelsError) {
      return try OfflineModels.load(from: folders)
    } catch {
      logger.warning("the offline models are not available", metadata: ["reason": "\(error.description)"])
      return nil
    }
  }
}
