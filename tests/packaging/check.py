#!/usr/bin/env python3
"""What ships: check.py PROGRAM static|dynamic. A dynamic build is for development; it is skipped (exit code 77)."""
import re
import subprocess
import sys

# What every Linux with glibc has.
LIBC = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}


# MUST 90
def starts_on_a_bare_machine(program):
    headers = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", headers))
    if not needed <= LIBC:
        sys.exit(f"{program} needs {sorted(needed - LIBC)}")
    said = subprocess.run([program], env={}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if said.returncode != 1 or "terraform init" not in said.stderr:
        sys.exit(f"with an empty environment it ends with {said.returncode}:\n{said.stderr}")


# MUST 89
def carries_no_debug_symbols(program):
    sections = subprocess.run(["readelf", "-SW", program], capture_output=True, text=True, check=True).stdout
    if ".debug_info" in sections:
        sys.exit(f"{program} carries its debug symbols")


if sys.argv[2] != "static":
    print("SKIPPED: packaging: a dynamic build is not what ships; the release preset is")
    sys.exit(77)
starts_on_a_bare_machine(sys.argv[1])
carries_no_debug_symbols(sys.argv[1])
