#ifndef PACKHOUSE_CASSETS_H
#define PACKHOUSE_CASSETS_H

#include <stddef.h>

/// A file that is part of the program.
typedef struct {
  /// Its path below `files`, such as "styles/portal.css"; the built-in catalog is "catalog.yaml".
  const char *_Nonnull name;
  const unsigned char *_Nonnull bytes;
  size_t count;
} packhouse_asset;

/// All embedded files; their number goes to `count`.
const packhouse_asset *_Nonnull packhouse_assets(size_t *_Nonnull count);

#endif
