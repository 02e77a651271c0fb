"""kubectl and client-go against the provider's kube/: made-up situations, and what the servers of each see.

  run.py kubeconfig BUILD_DIR PROGRAM [--count N] [--seed S] [--only INDEX] [--file SITUATION.json] [--show]

--only makes one situation of the seed again, --file takes one that was printed; both show what each client did.
"""
import argparse
import collections
import concurrent.futures
import json
import multiprocessing
import os
import pathlib
import tempfile
import time

import kubeconfig_rules as rules
import kubeconfig_situations as situations
from kubeconfig_clients import Stage
from kubeconfig_servers import Certificates

STAGE = None


def start_worker(folder, certificates, kubectls, go_program, our_program):
    global STAGE  # pylint: disable=global-statement
    STAGE = Stage(pathlib.Path(folder) / str(os.getpid()), certificates, kubectls, go_program, our_program)


def run_one(situation):
    try:
        return situation, STAGE.run(situation)
    except Exception as error:
        raise RuntimeError(f"situation {situation['id']} could not be played") from error


def seen(outcome):
    """What the world saw of a client that reached a server; None of one that did not."""
    if not outcome["requests"]:
        return None
    return {name: outcome[name] for name in ("requests", "proxies", "refused", "plugin")}


def judge(situation, outcomes):
    """(class, text): the class is "same: ..." or a rule's name when all is as it should be, and "" when not."""
    ours = outcomes["ours"]
    broken = [name for name, outcome in outcomes.items() if outcome["error"].startswith("BROKEN")]
    if broken:
        return "", f"{' and '.join(broken)}: {outcomes[broken[0]]['error']}"
    if bool(ours["error"]) == bool(ours["requests"]):
        return "", "ours: said one thing and did another"
    judges = {name: outcome for name, outcome in outcomes.items() if name != "ours" and outcome["error"] != "PROMPT"}
    if not judges:
        return "kubectl asks for a credential, and there is no client-go to compare with", ""
    verdicts = {name: judge_against(situation, ours, name, theirs) for name, theirs in judges.items()}
    wrong = {name: text for name, (kind, text) in verdicts.items() if not kind}
    if wrong.keys() == {"kubectl"} and "client-go" in verdicts and seen(outcomes["kubectl"]) != seen(
            outcomes["client-go"]):
        return f"{verdicts['client-go'][0]}, and {outcomes['kubectl']['program']} does otherwise", ""
    if wrong:
        return "", "; ".join(wrong.values())
    kinds = {kind for kind, _ in verdicts.values()}
    return " / ".join(sorted(kinds, key=lambda kind: kind.startswith("same"))), ""


def judge_against(situation, ours, name, theirs):
    """(class or "", what is wrong)."""
    if seen(theirs) == seen(ours):
        if ours["refused"] and theirs["refused"] and ours["refused"] != theirs["refused"]:
            return excused(situation, ours, theirs, f"ours and {name} fail in TLS, with different servers or names")
        if ours["plugin"] and not theirs["plugin"]:
            return excused(situation, ours, theirs, f"ours runs a plugin that {name} does not")
        if ours["runs"] > theirs["runs"]:  # client-go runs one that gives an expired credential twice.
            return "", f"ours runs the plugin more often than {name}"
        return ("same: reached" if ours["requests"] else "same: refused"), ""
    return excused(situation, ours, theirs, f"ours and {name} differ")


def excused(situation, ours, theirs, wrong):
    rule = rules.explain(situation, ours, theirs)
    return (rule, "") if rule else ("", wrong)


def describe(situation, outcomes):
    lines = [
        f"situation {situation['id']}, {', '.join(situation['tags']) or 'nothing odd'}; {situation['how']}: {situation['kubeconfigs']}, overrides {situation['overrides']}"
    ]
    for name, outcome in outcomes.items():
        facts = {
            key: value for key, value in outcome.items() if value and key not in ("error", "seconds", "program", "runs")
        }
        lines.append(f"  {outcome.get('program', name):11} {json.dumps(facts) if facts else 'nothing arrives'}" +
                     (f"\n{'':14}says: {outcome['error'][:400]!r}" if outcome["error"] else ""))
    return "\n".join(lines)


def compare(kubectls, go_program, our_program, arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=int(os.environ.get("K8SOIDC_ORACLE_COUNT", "200")))
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", type=int)
    parser.add_argument("--file", type=pathlib.Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args(arguments)
    print("kubectl:",
          ", ".join(sorted({kubectl.name for kubectl in kubectls})) or "none",
          "| client-go:",
          "yes" if go_program else "none",
          flush=True)
    if options.file:
        asked = [json.loads(options.file.read_text(encoding="utf-8"))]
    else:
        indexes = [options.only] if options.only is not None else range(options.first, options.first + options.count)
        asked = [situations.make(options.seed, index) for index in indexes]
    alone = len(asked) == 1

    started = time.monotonic()
    classes, failures, tags, slowest = collections.Counter(), [], collections.Counter(), 0
    with tempfile.TemporaryDirectory(prefix="k8soidc-") as folder:
        (pathlib.Path(folder) / "certificates").mkdir()
        certificates = Certificates(pathlib.Path(folder) / "certificates")
        workers = 1 if alone else min(4, (os.cpu_count() or 1) + 1)
        context = multiprocessing.get_context("fork")
        with concurrent.futures.ProcessPoolExecutor(workers, context, start_worker,
                                                    (folder, certificates, kubectls, go_program, our_program)) as pool:
            for situation, outcomes in pool.map(run_one, asked, chunksize=1 if alone else 8):
                kind, wrong = judge(situation, outcomes)
                classes[kind or "UNEXPLAINED"] += 1
                tags.update(situation["tags"])
                slowest = max(slowest, outcomes["ours"]["seconds"])
                if wrong:
                    failures.append(f"{wrong}: {describe(situation, outcomes)}")
                if alone or options.show:
                    print(describe(situation, outcomes), f"\n  => {kind or wrong}")
                if alone:
                    print(json.dumps(situation, indent=1, ensure_ascii=False))
    for kind, count in classes.most_common():
        print(f"{count:6} {kind}")
    print(
        f"{len(asked)} situations with {len(tags)} kinds of oddity in {time.monotonic() - started:.0f} s; our slowest took {slowest:.1f} s"
    )
    return failures
