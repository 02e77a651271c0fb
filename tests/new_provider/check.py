#!/usr/bin/env python3
"""tools/new-provider, end to end: what it lays down builds, tests and runs under the real Terraform.

  check.py names                                    which names and folders it refuses
  check.py run --build DIR --work DIR [-D…]         a project against the installed library

Exit code 77: skipped, as the line that starts with SKIPPED says.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "new-provider"


def check(condition, message):
    if not condition:
        raise SystemExit(message)


def call(*command, **more):
    return subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **more)


def names():
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place, "new")
        for name in ("", "My", "1x", "a b", "../x", "a_b", "a-b", "x" * 65, "terraform", "provider", "a\n", "é", "$(id)"):
            result = call(TOOL, name, folder)
            check(result.returncode == 1 and "name" in result.stdout, f"{name!r} is not refused: {result.stdout}")
            check(not folder.exists(), f"{name!r} is refused and leaves {folder}")
        for arguments in ((), ("x",), ("x", folder, "more"), ("--help",)):
            check(call(TOOL, *arguments).returncode == 1, f"{arguments} are not refused")
        check("no directory" in call(TOOL, "x", folder / "a" / "b").stdout, "a folder in no folder is not refused")
        folder.mkdir()
        (folder / "mine").write_text("mine")
        check("not empty" in call(TOOL, "x", folder).stdout, "a folder with something in it is not refused")
        check([entry.name for entry in folder.iterdir()] == ["mine"], "it wrote into a folder that it refused")
        (folder / "mine").unlink()
        check(call(TOOL, "x", folder).returncode == 0, "an empty folder is refused")
        left = [file for file in folder.rglob("*") if file.is_file() and ("@NAME" in file.read_text() or "@TFSDK" in file.read_text())]
        check(not left, f"places that were not filled in: {left}")


# MUST 89, TRAP 38
def one_program_per_package(plugins):
    found = [entry.name for entry in plugins.iterdir()]
    check(found == ["terraform-provider-shop"], f"Terraform runs the first of these: {found}")


def run(options):
    terraform = os.environ.get("TF") or shutil.which("terraform") or shutil.which("tofu")
    if terraform is None:
        print("SKIPPED: new_provider.run: no terraform or tofu on PATH")
        return 77
    options.work.mkdir(parents=True, exist_ok=True)
    prefix, folder, build, data = (options.work / name for name in ("prefix", "shop", "build", "data"))
    for old in (prefix, folder, data):
        shutil.rmtree(old, ignore_errors=True)
    data.mkdir()
    result = call("cmake", "--install", options.build, "--prefix", prefix, "--component", "tfsdk")
    check(result.returncode == 0, result.stdout)
    result = call(TOOL, "shop", folder)
    check(result.returncode == 0, result.stdout)
    (folder / "build").symlink_to(build)  # The build folder is kept, and the project is new each time.
    build.mkdir(exist_ok=True)
    environment = dict(os.environ, TF=terraform, BUILD_TYPE=options.build_type,
                       CMAKE_ARGUMENTS=" ".join([f"-DCMAKE_PREFIX_PATH={prefix}", *options.definitions]),
                       TF_LOG_SDK_PROTO_DATA_DIR=str(data), CHECKPOINT_DISABLE="1")
    environment.pop("TF_LOG", None)
    result = call(folder / "run", "plan", "-no-color", "-input=false", env=environment)
    check(result.returncode == 0, f"./run ends with {result.returncode}:\n{result.stdout}")
    check("100% tests passed" in result.stdout, f"no unit test ran:\n{result.stdout}")
    check('+ text = "Good morning, world!"' in result.stdout, f"no such plan:\n{result.stdout}")
    one_program_per_package(build / "plugins")
    values = {file.name.split("_", 1)[1]: file.read_text() for file in data.iterdir()}
    check('"text": "Good morning, world!"' in values.get("ReadDataSource_Response_State.json", ""), f"no values: {values}")
    main = folder / "example" / "main.tf"
    main.write_text(main.read_text().replace('name = "world"', 'name = ""'))
    result = call(folder / "run", "plan", "-no-color", "-input=false", env=environment)
    check(result.returncode == 1 and "Nobody to greet." in result.stdout, f"the error is not shown:\n{result.stdout}")
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("names", "run"))
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--build-type", default="Debug")
    options, options.definitions = parser.parse_known_args()
    return names() if options.what == "names" else run(options)


if __name__ == "__main__":
    sys.exit(main())
