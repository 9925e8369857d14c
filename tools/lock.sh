#!/bin/sh
# Make requirements/*.txt anew from pyproject.toml: exact versions with hashes, no registry and no machine in them.
# Versions that still fit are kept; UPGRADE=1 takes the newest.
set -eu
cd "$(dirname "$0")/.."

env_dir=$(mktemp -d)
trap 'rm -rf "$env_dir"' EXIT
"${PYTHON:-python3}" -m venv "$env_dir"
"$env_dir/bin/python" -m pip --disable-pip-version-check install --quiet uv

compile() {
    "$env_dir/bin/uv" pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
        --generate-hashes --no-header --annotation-style line \
        --no-emit-index-url --no-emit-find-links ${UPGRADE:+--upgrade} "$@"
}

# base and build take their versions from dev, so that all three agree.
compile --extra dev pyproject.toml --output-file requirements/dev.txt
UPGRADE=''
compile --constraints requirements/dev.txt pyproject.toml --output-file requirements/base.txt
echo hatchling | compile --constraints requirements/dev.txt - --output-file requirements/build.txt

if grep -nE 'https?:|file:|^--|@ /' requirements/*.txt; then
    echo 'a registry or a path leaked into the lock' >&2
    exit 1
fi
