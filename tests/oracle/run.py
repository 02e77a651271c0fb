#!/usr/bin/env python3
"""Holds this project's C++ against Go programs that Terraform and Kubernetes are made of.

  run.py values BUILD_DIR PROGRAM   go-cty against PROGRAM (value_roundtrip), and the rows in tests/data/values
  run.py jose   BUILD_DIR PROGRAM   go-jose against PROGRAM (jwks_dump), on made-up keys and tests/data/jwks
  run.py write                      writes tests/data/values anew

Exits with 77 when there is no Go of at least 1.25: on PATH, in the folder named by K8SOIDC_GO, or below build/go.
What Go downloads and builds stays below BUILD_DIR/go-oracle.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

import jose_oracle
import values_oracle

ROOT = pathlib.Path(__file__).resolve().parents[2]
OLDEST_GO = (1, 25)
SKIPPED = 77


def find_go():
    """The first Go that is new enough, or None."""
    folders = [os.environ.get("K8SOIDC_GO", ""), *os.environ.get("PATH", "").split(os.pathsep), str(ROOT / "build/go/bin")]
    for folder in filter(None, folders):
        go = pathlib.Path(folder)
        go = go / "go" if go.is_dir() else go
        if not os.access(go, os.X_OK):
            continue
        answer = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True,
                                env={**os.environ, "GOTOOLCHAIN": "local"}, check=False)
        version = re.match(r"go(\d+)\.(\d+)", answer.stdout)
        if version and tuple(map(int, version.groups())) >= OLDEST_GO:
            return go
    return None


def build(go, oracle, build_dir):
    """Builds tests/oracle/ORACLE and returns the program; skips the test when its modules cannot be had."""
    cache = pathlib.Path(build_dir).resolve() / "go-oracle"
    cache.mkdir(parents=True, exist_ok=True)
    # The user's own settings say where modules come from.
    go_env = subprocess.run([go, "env", "GOENV"], capture_output=True, text=True, check=True).stdout.strip()
    environment = {
        **os.environ, "GOENV": go_env, "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw -buildvcs=false -trimpath", "CGO_ENABLED": "0",
        "GOPATH": str(cache / "path"), "GOMODCACHE": str(cache / "modules"), "GOCACHE": str(cache / "objects"),
        "XDG_CONFIG_HOME": str(cache / "config"), "GOWORK": "off",
    }
    program = cache / oracle
    source = ROOT / "tests/oracle" / oracle
    print(f"building tests/oracle/{oracle} with {go}", flush=True)
    fetched = subprocess.run([go, "mod", "download"], cwd=source, env=environment, capture_output=True, text=True, check=False)
    if fetched.returncode != 0:
        print(f"skipped: the Go modules of tests/oracle/{oracle} cannot be had: {fetched.stderr.strip()[-300:]}")
        sys.exit(SKIPPED)
    subprocess.run([go, "build", "-o", program, "."], cwd=source, env=environment, check=True)
    return program


def main():
    what, *arguments = sys.argv[1:] or [""]
    if what not in ("values", "jose", "write"):
        sys.exit(__doc__)
    go = find_go()
    if go is None:
        print(f"skipped: no Go of at least {'.'.join(map(str, OLDEST_GO))} on PATH or in K8SOIDC_GO")
        sys.exit(SKIPPED)
    if what == "write":
        values_oracle.write(build(go, "cty", ROOT / "build"), ROOT / "tests/data/values")
        return
    build_dir, program = arguments
    oracle = build(go, {"values": "cty", "jose": "jose"}[what], build_dir)
    if what == "values":
        failures = values_oracle.compare(oracle, program, ROOT / "tests/data/values")
    else:
        failures = jose_oracle.compare(oracle, program, ROOT / "tests/data/jwks")
    for failure in failures[:50]:
        print("FAILED:", failure if isinstance(failure, str) else json.dumps(failure))
    print(f"{len(failures)} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
