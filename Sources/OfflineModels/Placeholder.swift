enum OfflineModelsPlaceholder {}
