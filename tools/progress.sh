# Shared by the scripts in this folder; source it.

# run_slow WHAT COMMAND…: runs COMMAND with its output in a file, and says every 15 seconds that it is still at it.
# When it fails, the end of its output is shown and its exit code returned.
run_slow() {
  local what=$1 log start pid code=0
  shift
  mkdir -p build
  log=build/step.$$.log
  start=$SECONDS
  echo "$what …" >&2
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    for _ in $(seq 30); do
      sleep 0.5
      kill -0 "$pid" 2>/dev/null || break 2
    done
    echo "  … $((SECONDS - start)) s: still at it" >&2
  done
  wait "$pid" || code=$?
  if [ "$code" -eq 0 ]; then
    echo "  done after $((SECONDS - start)) s" >&2
  else
    echo "  failed after $((SECONDS - start)) s with exit code $code. The end of its output:" >&2
    tail -n 25 "$log" | sed 's/^/  | /' >&2
  fi
  rm -f "$log"
  return "$code"
}

# stay_inside_build: whatever the tools below would leave in the user's home goes into build/ instead.
stay_inside_build() {
  export CCACHE_DIR=${CCACHE_DIR:-$PWD/build/ccache} CHECKPOINT_DISABLE=1 PYTHONDONTWRITEBYTECODE=1
}
