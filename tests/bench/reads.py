#!/usr/bin/env python3
"""What reading 500 things of 50 clusters costs, beside the same reads over client-go. Prints figures; it is no test.

  tests/bench/reads.py [--build build/release] [--runs 7] [--clusters 50] [--contexts 5]

Fifty development clusters, half with client certificates and half with tokens; for each, five contexts of a kubeconfig.
Every context's discovery document and keys are read once: by bench_reads (this project's client), by reads/main.go (client-go),
taking turns, each in a process of its own with ten workers; and by a plan of real Terraform over 500 data sources, whose
provider processes are timed from start to end. CPU is user and system time. Needs Go, terraform or tofu, and bench_reads
(cmake --build build/release --target bench_reads).
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import types

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "oracle"), str(ROOT / "tests" / "acceptance")]

from harness import Stage  # noqa: E402
from run import environment, find_go  # noqa: E402


def build_peer(build):
    cache, settings = environment(build)
    go = find_go(settings)
    if go is None:
        raise SystemExit("no Go: tools/get-go.sh gets one; put what it prints into K8SOIDC_GO")
    program = cache / "reads"
    subprocess.run([go, "build", "-ldflags", "-s -w", "-o", program, "."], cwd=ROOT / "tests/bench/reads", env=settings, check=True)
    return program


def more_contexts(folder, clusters, contexts):
    """A kubeconfig with several contexts for each cluster, all of the same user."""
    text = (folder / "kubeconfig").read_text()
    head, _, _ = text.partition("contexts:\n")
    entries = [f"- name: cluster-{i}.{j}\n  context:\n    cluster: cluster-{i}\n    user: cluster-{i}\n"
               for i in range(clusters) for j in range(contexts)]
    file = folder / "kubeconfig-many"
    file.write_text(head + "contexts:\n" + "".join(entries) + "current-context: cluster-0.0\n")
    return file


def measure(command):
    out = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(out)


def seconds(text):
    minutes, rest = re.fullmatch(r"(\d+)m([\d.]+)s", text).groups()
    return int(minutes) * 60 + float(rest)


def plan_cost(stage, times):
    """Milliseconds of CPU of all provider processes of one plan, and the seconds it took."""
    times.unlink(missing_ok=True)
    result = stage.run("plan", "-input=false", "-no-color", "-parallelism=10", expect=0, timeout=300)
    # The shell writes two lines for each process: its own times, and those of what it ran.
    ran = times.read_text().splitlines()[1::2]
    return sum(seconds(word) for line in ran for word in line.split()) * 1000, result.seconds


def describe(name, values, unit):
    return f"  {name:46} median {statistics.median(values):9.3f}   min {min(values):9.3f}   max {max(values):9.3f} {unit}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=str(ROOT / "build" / "release"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--clusters", type=int, default=50)
    parser.add_argument("--contexts", type=int, default=5)
    options = parser.parse_args()
    build = pathlib.Path(options.build).resolve()
    peer = build_peer(build)
    cli = subprocess.run([str(ROOT / "tools" / "get-cli.sh")], check=True, stdout=subprocess.PIPE).stdout.decode().strip()
    provider = build / "terraform-provider-k8soidc"

    with tempfile.TemporaryDirectory(prefix="k8soidc-bench-") as folder:
        setting = types.SimpleNamespace(cli=cli, cli_name="bench", protocol=6, provider=provider, work=folder,
                                        devcluster=build / "devcluster")
        reading, few = Stage(setting, "reading"), Stage(setting, "few")
        fleet_folder, _ = reading.fleet(options.clusters, keys="rsa2048,p256")
        kubeconfig = more_contexts(fleet_folder, options.clusters, options.contexts)
        ours, theirs = [], []
        for _ in range(options.runs):
            ours.append(measure([build / "bench_reads", kubeconfig, 10]))
            theirs.append(measure([peer, kubeconfig, 10]))
        reads = ours[0]["reads"]
        print(f"{reads} reads of {options.clusters} clusters, each in a process of its own, {options.runs} interleaved runs:")
        for name, results in (("this project", ours), ("client-go", theirs)):
            print(describe(f"{name}: CPU for each read", [r["cpu_ms"] / r["reads"] for r in results], "ms"))
            print(describe(f"{name}: all reads, by the clock", [r["wall_ms"] for r in results], "ms"))
            print(describe(f"{name}: largest resident size", [r["max_rss_kib"] / 1024 for r in results], "MiB"))
        ratio = statistics.median(r["cpu_ms"] for r in ours) / statistics.median(r["cpu_ms"] for r in theirs)
        print(f"  CPU of this project / CPU of client-go: {ratio:.2f}")

        costs = {}
        for stage, contexts in ((reading, options.contexts), (few, 0)):
            names = [f"cluster-{i}.{j}" for i in range(options.clusters) for j in range(contexts)] or ["cluster-0.0"]
            each = "".join(f'data "k8soidc_{kind}" "it" {{\n  for_each       = toset({json.dumps(names)})\n'
                           '  config_context = each.key\n}\n' for kind in ("issuer", "jwks"))
            stage.configure(f'config_path = "{kubeconfig}"', each)
            times = stage.folder / "times"
            stage.install("k8soidc", provider, wrapper_lines=f'"{provider}" "$@"\ncode=$?\ntimes >>"{times}"\nexit $code\n')
            stage.init()
            costs[stage] = [plan_cost(stage, times) for _ in range(options.runs)]
        print(f"plan of {reads} data sources and of 2, by {cli}, CPU of all its provider processes:")
        for stage, count in ((reading, reads), (few, 2)):
            print(describe(f"{count} data sources: CPU", [cpu for cpu, _ in costs[stage]], "ms"))
            print(describe(f"{count} data sources: the whole plan", [taken for _, taken in costs[stage]], "s"))
        added = statistics.median(cpu for cpu, _ in costs[reading]) - statistics.median(cpu for cpu, _ in costs[few])
        print(f"  CPU of the provider for each further data source: {added / (reads - 2):.3f} ms")
        reading.close()
        few.close()


if __name__ == "__main__":
    main()
