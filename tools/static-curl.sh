#!/usr/bin/env bash
# Builds a small static libcurl (HTTP and HTTPS only: OpenSSL, nghttp2, c-ares) from Debian's own source package.
#   tools/static-curl.sh PREFIX      leaves PREFIX/lib/libcurl.a and PREFIX/include; nothing elsewhere
# The source is whatever `apt-get source curl` gives, so security fixes arrive the way Debian ships them.
set -euo pipefail
prefix=${1:?usage: tools/static-curl.sh PREFIX}
[ -f "$prefix/lib/libcurl.a" ] && exit 0
work=$prefix.build
rm -rf "$work" && mkdir -p "$work/lists/partial" "$prefix"
trap 'rm -rf "$work"' EXIT
fail() { echo "static-curl: $1 Log:" >&2; tail -n 15 "$work/log" >&2; exit 1; }
cd "$work"

# A source list of our own: the system's usually has no deb-src entry, and stays as it is.
{ sed -nE 's/^deb (.*)/deb-src \1/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } >sources.list
mkdir sources.d
for file in /etc/apt/sources.list.d/*.sources; do
  if [ -f "$file" ]; then sed 's/^Types:.*/Types: deb-src/' "$file" >"sources.d/$(basename "$file")"; fi
done
options=(-o "Dir::Etc::SourceList=$work/sources.list" -o "Dir::Etc::SourceParts=$work/sources.d" -o "Dir::State::Lists=$work/lists"
         -o APT::Sandbox::User=root)
apt-get "${options[@]}" update -qq >log 2>&1 || fail "cannot read Debian's source index."
apt-get "${options[@]}" source --download-only -qq curl >>log 2>&1 || fail "cannot get Debian's curl source package."
command -v dpkg-source >/dev/null || fail "dpkg-source is missing (package dpkg-dev)."
dpkg-source --no-check -x curl_*.dsc source >>log 2>&1 || fail "cannot unpack the source package."

cmake -S source -B out -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
  -DCMAKE_C_FLAGS="-O2 -ffunction-sections -fdata-sections" -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
  -DBUILD_SHARED_LIBS=OFF -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DHTTP_ONLY=ON -DCURL_USE_OPENSSL=ON -DUSE_NGHTTP2=ON \
  -DENABLE_ARES=ON -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH=OFF -DCURL_USE_LIBSSH2=OFF -DCURL_USE_GSSAPI=OFF -DUSE_LIBIDN2=OFF \
  -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF -DCURL_ZLIB=OFF -DENABLE_MANUAL=OFF -DCURL_DISABLE_COOKIES=ON \
  -DCURL_DISABLE_HSTS=ON -DCURL_DISABLE_ALTSVC=ON -DCURL_DISABLE_SOCKETPAIR=OFF >>log 2>&1 || fail "cannot configure curl."
cmake --build out >>log 2>&1 || fail "cannot build curl."
cmake --install out >>log 2>&1 || fail "cannot install curl into $prefix."
