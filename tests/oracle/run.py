#!/usr/bin/env python3
"""Holds this project's C++ against Go programs that Terraform and Kubernetes are made of.

  run.py values BUILD_DIR PROGRAM   go-cty against PROGRAM (value_roundtrip), and the rows in tests/data/values
  run.py jose   BUILD_DIR PROGRAM   go-jose against PROGRAM (jwks_dump), on made-up keys and tests/data/jwks
  run.py kubeconfig BUILD_DIR PROGRAM [--help]
                                    kubectl and client-go against PROGRAM (kube_read), on made-up kubeconfigs
  run.py framework BUILD_DIR PROGRAM
                                    a provider over HashiCorp's Go framework against PROGRAM (framework_twin), answer by answer
  run.py write                      writes tests/data/values anew

Exits with 77 when there is no Go of at least 1.25: on PATH, in K8SOIDC_GO (a folder or the program), or below build/go.
`kubeconfig` makes do with either of Go and kubectl.
What Go downloads and builds stays below BUILD_DIR/go-oracle.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

import framework_oracle
import jose_oracle
import kubeconfig_clients
import kubeconfig_oracle
import values_oracle

ROOT = pathlib.Path(__file__).resolve().parents[2]
OLDEST_GO = (1, 25)
SKIPPED = 77


def environment(build_dir):
    """What Go needs to leave everything below `build_dir`, and still to fetch modules as the user has set."""
    cache = pathlib.Path(build_dir).resolve() / "go-oracle"
    cache.mkdir(parents=True, exist_ok=True)
    config = pathlib.Path(os.environ.get("XDG_CONFIG_HOME") or pathlib.Path(os.environ.get("HOME", "/")) / ".config")
    return cache, {
        **os.environ, "GOENV": os.environ.get("GOENV") or str(config / "go/env"), "XDG_CONFIG_HOME": str(cache / "config"),
        "GOPATH": str(cache / "path"), "GOMODCACHE": str(cache / "modules"), "GOCACHE": str(cache / "objects"), "GOWORK": "off",
        "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw -buildvcs=false -trimpath", "CGO_ENABLED": "0",
    }


def find_go(settings):
    """The first Go that is new enough, or None."""
    folders = [os.environ.get("K8SOIDC_GO", ""), *os.environ.get("PATH", "").split(os.pathsep), str(ROOT / "build/go/bin")]
    for folder in filter(None, folders):
        go = pathlib.Path(folder)
        go = go / "go" if go.is_dir() else go
        if not os.access(go, os.X_OK) or go.is_dir():
            continue
        answer = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, env=settings, check=False)
        version = re.match(r"go(\d+)\.(\d+)", answer.stdout)
        if version and tuple(map(int, version.groups())) >= OLDEST_GO:
            return go
    return None


class Missing(Exception):
    """What keeps an oracle from being built, in words."""


def build(oracle, build_dir, package="."):
    """Builds a package of tests/oracle/ORACLE and returns the program; skips the test without Go or its modules."""
    try:
        return try_to_build(oracle, build_dir, package)
    except Missing as missing:
        print(f"SKIPPED: {missing}")
        sys.exit(SKIPPED)


def try_to_build(oracle, build_dir, package="."):
    """As build(), but raises Missing."""
    cache, settings = environment(build_dir)
    go = find_go(settings)
    if go is None:
        raise Missing(f"no Go of at least {'.'.join(map(str, OLDEST_GO))} on PATH, in K8SOIDC_GO or in build/go")
    program = cache / (oracle if package == "." else f"{oracle}_{pathlib.PurePath(package).name}")
    source = ROOT / "tests/oracle" / oracle
    print(f"building {package} of tests/oracle/{oracle} with {go}", flush=True)
    fetched = subprocess.run([go, "mod", "download"], cwd=source, env=settings, capture_output=True, text=True, check=False)
    if "SECURITY ERROR" in fetched.stderr:
        sys.exit(fetched.stderr)
    if fetched.returncode != 0:
        raise Missing(f"the Go modules of tests/oracle/{oracle} cannot be had: {fetched.stderr.strip()[-300:]}")
    subprocess.run([go, "build", "-o", program, package], cwd=source, env=settings, check=True)
    return program


def compare_kubeconfigs(build_dir, program, options):
    kubectls = kubeconfig_clients.find_kubectls()
    try:
        client_go = try_to_build("kubeconfig", build_dir)
    except Missing as missing:
        client_go = None
        print(f"SKIPPED: the half with client-go: {missing}")
    if not kubectls:
        print("SKIPPED: the half with kubectl: there is none of at least 1.27 on PATH or in build/cluster/bin")
    if not kubectls and not client_go:
        sys.exit(SKIPPED)
    return kubeconfig_oracle.compare(kubectls, client_go, program, options)


def main():
    what, *arguments = sys.argv[1:] or [""]
    if what == "write" and not arguments:
        values_oracle.write(build("cty", ROOT / "build"), ROOT / "tests/data/values")
        return
    if what not in ("values", "jose", "kubeconfig", "framework") or len(arguments) < 2 or (len(arguments) > 2 and what != "kubeconfig"):
        sys.exit(__doc__)
    build_dir, program, *options = arguments
    if what == "framework":
        failures = framework_oracle.compare(build("framework", build_dir, "./runner"), build("framework", build_dir, "./twin"), program)
    elif what == "kubeconfig":
        failures = compare_kubeconfigs(build_dir, program, options)
    elif what == "values":
        failures = values_oracle.compare(build("cty", build_dir), program, ROOT / "tests/data/values")
    else:
        failures = jose_oracle.compare(build("jose", build_dir), program, ROOT / "tests/data/jwks")
    for failure in failures[:50]:
        print("FAILED:", failure if isinstance(failure, str) else json.dumps(failure))
    print(f"{len(failures)} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
