#!/usr/bin/env python3
"""The library as others use it, from folders of their own.

  check.py headers       --build DIR --work DIR [-D…]   what is installed is public, whole and free of other libraries
  check.py find_package  --build DIR --work DIR [-D…]   examples/minimal against the installed package
  check.py fetch_content --build DIR --work DIR [-D…]   examples/minimal with the library as a part of the project

--build is this project's build tree, whose libraries must be built. What the library is compiled with goes to the
consumers as -D. The work folder is kept, so that the next run has little to do.
"""
import argparse
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PRIVATE = {"engine", "plugin", "protocol"}
# What a public header may bring along; testing/ also GoogleTest.
FOREIGN = re.compile(r"/(grpc|grpcpp|google/protobuf|openssl|curl|nlohmann|re2)/|\.pb\.h$|/yaml\.h$")
GTEST = re.compile(r"/(gtest|gmock)/")


def run(*command, **more):
    result = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            check=False, **more)
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\nends with {result.returncode}:\n{result.stdout}")
    return result.stdout


def install(options):
    prefix = options.work / "prefix"
    shutil.rmtree(prefix, ignore_errors=True)
    run("cmake", "--install", options.build, "--prefix", prefix, "--component", "tfsdk")
    return prefix


def build(options, project, *definitions):
    """Builds a consumer's project and runs what it made, by hand: it must explain itself."""
    folder = options.work / "build"
    run("cmake", "-S", HERE / project, "-B", folder, "-G", "Ninja", f"-DEXAMPLE={ROOT / 'examples' / 'minimal'}",
        *options.definitions, *definitions)
    run("cmake", "--build", folder, "--target", "terraform-provider-minimal")
    said = subprocess.run([folder / "terraform-provider-minimal"], capture_output=True, text=True, check=False)
    if said.returncode != 1 or "registry.terraform.io/example/minimal" not in said.stderr or said.stdout:
        raise SystemExit(f"run by hand it ends with {said.returncode}:\n{said.stderr}{said.stdout}")


def find_package(options):
    build(options, "find_package", f"-DCMAKE_PREFIX_PATH={install(options)}")


def fetch_content(options):
    # All of it is built here, as it was built there: ccache knows it already.
    build(options, "fetch_content", f"-DFETCHCONTENT_SOURCE_DIR_TFSDK={ROOT}")


def header_failure(options, include, header):
    """Why an installed header is none that an author can use, or None."""
    source = options.work / (re.sub(r"\W", "_", header) + ".cc")
    # Twice: it must also be its own guard.
    source.write_text(f'#include "{header}"\n#include "{header}"\n', encoding="utf-8")
    needs = source.with_suffix(".d")
    flags = run("pkg-config", "--cflags", "absl_status").split()
    compiler = ["ccache", options.compiler] if shutil.which("ccache") else [options.compiler]
    result = subprocess.run([*compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", "-MD", "-MF", needs, "-I", include, *flags,
                             "-c", source, "-o", source.with_suffix(".o")], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        return f"{header} does not compile by itself:\n{result.stderr}"
    files = needs.read_text(encoding="utf-8").replace("\\\n", " ").split()[1:]
    bad = [file for file in files if FOREIGN.search(file) or (GTEST.search(file) and not header.startswith("tfsdk/testing/"))]
    return f"{header} brings along {bad[0]}" if bad else None


def headers(options):
    include = install(options) / "include"
    names = sorted(file.relative_to(include).as_posix() for file in include.rglob("*") if file.is_file())
    failures = [f"{name} is installed but private" for name in names if name.split("/")[1] in PRIVATE or not name.endswith(".h")]
    public = {file.relative_to(ROOT / "lib").as_posix() for file in (ROOT / "lib" / "tfsdk").glob("*.h")}
    failures += [f"{name} is not installed" for name in sorted(public - set(names))]
    internal = {name for name in names if name.startswith("tfsdk/internal/")}
    for name in names:
        text = (include / name).read_text(encoding="utf-8")
        internal -= set(re.findall(r'#include "(tfsdk/internal/[^"]+)"', text))
    failures += [f"{name} is installed and no public header needs it" for name in sorted(internal)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        failures += filter(None, pool.map(lambda name: header_failure(options, include, name), names))
    if failures:
        raise SystemExit("\n".join(failures))
    print(f"{len(names)} headers")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("headers", "find_package", "fetch_content"))
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--compiler", default="c++")
    options, options.definitions = parser.parse_known_args()
    options.work.mkdir(parents=True, exist_ok=True)
    globals()[options.what](options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
