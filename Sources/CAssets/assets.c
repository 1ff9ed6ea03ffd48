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
FILE_BYTES(scripts_answers_mjs) = {
#embed "files/scripts/answers.mjs"
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
FILE_BYTES(scripts_sending_mjs) = {
#embed "files/scripts/sending.mjs"
};
FILE_BYTES(scripts_specification_mjs) = {
#embed "files/scripts/specification.mjs"
};
FILE_BYTES(scripts_tabs_mjs) = {
#embed "files/scripts/tabs.mjs"
};

// Templates: a FILE_BYTES each here, and an ENTRY each in the list below.
FILE_BYTES(templates_card) = {
#embed "files/templates/card.mustache"
};
FILE_BYTES(templates_change_specification) = {
#embed "files/templates/change-specification.mustache"
};
FILE_BYTES(templates_cloud_tokens) = {
#embed "files/templates/cloud-tokens.mustache"
};
FILE_BYTES(templates_company) = {
#embed "files/templates/company.mustache"
};
FILE_BYTES(templates_company_edit) = {
#embed "files/templates/company-edit.mustache"
};
FILE_BYTES(templates_consumption) = {
#embed "files/templates/consumption.mustache"
};
FILE_BYTES(templates_control_center) = {
#embed "files/templates/control-center.mustache"
};
FILE_BYTES(templates_csrf) = {
#embed "files/templates/csrf.mustache"
};
FILE_BYTES(templates_documentation) = {
#embed "files/templates/documentation.mustache"
};
FILE_BYTES(templates_fault) = {
#embed "files/templates/fault.mustache"
};
FILE_BYTES(templates_fault_card) = {
#embed "files/templates/fault-card.mustache"
};
FILE_BYTES(templates_fault_text) = {
#embed "files/templates/fault-text.mustache"
};
FILE_BYTES(templates_frame) = {
#embed "files/templates/frame.mustache"
};
FILE_BYTES(templates_input) = {
#embed "files/templates/input.mustache"
};
FILE_BYTES(templates_invitation) = {
#embed "files/templates/invitation.mustache"
};
FILE_BYTES(templates_invitation_link) = {
#embed "files/templates/invitation-link.mustache"
};
FILE_BYTES(templates_key_create) = {
#embed "files/templates/key-create.mustache"
};
FILE_BYTES(templates_key_revoke) = {
#embed "files/templates/key-revoke.mustache"
};
FILE_BYTES(templates_key_shown) = {
#embed "files/templates/key-shown.mustache"
};
FILE_BYTES(templates_keys) = {
#embed "files/templates/keys.mustache"
};
FILE_BYTES(templates_life_dialog) = {
#embed "files/templates/life-dialog.mustache"
};
FILE_BYTES(templates_mark) = {
#embed "files/templates/mark.mustache"
};
FILE_BYTES(templates_member_add) = {
#embed "files/templates/member-add.mustache"
};
FILE_BYTES(templates_members) = {
#embed "files/templates/members.mustache"
};
FILE_BYTES(templates_overview) = {
#embed "files/templates/overview.mustache"
};
FILE_BYTES(templates_pages) = {
#embed "files/templates/pages.mustache"
};
FILE_BYTES(templates_provision) = {
#embed "files/templates/provision.mustache"
};
FILE_BYTES(templates_provision_capacity) = {
#embed "files/templates/provision-capacity.mustache"
};
FILE_BYTES(templates_provision_embeddings) = {
#embed "files/templates/provision-embeddings.mustache"
};
FILE_BYTES(templates_provision_models) = {
#embed "files/templates/provision-models.mustache"
};
FILE_BYTES(templates_provision_notes) = {
#embed "files/templates/provision-notes.mustache"
};
FILE_BYTES(templates_provision_specification) = {
#embed "files/templates/provision-specification.mustache"
};
FILE_BYTES(templates_provision_terms) = {
#embed "files/templates/provision-terms.mustache"
};
FILE_BYTES(templates_question) = {
#embed "files/templates/question.mustache"
};
FILE_BYTES(templates_resource_change) = {
#embed "files/templates/resource-change.mustache"
};
FILE_BYTES(templates_resource_head) = {
#embed "files/templates/resource-head.mustache"
};
FILE_BYTES(templates_select) = {
#embed "files/templates/select.mustache"
};
FILE_BYTES(templates_sessions) = {
#embed "files/templates/sessions.mustache"
};
FILE_BYTES(templates_set_up) = {
#embed "files/templates/set-up.mustache"
};
FILE_BYTES(templates_settings) = {
#embed "files/templates/settings.mustache"
};
FILE_BYTES(templates_shortfall) = {
#embed "files/templates/shortfall.mustache"
};
FILE_BYTES(templates_sign_in) = {
#embed "files/templates/sign-in.mustache"
};
FILE_BYTES(templates_sort_header) = {
#embed "files/templates/sort-header.mustache"
};
FILE_BYTES(templates_specification) = {
#embed "files/templates/specification.mustache"
};
FILE_BYTES(templates_status) = {
#embed "files/templates/status.mustache"
};

static const packhouse_asset assets[] = {
    ENTRY("catalog.yaml", catalog_yaml),
    ENTRY("icons/packhouse.svg", icons_packhouse_svg),
    ENTRY("styles/portal.css", styles_portal_css),
    ENTRY("scripts/answers.mjs", scripts_answers_mjs),
    ENTRY("scripts/charts.mjs", scripts_charts_mjs),
    ENTRY("scripts/copy.mjs", scripts_copy_mjs),
    ENTRY("scripts/dialogs.mjs", scripts_dialogs_mjs),
    ENTRY("scripts/forms.mjs", scripts_forms_mjs),
    ENTRY("scripts/portal.mjs", scripts_portal_mjs),
    ENTRY("scripts/sending.mjs", scripts_sending_mjs),
    ENTRY("scripts/specification.mjs", scripts_specification_mjs),
    ENTRY("scripts/tabs.mjs", scripts_tabs_mjs),
    // Templates.
    ENTRY("templates/card.mustache", templates_card),
    ENTRY("templates/change-specification.mustache", templates_change_specification),
    ENTRY("templates/cloud-tokens.mustache", templates_cloud_tokens),
    ENTRY("templates/company.mustache", templates_company),
    ENTRY("templates/company-edit.mustache", templates_company_edit),
    ENTRY("templates/consumption.mustache", templates_consumption),
    ENTRY("templates/control-center.mustache", templates_control_center),
    ENTRY("templates/csrf.mustache", templates_csrf),
    ENTRY("templates/documentation.mustache", templates_documentation),
    ENTRY("templates/fault.mustache", templates_fault),
    ENTRY("templates/fault-card.mustache", templates_fault_card),
    ENTRY("templates/fault-text.mustache", templates_fault_text),
    ENTRY("templates/frame.mustache", templates_frame),
    ENTRY("templates/input.mustache", templates_input),
    ENTRY("templates/invitation.mustache", templates_invitation),
    ENTRY("templates/invitation-link.mustache", templates_invitation_link),
    ENTRY("templates/key-create.mustache", templates_key_create),
    ENTRY("templates/key-revoke.mustache", templates_key_revoke),
    ENTRY("templates/key-shown.mustache", templates_key_shown),
    ENTRY("templates/keys.mustache", templates_keys),
    ENTRY("templates/life-dialog.mustache", templates_life_dialog),
    ENTRY("templates/mark.mustache", templates_mark),
    ENTRY("templates/member-add.mustache", templates_member_add),
    ENTRY("templates/members.mustache", templates_members),
    ENTRY("templates/overview.mustache", templates_overview),
    ENTRY("templates/pages.mustache", templates_pages),
    ENTRY("templates/provision.mustache", templates_provision),
    ENTRY("templates/provision-capacity.mustache", templates_provision_capacity),
    ENTRY("templates/provision-embeddings.mustache", templates_provision_embeddings),
    ENTRY("templates/provision-models.mustache", templates_provision_models),
    ENTRY("templates/provision-notes.mustache", templates_provision_notes),
    ENTRY("templates/provision-specification.mustache", templates_provision_specification),
    ENTRY("templates/provision-terms.mustache", templates_provision_terms),
    ENTRY("templates/question.mustache", templates_question),
    ENTRY("templates/resource-change.mustache", templates_resource_change),
    ENTRY("templates/resource-head.mustache", templates_resource_head),
    ENTRY("templates/select.mustache", templates_select),
    ENTRY("templates/sessions.mustache", templates_sessions),
    ENTRY("templates/set-up.mustache", templates_set_up),
    ENTRY("templates/settings.mustache", templates_settings),
    ENTRY("templates/shortfall.mustache", templates_shortfall),
    ENTRY("templates/sign-in.mustache", templates_sign_in),
    ENTRY("templates/sort-header.mustache", templates_sort_header),
    ENTRY("templates/specification.mustache", templates_specification),
    ENTRY("templates/status.mustache", templates_status),
};

const packhouse_asset *packhouse_assets(size_t *count) {
  *count = sizeof(assets) / sizeof(assets[0]);
  return assets;
}
