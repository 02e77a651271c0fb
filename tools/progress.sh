# Shared by the scripts in this folder; source it.

# run_slow WHAT COMMAND…: runs COMMAND with its output in a file, and shows the last line of it every 15 seconds.
# When it fails, the end of its output is shown and its exit code returned.
run_slow() {
  local what=$1 log=build/step.$$.log start=$SECONDS ticker code=0
  shift
  mkdir -p build
  echo "$what …" >&2
  : >"$log"
  # The command runs in the foreground, so that Ctrl-C reaches it; who tells the time ends with it, or with this shell.
  (
    exec {never}<> <(:)
    while ! read -r -t 15 -u "$never"; do
      kill -0 "$$" 2>/dev/null || exit 0
      echo "  … $((SECONDS - start)) s: $(tail -n 1 "$log" | cut -c 1-110)" >&2
    done
  ) </dev/null &
  ticker=$!
  "$@" >"$log" 2>&1 </dev/null || code=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  if [ "$code" -eq 0 ]; then
    [ $((SECONDS - start)) -lt 2 ] || echo "  done after $((SECONDS - start)) s" >&2
  else
    echo "  failed after $((SECONDS - start)) s with exit code $code. The end of its output:" >&2
    tail -n 40 "$log" | sed 's/^/  | /' >&2
  fi
  rm -f "$log"
  return "$code"
}

# stay_inside_build: what compilers and Go would leave in the user's home goes into build/ instead.
stay_inside_build() {
  export CCACHE_DIR=${CCACHE_DIR:-$PWD/build/ccache} CHECKPOINT_DISABLE=1 PYTHONDONTWRITEBYTECODE=1
}

# go_inside FOLDER: puts the Go that get-go.sh finds on PATH. Modules, objects and Go's own notes on its use all go into
# FOLDER, and are writable, so that `rm -r` does away with them. To be called from the project's folder.
go_inside() {
  local folder environment
  # Callers test the outcome, so that errors do not end the script by themselves here.
  folder=$(tools/get-go.sh) && environment=$("$folder/go" env GOENV) || return 1
  export PATH=$folder:$PATH GOENV=$environment GOTOOLCHAIN=local GOFLAGS="-modcacherw -buildvcs=false -trimpath"
  export GOPATH=$1 GOMODCACHE=$1/pkg/mod GOCACHE=$1/objects XDG_CONFIG_HOME=$1/config GOWORK=off CGO_ENABLED=0
}
