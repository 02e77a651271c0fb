"""A provider over HashiCorp's Go framework and the same one over tfsdk: the runner asks both the same and compares."""
import pathlib
import subprocess

FOLDER = pathlib.Path(__file__).resolve().parent / "framework"
# What the runner must notice when the Go twin is asked to answer wrongly.
NOTICED = ("schema all: data_source_schemas.twin_echo.", "chain/twin_scalars 1 1 plan: planned_state.string_default:",
           "import/identity by id import: imported_resources[0].state.region:", "import/identity by id import: imported_resources[0].identity.",
           "chain/twin_planned 2 3 plan: requires_replace")


def run(*arguments):
    return subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=False)


def compare(runner, reference, program):
    """What differs, one line each."""
    failures = []
    altered = run(runner, "-reference", reference, "-other", reference, "-altered", "-only", "^(schema|import/identity|chain/twin_(scalars|planned))")
    failures += [f"the runner does not notice a wrong {what}" for what in NOTICED if what not in altered.stdout]
    for protocol in (6, 5):
        answer = run(runner, "-reference", reference, "-other", program, "-protocol", protocol, "-accepted", FOLDER / "accepted.json")
        lines = answer.stdout.splitlines()
        print(lines[-1] if lines else answer.stderr[-2000:], flush=True)
        if answer.returncode != 0:
            failures += lines[:-1] or [f"the runner ended with {answer.returncode}: {answer.stderr[-2000:]}"]
    return failures
