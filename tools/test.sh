#!/usr/bin/env bash
# Installs packages, builds everything (build/release), runs every test; the summary comes last.
#   tools/test.sh [--all] [CTEST ARGUMENTS…]
# --all adds what needs Go: the oracles, OpenTofu and older Terraforms, a real kube-apiserver with etcd, all built from
# source once (about fifteen minutes), and a run of the unit tests under AddressSanitizer and UndefinedBehaviorSanitizer.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/progress.sh
stay_inside_build

all=false
if [ "${1:-}" = --all ]; then
  all=true
  shift
fi
missing=()
started=$SECONDS

run_slow "Packages from Debian (the first time: about a minute)" tools/install-deps.sh

if $all; then
  if go=$(tools/get-go.sh); then
    export PATH=$go:$PATH GOTOOLCHAIN=local GOPATH=$PWD/build/gopath GOMODCACHE=$PWD/build/gopath/pkg/mod
    export GOCACHE=$PWD/build/gopath/objects GOENV=${GOENV:-${XDG_CONFIG_HOME:-$HOME/.config}/go/env}
    export XDG_CONFIG_HOME=$PWD/build/gopath/config GOFLAGS="-modcacherw -buildvcs=false"
  else
    missing+=("the oracles: there is no Go, see above")
  fi
  tools/get-cli.sh --all >/dev/null || missing+=("some of the command line tools: see above")
  tools/get-cluster.sh >/dev/null || missing+=("the tests against a real cluster: it could not be built, see above")
else
  tools/get-cli.sh >/dev/null || missing+=("the acceptance tests: there is no terraform or tofu, see above")
  missing+=("the oracles, OpenTofu and older Terraforms where they are not at hand, a real cluster, the sanitizers: tools/test.sh --all does")
fi

# With --all the unit tests are built once, under the sanitizers: building them twice takes a quarter of an hour.
unit_tests=ON
! $all || unit_tests=OFF
run_slow "Configuring" cmake --preset release -DK8SOIDC_UNIT_TESTS=$unit_tests
run_slow "Building everything (the first time: several minutes)" cmake --build build/release

if $all; then
  build_sanitized() { cmake --preset asan && cmake --build build/asan --target unit_tests; }
  if run_slow "Building once more with AddressSanitizer and UndefinedBehaviorSanitizer" build_sanitized; then
    echo "Unit tests under the sanitizers:"
    sanitized=0
    # The rest is about what ships; and the fault table measures memory, of which a sanitizer takes its own share.
    ctest --test-dir build/asan -L '^unit$' --output-on-failure -j "$(nproc)" 2>&1 | tee build/ctest-asan.log || sanitized=$?
    [ "$sanitized" -eq 0 ] || missing+=("PASSED IS NOT PASSED: unit tests fail under the sanitizers, see above")
  else
    sanitized=1
    missing+=("the sanitizers: the build failed, see above")
  fi
fi

echo "Tests:"
exclude=()
$all || exclude=(-LE '^(go|real)$')
result=0
ctest --test-dir build/release --output-on-failure -j "$(nproc)" "${exclude[@]}" "$@" 2>&1 | tee build/ctest.log || result=$?

echo
echo "Not tested, and why ($((SECONDS - started)) s since the start):"
for line in "${missing[@]}"; do echo "  skipped: $line"; done
sed -nE 's/^(SKIPPED: .*)/  \1/p' build/release/Testing/Temporary/LastTest.log | sed 's/^  SKIPPED:/  skipped:/' | sort -u
echo
if [ -f build/ctest-asan.log ] && $all; then
  echo "Unit tests, under the sanitizers:"
  sed -n '/tests passed/,$p' build/ctest-asan.log
  echo "Everything else:"
fi
sed -n '/tests passed/,$p' build/ctest.log
[ "${sanitized:-0}" -eq 0 ] || exit 1
exit "$result"
