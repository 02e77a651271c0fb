#!/usr/bin/env python3
"""Runs one acceptance scenario: the real terraform or tofu, our provider, and a cluster.

  run.py --list [core|full|real]
  run.py --cli NAME=PATH --protocol 5|6 --provider FILE --minimal FILE --files FILE --devcluster FILE --cluster FOLDER
         --work FOLDER SCENARIO

The cluster is a development cluster (--devcluster), or a real one of the programs in --cluster: tools/get-cluster.sh.

Exit code 0: passed. 1: failed, with what was printed. 77: skipped; the line that starts with SKIPPED says why.
"""

import argparse
import sys
import traceback

sys.dont_write_bytecode = True

from harness import Skip, Stage  # noqa: E402
from scenarios import SCENARIOS  # noqa: E402


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "--list":
        wanted = sys.argv[2] if len(sys.argv) > 2 else "full"
        for scenario in SCENARIOS.values():
            if scenario.real == (wanted == "real") and (scenario.core or wanted != "core"):
                print(scenario.name)
        return 0
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", required=True)
    parser.add_argument("--protocol", type=int, choices=(5, 6), required=True)
    for name in ("provider", "minimal", "files", "devcluster", "cluster", "work"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("scenario")
    options = parser.parse_args()
    options.cli_name, options.cli = options.cli.split("=", 1)

    scenario = SCENARIOS[options.scenario]
    stage = None
    try:
        stage = Stage(options, scenario.name)
        scenario.function(stage)
        stage.close()
    except Skip as reason:
        if stage is not None:
            stage.kill_left_overs()
        print(f"SKIPPED: {scenario.name} ({options.cli_name}, protocol {options.protocol}): {reason}")
        return 77
    except BaseException:  # pylint: disable=broad-except
        traceback.print_exc()
        if stage is not None:
            for result in stage.results[-2:]:
                print(result)
            print(*(tail for cluster in stage.clusters for tail in cluster.tails()), sep="\n")
            stage.kill_left_overs()
        print(f"FAILED: {scenario.name} with {options.cli_name}, protocol {options.protocol}")
        return 1
    print(f"passed: {scenario.name}, {len(stage.results)} runs of {options.cli_name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
