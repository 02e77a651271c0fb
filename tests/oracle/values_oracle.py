"""go-cty against tfsdk: the rows on disk are those that go-cty writes today, and random ones mean the same to both."""
import json
import subprocess

FILES = ("golden", "widths", "invalid", "json_input")
GENERATED, MUTATED, SEED = 12000, 30000, 3

# What go-cty takes and tfsdk refuses on purpose, by tfsdk's own words. Each has rows in invalid.jsonl or
# json_input.jsonl that say why.
STRICTER = (
    "bytes are left over", "a string must be UTF-8", "a key must be UTF-8", "a key that was there before", "a number must be finite",
    "a number's exponent", "not a decimal number", "a string as key is required", "nested too deeply", "not a type", "not valid JSON",
    "a member is there twice",
    # go-cty takes a tuple or object of no elements for one of another type inside dynamic, and a key of any code in maps.
    "elements is required", "attributes is required", "code that means nothing",
    # go-cty takes null for false, and does not look behind a refinement that it has no name for.
    "malformed refinements", "ends too early", "JSON text must be UTF-8",
)
# What tfsdk takes and go-cty refuses: extensions and refinements that are yet to be invented. Behind a refinement
# without a name go-cty is out of step, and stumbles over whatever comes next. What it refuses in step is in
# invalid.jsonl.
LAXER = ("unsupported extension type", "failed to decode msgpack extension body")


def parsed(text):
    """JSON lines. Not splitlines(): texts in the rows have characters that it takes for line ends."""
    return [json.loads(line) for line in text.split("\n") if line]


def rows(oracle, *arguments):
    answer = subprocess.run([oracle, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True)
    return parsed(answer.stdout)


def ask(program, questions):
    """One answer for each question."""
    text = "".join(json.dumps(question) + "\n" for question in questions)
    answer = subprocess.run(program, input=text, stdout=subprocess.PIPE, text=True, check=True)
    answers = parsed(answer.stdout)
    assert len(answers) == len(questions), f"{program} answered {len(answers)} of {len(questions)} rows"
    return answers


def write(oracle, folder):
    for name in FILES:
        with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as out:
            subprocess.run([oracle, name], stdout=out, check=True)
        print(f"wrote {folder / name}.jsonl")


def comparable(row):
    """A row without the words of go-cty's errors, which differ between versions of Go."""
    return {**row, "error": bool(row.get("error"))}


def on_disk(oracle, folder):
    """What differs between the committed files and those go-cty writes today."""
    failures = []
    for name in FILES:
        committed = parsed((folder / f"{name}.jsonl").read_text(encoding="utf-8"))
        old, new = [comparable(row) for row in committed], [comparable(row) for row in rows(oracle, name)]
        print(f"{name}.jsonl: {len(old)} rows, {len(new)} written anew")
        if len(old) != len(new):
            failures.append(f"{name}.jsonl has {len(old)} rows, go-cty writes {len(new)}: run tests/oracle/run.py write")
        failures += [{"file": name, "committed": a, "anew": b} for a, b in zip(old, new) if a != b]
    return failures


def same_meaning(oracle, program, questions):
    """Random values: tfsdk must take each, and go-cty must read tfsdk's msgpack and JSON as the same value."""
    ours = ask([program], questions)
    failures = [{"row": q, "tfsdk": o} for q, o in zip(questions, ours) if not o["ok"]]
    taken = [(q, o) for q, o in zip(questions, ours) if o["ok"]]

    back = ask([oracle, "check"], [{"type": q["type"], "msgpack": o["msgpack"]} for q, o in taken])
    for (question, answer), verdict in zip(taken, back):
        expected = question.get("canonical", question["msgpack"])
        if not verdict["ok"] or verdict["msgpack"] != expected:
            failures.append({"row": question, "tfsdk": answer, "go-cty reads that as": verdict, "expected": expected})
        if ("json" in question) != ("json" in answer):
            failures.append({"row": question, "tfsdk": answer, "json": "only one of the two has it"})

    # The other wire form, both ways. Numbers that were doubles are decimals afterwards, hence go-cty's view of both.
    known = [(q, o) for q, o in taken if "json" in q and "json" in o]
    ours_in_go = ask([oracle, "check"], [{"type": q["type"], "json": o["json"]} for q, o in known])
    go_in_go = ask([oracle, "check"], [{"type": q["type"], "json": q["json"]} for q, _ in known])
    go_in_ours = ask([program], [{"type": q["type"], "json": q["json"]} for q, _ in known])
    go_in_ours_in_go = ask([oracle, "check"], [{"type": q["type"], "msgpack": o.get("msgpack", "")} for (q, _), o in zip(known, go_in_ours)])
    for (question, answer), a, b, c, d in zip(known, ours_in_go, go_in_go, go_in_ours, go_in_ours_in_go):
        if not a["ok"] or a != b:
            failures.append({"row": question, "tfsdk's json": answer["json"], "go-cty reads that as": a, "and its own as": b})
        if not c["ok"] or d.get("msgpack") != b.get("msgpack"):
            failures.append({"row": question, "tfsdk reads go-cty's json as": c, "which is to go-cty": d, "and not": b})
    print(f"{len(questions)} random values, {len(known)} of them also as JSON")
    return failures


def same_verdict(oracle, program, questions):
    """Changed bytes: both must refuse, or both must take them for the same value."""
    ours, theirs = ask([program], questions), ask([oracle, "check"], questions)
    failures, both, neither = [], 0, 0
    taken = []
    for question, answer, verdict in zip(questions, ours, theirs):
        if answer["ok"] and verdict["ok"]:
            both += 1
            taken.append((question, answer, verdict))
        elif not answer["ok"] and not verdict["ok"]:
            neither += 1
        elif verdict["ok"] and not any(words in answer["error"] for words in STRICTER):
            failures.append({"row": question, "tfsdk refuses": answer, "go-cty takes": verdict})
        elif answer["ok"] and not any(words in verdict["error"] for words in LAXER):
            failures.append({"row": question, "tfsdk takes": answer, "go-cty refuses": verdict})
    # Numbers that were doubles may have other digits and still be the same to Terraform.
    again = ask([oracle, "check"], [{"type": q["type"], "msgpack": q["msgpack"], "canonical": a["msgpack"]} for q, a, _ in taken])
    for (question, answer, verdict), compared in zip(taken, again):
        if not compared["same"]:
            failures.append({"row": question, "tfsdk": answer, "go-cty": verdict})
    print(f"{len(questions)} changed rows: both take {both}, both refuse {neither}")
    return failures


def compare(oracle, program, folder):
    failures = on_disk(oracle, folder)
    failures += same_meaning(oracle, program, rows(oracle, "generate", GENERATED, SEED))
    failures += same_verdict(oracle, program, rows(oracle, "mutate", MUTATED, SEED))
    return failures
