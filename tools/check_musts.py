#!/usr/bin/env python3
"""Holds the tests against docs/protocol-rules.md: which MUST and which TRAP does no test name?

  check_musts.py [ROOT]           one line for each rule without a test, and for each tag that is wrong; exit code 1 if any
  check_musts.py --missing [ROOT] the same, but rules without a test are no failure yet
  check_musts.py --where [ROOT]   each rule with the places of its tests
  check_musts.py --self-test      checks the checker, on made-up trees

A tag is a comment right above a test, or on a line inside it: `// MUST 37`, `// MUST 3, 4, TRAP 12: why`, in Python
with #. Above a test means: only comments and decorators between the tag and TEST(…) or def.
"""
import pathlib
import re
import sys
import tempfile

RULES = "docs/protocol-rules.md"
ENDINGS = {".cc": "//", ".h": "//", ".py": "#"}
TAG = re.compile(r"\b(MUST|TRAP) \d+(?:, (?:(?:MUST|TRAP) )?\d+)*")
ITEM = re.compile(r"(?:(MUST|TRAP) )?(\d+)")
TEST = re.compile(r"\s*(?:(?:TYPED_)?TEST(?:_F|_P)?\(|def |async def |INSTANTIATE_)")


def rules(text):
    """{("MUST", 1): title}, as the page lists them."""
    found, kind = {}, None
    for line in text.splitlines():
        if line.startswith("## "):
            kind = line[3:].strip()
        elif (match := re.match(r"(\d+)\. (.+)", line)) and kind in ("MUST", "TRAP"):
            found[kind, int(match[1])] = match[2]
    return found


def tags_of(comment):
    """The rules that a comment names."""
    for tag in TAG.finditer(comment):
        kind = tag[1]
        for item in ITEM.finditer(tag[0]):
            kind = item[1] or kind
            yield kind, int(item[2])


def comment_of(line, mark):
    """The comment at the end of a line, without its mark; empty without one. Marks inside texts are taken for comments."""
    return line.split(mark, 1)[1] if mark in line else ""


def belongs_to_a_test(lines, index, mark):
    """Whether the tag of that line is above a test, or inside one."""
    line = lines[index].lstrip()
    if not line.startswith(mark) or lines[index] != line:
        # Behind code, or indented: inside whatever begins at the margin above.
        above = (text for text in reversed(lines[:index]) if text[:1].strip() and text[0] not in "}#/@")
        return TEST.match(next(above, "")) is not None
    below = (text for text in lines[index:] if not text.lstrip().startswith((mark, "@")))
    return TEST.match(next(below, "")) is not None


def check(root):
    """(rules without a test, wrong tags, {rule: places})."""
    wanted = rules((root / RULES).read_text(encoding="utf-8"))
    wrong, places = [], {}
    for file in sorted((root / "tests").rglob("*")):
        mark = ENDINGS.get(file.suffix)
        if mark is None or not file.is_file():
            continue
        lines = file.read_text(encoding="utf-8").splitlines()
        for index, line in enumerate(lines):
            for tag in tags_of(comment_of(line, mark)):
                place = f"{file.relative_to(root).as_posix()}:{index + 1}"
                if tag not in wanted:
                    wrong.append(f"{place}: there is no {tag[0]} {tag[1]} in {RULES}")
                elif not belongs_to_a_test(lines, index, mark):
                    wrong.append(f"{place}: {tag[0]} {tag[1]} stands at no test")
                else:
                    places.setdefault(tag, []).append(place)
    missing = [f"{kind} {number}: {title}" for (kind, number), title in wanted.items() if (kind, number) not in places]
    for kind in ("MUST", "TRAP"):
        numbers = [number for name, number in wanted if name == kind]
        if numbers != list(range(1, len(numbers) + 1)):
            wrong.append(f"{RULES}: the numbers of {kind} are not 1, 2, 3 …")
    return missing, wrong, places


def self_test():
    page = "## MUST\n1. One.\n2. Two.\n3. Three.\n## TRAP\n1. A trap.\n## Other\n9. Nothing.\n"
    tests = "// MUST 1, 2, TRAP 1: because\n// of this\nTEST(A, B) {\n  // MUST 3\n}\n"
    cases = [  # what it is, the files, the missing, words of the wrong
        ("all named", {"tests/a.cc": tests}, [], []),
        ("one missing", {"tests/a.cc": "// MUST 1, MUST 2\nTYPED_TEST(A, B) {}\n", "tests/b.py": "# TRAP 1\n@x\ndef f():\n"},
         ["MUST 3: Three."], []),
        ("inside Python", {"tests/a.cc": tests, "tests/b.py": "@x\ndef f():\n    # MUST 1\n    pass\n"}, [], []),
        ("behind code", {"tests/a.cc": tests + "TEST(A, C) {\n  F();  // MUST 1\n}\n"}, [], []),
        ("no such rule", {"tests/a.cc": tests + "// MUST 4\nTEST(A, C) {}\n"}, [], ["there is no MUST 4"]),
        ("at no test", {"tests/a.cc": tests + "// MUST 1\nint x;\n"}, [], ["stands at no test"]),
        ("inside a function", {"tests/a.cc": tests + "void F() {\n  // MUST 1\n}\n"}, [], ["stands at no test"]),
        ("a text", {"tests/a.cc": tests + 'TEST(A, C) { F("MUST 77"); }\n'}, [], []),
    ]
    failures = []
    for name, files, want_missing, want_wrong in cases:
        with tempfile.TemporaryDirectory() as folder:
            for path, text in {RULES: page, **files}.items():
                file = pathlib.Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            missing, wrong, _ = check(pathlib.Path(folder))
        if missing != want_missing or len(wrong) != len(want_wrong) or any(w not in g for w, g in zip(want_wrong, wrong)):
            failures.append(f"{name}: missing {missing}, wrong {wrong}")
    return failures


def main():
    arguments = sys.argv[1:]
    if arguments == ["--self-test"]:
        failures = self_test()
        print("\n".join(failures) or "the checker is right about all its trees")
        return 1 if failures else 0
    mode = arguments.pop(0) if arguments[:1] in (["--missing"], ["--where"]) else ""
    root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).parent.parent)
    missing, wrong, places = check(root)
    if mode == "--where":
        for (kind, number), where in sorted(places.items()):
            print(f"{kind} {number}: {' '.join(where)}")
        return 0
    print("\n".join(wrong + missing) or "every rule has a test")
    return 1 if wrong or (missing and mode != "--missing") else 0


if __name__ == "__main__":
    sys.exit(main())
