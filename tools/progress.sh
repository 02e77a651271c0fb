# Shared by the scripts in this folder; source it.

# run_slow WHAT COMMAND…: runs COMMAND with its output in a file, and shows the last line of it every 15 seconds.
# When it fails, the end of its output is shown and its exit code returned.
run_slow() {
  local what=$1 log start pid tick code=0
  shift
  mkdir -p build
  log=build/step.$$.log
  start=$SECONDS
  echo "$what …" >&2
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    for tick in {1..60}; do
      sleep 0.25
      kill -0 "$pid" 2>/dev/null || break 2
    done
    echo "  … $((SECONDS - start)) s: $(tail -n 1 "$log" | cut -c 1-110)" >&2
  done
  wait "$pid" || code=$?
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
