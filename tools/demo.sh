#!/usr/bin/env bash
# Shows what the provider is for, from nothing: installs packages, builds, starts a cluster of its own on loopback, and
# lets the real terraform (or tofu) read it, twice, while the cluster shuffles, rotates and attacks.
# Needs Debian 12 and root (or sudo) once, for the packages. Everything it writes is below build/.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/progress.sh
stay_inside_build

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
note() { printf '   %s\n' "$*"; }
fail() { printf '\nDEMO FAILED: %s\n' "$*" >&2; exit 1; }
[ -t 1 ] || say() { printf '\n== %s\n' "$*"; }

cluster_pid=
cleanup() {
  if [ -n "$cluster_pid" ]; then
    kill "$cluster_pid" 2>/dev/null || true
    wait "$cluster_pid" 2>/dev/null || true
  fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM

say "Getting ready"
run_slow "Packages from Debian (the first time: about a minute)" tools/install-deps.sh
if [ ! -f build/release/build.ninja ]; then
  run_slow "Configuring (the first time: builds a small static curl from Debian's source, half a minute)" cmake --preset release
fi
run_slow "Building the provider and the development cluster (the first time: some minutes)" \
  cmake --build build/release --target terraform-provider-k8soidc devcluster
cli=$(tools/get-cli.sh)

# What the user's shell says about clusters and Terraform must not count here.
for name in $(compgen -e); do
  case $name in KUBE* | TF_* | K8SOIDC_*) unset "$name" ;; esac
done
demo=$PWD/build/demo
rm -rf "$demo"
mkdir -p "$demo/home" "$demo/tmp" "$demo/project"
export HOME=$demo/home TMPDIR=$demo/tmp TF_CLI_CONFIG_FILE=$demo/cli.tfrc TF_IN_AUTOMATION=1

provider=build/release/terraform-provider-k8soidc
devcluster=$PWD/build/release/devcluster
version=$(sed -nE 's/^project\(.* VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
case $(uname -m) in
  x86_64) platform=linux_amd64 ;;
  aarch64) platform=linux_arm64 ;;
  *) platform=linux_$(uname -m) ;;
esac
for registry in registry.terraform.io registry.opentofu.org; do
  folder=$demo/mirror/$registry/k8soidc/k8soidc/$version/$platform
  mkdir -p "$folder"
  cp "$provider" "$folder/terraform-provider-k8soidc_v$version"
done
cat >"$TF_CLI_CONFIG_FILE" <<END
provider_installation {
  filesystem_mirror {
    path = "$demo/mirror"
  }
}
END

: >"$demo/cluster.log"
"$devcluster" --dir "$demo/cluster" --exit-with-parent >>"$demo/cluster.log" 2>&1 &
cluster_pid=$!
for _ in {1..100}; do
  grep -q '^ready' "$demo/cluster.log" && break
  kill -0 "$cluster_pid" 2>/dev/null || fail "devcluster ended: $(cat "$demo/cluster.log")"
  sleep 0.1
done
grep -q '^ready' "$demo/cluster.log" || fail "devcluster was not ready within ten seconds"
tell() { "$devcluster" tell "$demo/cluster" "$@" >/dev/null; }
cli_name=$(TF_CLI_CONFIG_FILE=/dev/null "$cli" version 2>/dev/null | sed -n 1p)
note "Provider:  $provider ($(du -h "$provider" | cut -f 1))"
note "Client:    $cli_name ($cli)"
note "Cluster:   $(sed -nE 's/^ready: (https:[^ ]+).*/\1/p' "$demo/cluster.log"), a stand-in for an API server, ends with this script"
note "Mirror:    build/demo/mirror, from which $cli_name takes the provider instead of from a registry"

cp examples/k8soidc/demo/main.tf "$demo/project/"
cd "$demo/project"
export TF_VAR_kubeconfig=$demo/cluster/kubeconfig
log=$demo/last.log
# run CODE COMMAND…: the client with its output in $log; fails unless it exits with CODE.
run() {
  local expected=$1 code=0
  shift
  "$cli" "$@" -no-color </dev/null >"$log" 2>&1 || code=$?
  if [ "$code" -ne "$expected" ]; then
    cat "$log" >&2
    fail "'$(basename "$cli") $*' exited with $code, not with $expected"
  fi
}
quote() { sed 's/^/   | /'; }
kids() { "$cli" output -json keys | tr -d '{}"' | tr ',' '\n' | sed -E 's/^ *([^:]*):(.*)/     \1  (\2)/'; }

say "A first apply: the issuer and the keys come from the cluster itself"
run 0 init -input=false
run 0 apply -input=false -auto-approve
digest=$("$cli" output -raw sha256)
identity=$("$cli" output -raw identity)
note "issuer:  $("$cli" output -raw issuer)"
note "key ids:"
kids
note "SHA-256 of the canonical key set: $digest"
note "A stand-in for chainguard_identity.static now exists with the id $identity."

say "A second plan: nothing changed, so nothing is shown"
run 0 plan -input=false -detailed-exitcode
note "$(grep -m 1 'No changes' "$log")"

say "Other replicas answer: keys in another order, members in another order, other white space and escapes"
for replica in 1 2 3; do
  tell set "replica=$replica"
  run 0 plan -input=false -detailed-exitcode
  note "replica $replica: $(grep -m 1 'No changes' "$log")"
done
tell set replica=0

say "The cluster rotates a key: the plan must show it"
tell rotate
run 2 plan -input=false -detailed-exitcode
sed -n '/~ keys  *= {/,/^    }/p' "$log" | quote
grep -q 'must be replaced' "$log" || fail "the plan does not replace the identity"
note "The identity must be replaced: its keys are others now. Applying."
run 0 apply -input=false -auto-approve
[ "$("$cli" output -raw sha256)" != "$digest" ] || fail "the digest is the old one"
[ "$("$cli" output -raw identity)" != "$identity" ] || fail "the identity is the old one"
note "key ids:"
kids
run 0 plan -input=false -detailed-exitcode
note "and then again: $(grep -m 1 'No changes' "$log")"

# hostile WHAT FAULT…: one error, and not a byte of state changes.
hostile() {
  local what=$1 before
  shift
  say "The cluster turns hostile: $what"
  before=$(sha256sum terraform.tfstate)
  tell fault "$@"
  run 1 apply -input=false -auto-approve
  tell clear
  [ "$(grep -c 'Error: ' "$log")" -eq 1 ] || { cat "$log" >&2; fail "not exactly one error"; }
  [ "$(sha256sum terraform.tfstate)" = "$before" ] || fail "the state was written"
  sed -nE '/Error: /,$p' "$log" | sed '/^[╷╵]/d; s/^│ \{0,1\}//' | quote
  note "Nothing was written: the state file is the same, byte for byte."
}
hostile "it publishes a private key" body=private-key target=keys
hostile "a login page answers, with status 200" body=html
hostile "somebody else answers, with a certificate of another authority" tls=other-ca

say "The cluster is itself again"
run 0 plan -input=false -detailed-exitcode
note "$(grep -m 1 'No changes' "$log")"

say "Done. What you saw: build/demo/project/main.tf, driven by $cli_name."
