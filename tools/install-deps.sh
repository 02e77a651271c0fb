#!/usr/bin/env bash
# The one list of Debian packages this project needs. Installs what is missing and is silent when nothing is.
#   tools/install-deps.sh           what demo.sh and test.sh need
#   tools/install-deps.sh --dev     formatters, clang and valgrind as well
set -euo pipefail

packages=(
  ca-certificates ccache cmake g++ git ninja-build pkg-config python3 python3-venv
  libabsl-dev libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc
  libssl-dev libcurl4-openssl-dev libre2-dev libyaml-dev nlohmann-json3-dev
  libgtest-dev libgmock-dev libbenchmark-dev libcpp-httplib-dev
  # What a static curl links: see tools/static-curl.sh.
  dpkg-dev libc-ares-dev libnghttp2-dev zlib1g-dev
)
if [ "${1:-}" = --dev ]; then packages+=(clang clang-format clang-tidy gdb valgrind); fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Not root and no sudo. Install these first: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
