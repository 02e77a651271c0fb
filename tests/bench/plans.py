#!/usr/bin/env python3
"""What values and plans cost, beside go-cty and HashiCorp's framework; whether plans are linear, and memory flat.

  tests/bench/plans.py [--build build/release] [--largest 100000] [--milliseconds 1000] [--patience 60]
                       [--rounds 1000000] [--grpc-rounds 50000]

bench_plans (this project) and plans/ (Go: go-cty's msgpack, and PlanResourceChange of plugin-framework in its own process)
work on the same bytes, one after the other. Figures are CPU time of the process, so that a busy machine is not in them.
The framework needs quadratic time for sets: it gets only sizes it can do within the patience, in seconds, for one call;
"like" is what its own fitted curve says of the largest size. Answers are compared byte by byte.

Prints a table, and ends with 1 when a target is missed: five times as fast as Go at every size it could do, an exponent of
time over size of at most 1.1 from 1,000 elements on (of the fastest call: what other programs do to the caches is not ours), the same answers, and flat memory (bench_flat).
Needs Go, and programs of a release build: cmake --build build/release --target bench_plans bench_flat.
`--smoke` only sees that it all works: small sizes, no targets, no peer where there is no Go.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "oracle")]

from run import environment, find_go  # noqa: E402

LEAST_RATIO = 5
MOST_EXPONENT = 1.1


def build_peer(build):
    """The Go program, or None where it cannot be built."""
    cache, settings = environment(build)
    go = find_go(settings)
    if go is None:
        return None
    program = cache / "plans"
    subprocess.run([go, "build", "-o", program, "."], cwd=ROOT / "tests/bench/plans", env=settings, check=True)
    return program


def measure(*command):
    """What a program printed, by case and size."""
    out = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE).stdout
    rows = [json.loads(line) for line in out.splitlines()]
    return {(row["case"], row["size"]): row for row in rows}


def curve(rows, case, least):
    """The exponent and the factor of time over size, by least squares of their logarithms; None for fewer than two sizes."""
    points = [(math.log(size), math.log(row["best_ns"])) for (name, size), row in rows.items() if name == case and size >= least]
    if len(points) < 2:
        return None
    x, y = (sum(values) / len(points) for values in zip(*points))
    exponent = sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
    return exponent, math.exp(y - exponent * x)


def show_table(ours, peers):
    missed = []
    print(f"{'CPU time of one call':24}{'size':>9}{'input':>12}{'this':>14}{'Go':>14}{'ratio':>9}{'allocations':>13}{'of a value':>12}")
    for (case, size), row in ours.items():
        peer = peers.get((case, size))
        ratio = peer["ns"] / row["ns"] if peer else None
        print(f"{case:24}{size:9}{row['bytes']:10} B{row['ns'] / 1e6:11.3f} ms"
              + (f"{peer['ns'] / 1e6:11.3f} ms{ratio:8.1f}×" if peer else f"{'-':>14}{'-':>9}")
              + f"{row['allocations']:13}{row['allocations'] / row['values'] / (size if case.endswith('small') else 1):12.2f}")
        if peer and ratio < LEAST_RATIO:
            missed.append(f"{case} of {size} is {ratio:.1f} times as fast, not {LEAST_RATIO}")
    return missed


def show_curves(ours, peers):
    missed = []
    print("\ntime over size, as an exponent:")
    for case in dict.fromkeys(case for case, _ in ours if case.startswith("plan ")):
        fit, other = curve(ours, case, 1000), curve(peers, case, 100)
        if fit is None:
            continue
        largest = max(size for name, size in ours if name == case)
        line = f"  {case:22} {fit[0]:.3f}"
        if other:
            seconds = other[1] * largest ** other[0] / 1e9
            line += f"   Go {other[0]:.3f}"
            if (case, largest) not in peers:
                line += f", like {seconds:.0f} s for {largest}: {seconds * 1e9 / ours[case, largest]['ns']:.0f}×"
        print(line)
        if fit[0] > MOST_EXPONENT:
            missed.append(f"{case} grows with the power {fit[0]:.3f}, not {MOST_EXPONENT}")
    return missed


def compare_answers(folder):
    missed = []
    answers = sorted(pathlib.Path(folder).glob("*.peer"))
    for peer in answers:
        if peer.read_bytes() != peer.with_suffix(".planned").read_bytes():
            missed.append(f"the plans of {peer.stem} differ")
    print(f"\n{len(answers)} plans of Go, {len(answers) - len(missed)} of them the same as ours")
    return missed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=str(ROOT / "build" / "release"))
    parser.add_argument("--largest", type=int, default=100_000)
    parser.add_argument("--milliseconds", type=int, default=1000)
    parser.add_argument("--patience", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=1_000_000)
    parser.add_argument("--grpc-rounds", type=int, default=50_000)
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    if options.smoke:
        options.largest, options.milliseconds, options.rounds, options.grpc_rounds = 300, 1, 1000, 200
    build = pathlib.Path(options.build).resolve()
    peer = None if options.smoke else build_peer(build)
    if peer is None and not options.smoke:
        raise SystemExit("no Go: tools/get-go.sh gets one; put what it prints into K8SOIDC_GO")

    with tempfile.TemporaryDirectory(prefix="k8soidc-bench-") as folder:
        ours = measure(build / "bench_plans", folder, options.largest, options.milliseconds)
        peers = measure(peer, folder, options.largest, options.milliseconds, options.patience) if peer else {}
        missed = show_table(ours, peers) + show_curves(ours, peers)
        missed += compare_answers(folder)
    print(flush=True)
    flat = subprocess.run([str(build / "bench_flat"), str(options.rounds), str(options.grpc_rounds)], check=False)
    if flat.returncode != 0:
        missed.append("memory grows")
    if options.smoke:
        missed = [miss for miss in missed if miss == "memory grows"]
    for miss in missed:
        print(f"MISSED: {miss}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
