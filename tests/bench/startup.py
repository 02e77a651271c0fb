#!/usr/bin/env python3
"""How long a provider takes to start, and what it adds to a plan. Prints figures; it is no test.

  tests/bench/startup.py [--build build/release] [--starts 41] [--plans 11] [OTHER-PROVIDER-BINARY…]

Starts: from just before fork to the handshake line on stdout, with AutoMTLS and a P-521 certificate as Terraform has it.
The binaries take turns, so that a noisy machine is as unfair to one as to the other. Plans: `terraform plan` on an empty
configuration and on one that reads the issuer and the keys of a development cluster, taking turns as well.
Needs openssl, and terraform or tofu (tools/get-cli.sh).
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import types

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "acceptance"))

from harness import BOTH, Stage  # noqa: E402

COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"


def host_certificate(folder):
    """A self-signed P-521 certificate of the shape that go-plugin's AutoMTLS makes."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp521r1", "-nodes",
                    "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem", "-days", "2", "-subj",
                    "/O=HashiCorp/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                    "-addext", "extendedKeyUsage=clientAuth,serverAuth"], check=True, capture_output=True)
    return (pathlib.Path(folder) / "cert.pem").read_text()


def start(binary, env):
    """Milliseconds until the handshake line, and the resident size then in MiB."""
    begin = time.perf_counter()
    with subprocess.Popen([binary], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=env) as process:
        line = process.stdout.readline()
        taken = (time.perf_counter() - begin) * 1000
        if not line.startswith(b"1|"):
            raise SystemExit(f"{binary} printed {line!r} instead of a handshake line")
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        resident = next(int(text.split()[1]) for text in status.splitlines() if text.startswith("VmRSS"))
        process.terminate()
        try:
            process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            process.kill()
    return taken, resident / 1024


def describe(values):
    return f"median {statistics.median(values):7.1f}   min {min(values):7.1f}   max {max(values):7.1f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=str(ROOT / "build" / "release"))
    parser.add_argument("--starts", type=int, default=41)
    parser.add_argument("--plans", type=int, default=11)
    parser.add_argument("others", nargs="*")
    options = parser.parse_args()
    provider = os.path.join(options.build, "terraform-provider-k8soidc")

    with tempfile.TemporaryDirectory(prefix="k8soidc-bench-") as folder:
        env = {"PATH": os.environ["PATH"], "TMPDIR": folder, "TF_PLUGIN_MAGIC_COOKIE": COOKIE,
               "PLUGIN_PROTOCOL_VERSIONS": "5,6", "PLUGIN_MIN_PORT": "10000", "PLUGIN_MAX_PORT": "25000",
               "PLUGIN_CLIENT_CERT": host_certificate(folder)}
        times = {binary: [] for binary in [provider, *options.others]}
        sizes = {binary: 0.0 for binary in times}
        for _ in range(options.starts):
            for binary, taken in times.items():
                milliseconds, sizes[binary] = start(binary, env)
                taken.append(milliseconds)
        print(f"exec to handshake line, milliseconds, {options.starts} interleaved starts:")
        for binary, taken in times.items():
            mebibytes = os.path.getsize(binary) / (1 << 20)
            print(f"  {describe(taken)}   {sizes[binary]:5.1f} MiB resident   {mebibytes:5.1f} MiB file   {binary}")

        cli = subprocess.run([str(ROOT / "tools" / "get-cli.sh")], check=True, stdout=subprocess.PIPE).stdout.decode()
        setting = types.SimpleNamespace(cli=cli.strip(), cli_name="bench", protocol=6, provider=provider, work=folder,
                                        devcluster=os.path.join(options.build, "devcluster"))
        empty, reading = Stage(setting, "empty"), Stage(setting, "reading")
        cluster = reading.cluster()
        reading.configure(f'config_path = "{cluster.path("kubeconfig")}"', BOTH)
        empty.write("terraform {}\n")
        plans = {empty: [], reading: []}
        for stage, taken in plans.items():
            stage.init()
        for _ in range(options.plans):
            for stage, taken in plans.items():
                result = stage.run("plan", "-input=false", "-no-color", expect=0)
                taken.append(result.seconds * 1000)
        print(f"plan, milliseconds, {options.plans} interleaved runs of {cli.strip()}:")
        print(f"  {describe(plans[empty])}   empty configuration")
        print(f"  {describe(plans[reading])}   issuer and keys of a cluster")
        added = statistics.median(plans[reading]) - statistics.median(plans[empty])
        print(f"  the provider adds {added:.0f} ms to a plan")
        reading.close()
        empty.close()


if __name__ == "__main__":
    main()
