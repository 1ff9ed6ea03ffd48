// Embeds the portal's files and the default catalog. A resource bundle would bake in the path of the build; `#embed`
// makes the program whole. A test compares this list with the folder.
#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

#define FILE_BYTES(symbol) static const unsigned char symbol[]
#define ENTRY(path, symbol) {path, symbol, sizeof(symbol)}

FILE_BYTES(catalog_yaml) = {
#embed "../../catalog.yaml"
};

FILE_BYTES(icons_packhouse_svg) = {
#embed "files/icons/packhouse.svg"
};
FILE_BYTES(styles_portal_css) = {
#embed "files/styles/portal.css"
};
FILE_BYTES(scripts_charts_mjs) = {
#embed "files/scripts/charts.mjs"
};
FILE_BYTES(scripts_copy_mjs) = {
#embed "files/scripts/copy.mjs"
};
FILE_BYTES(scripts_dialogs_mjs) = {
#embed "files/scripts/dialogs.mjs"
};
FILE_BYTES(scripts_forms_mjs) = {
#embed "files/scripts/forms.mjs"
};
FILE_BYTES(scripts_portal_mjs) = {
#embed "files/scripts/portal.mjs"
};
FILE_BYTES(scripts_specification_mjs) = {
#embed "files/scripts/specification.mjs"
};
FILE_BYTES(scripts_tabs_mjs) = {
#embed "files/scripts/tabs.mjs"
};

// Templates: a FILE_BYTES each here, and an ENTRY each in the list below.

static const packhouse_asset assets[] = {
    ENTRY("catalog.yaml", catalog_yaml),
    ENTRY("icons/packhouse.svg", icons_packhouse_svg),
    ENTRY("styles/portal.css", styles_portal_css),
    ENTRY("scripts/charts.mjs", scripts_charts_mjs),
    ENTRY("scripts/copy.mjs", scripts_copy_mjs),
    ENTRY("scripts/dialogs.mjs", scripts_dialogs_mjs),
    ENTRY("scripts/forms.mjs", scripts_forms_mjs),
    ENTRY("scripts/portal.mjs", scripts_portal_mjs),
    ENTRY("scripts/specification.mjs", scripts_specification_mjs),
    ENTRY("scripts/tabs.mjs", scripts_tabs_mjs),
    // Templates.
};

const packhouse_asset *packhouse_assets(size_t *count) {
  *count = sizeof(assets) / sizeof(assets[0]);
  return assets;
}
