"""Writes a kubeconfig in the many ways there are to write YAML."""
import json
import re

PLAIN = re.compile(r"[A-Za-z/@][A-Za-z0-9_./@+-]*(://[A-Za-z0-9_./:@%+-]*)?")
# What some reader takes for something else than a string, or the writer below for a word of its own.
NOT_PLAIN = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null|\.?inf|\.?nan|@(?!(CA|CERT|KEY|DIR)).*|.*e[0-9]+")


class Raw(str):
    """Text that goes into the file as it is."""


class Anchored:
    def __init__(self, name, value):
        self.name, self.value = name, value


def scalar(value, rng):
    if isinstance(value, Raw):
        return str(value)
    if value is None:
        return rng.choice(["null", "~", ""])
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return json.dumps(value)
    if value.startswith("@JSON_"):
        return f'"{value}"'  # Becomes a text with line breaks, escaped.
    if re.search(r"[\x00-\x1f\x7f]", value):
        return json.dumps(value).replace("\x7f", "\\u007f")
    styles = ["double", "single"] + (["plain"] * 4 if PLAIN.fullmatch(value) and not NOT_PLAIN.fullmatch(value) else [])
    style = rng.choice(styles)
    if style == "plain":
        return value
    if style == "single" and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value, ensure_ascii=rng.random() < 0.5)


def flow(value, rng):
    if isinstance(value, Anchored):
        return f"&{value.name} {flow(value.value, rng)}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key, rng)}: {flow(item, rng)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, rng) for item in value) + "]"
    return "null" if value is None else scalar(value, rng)


def block(value, rng, indent, comments):
    """The lines of a collection, for the place behind its key or dash."""
    space = " " * indent
    lines = []
    if isinstance(value, Anchored):
        return block(value.value, rng, indent, comments)
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        head = f"{space}{scalar(key, rng)}:" if isinstance(value, dict) else f"{space}-"
        inner = item.value if isinstance(item, Anchored) else item
        anchor = f" &{item.name}" if isinstance(item, Anchored) else ""
        if comments and rng.random() < 0.2:
            lines.append(f"{space}# token: nonsense")
        if not isinstance(inner, (dict, list)) or not inner or rng.random() < 0.05:
            lines.append(f"{head}{anchor} {flow(inner, rng)}" +
                         (" # a remark" if comments and rng.random() < 0.2 else ""))
        elif isinstance(value, list) and isinstance(inner, dict) and not anchor:
            below = block(inner, rng, indent + 2, False)
            lines += [head + " " + below[0].lstrip(), *below[1:]]
        else:
            step = 0 if isinstance(inner, list) and isinstance(value, dict) and rng.random() < 0.5 else 2
            lines += [head + anchor, *block(inner, rng, indent + step, comments)]
    return lines


def with_merge(entry, rng):
    """The same mapping, a part of it through a merge key."""
    keys = list(entry)
    merged = {key: entry[key] for key in keys if rng.random() < 0.5}
    rest = {key: entry[key] for key in keys if key not in merged}
    hidden = {key: "hidden" for key in rest if key in ("server", "token") and rng.random() < 0.5}
    source = Anchored("base", {**merged, **hidden})
    merge = {Raw("<<"): Raw("*base")} if rng.random() < 0.7 else {Raw("<<"): [Raw("*base")]}
    return source, ({**rest, **merge} if rng.random() < 0.5 and not hidden else {**merge, **rest})


def write(config, rng, shape):
    """`config` as text. Shapes other than block, flow and json are block with something odd."""
    if shape == "json":
        plain = json.dumps(config, indent=rng.choice([None, 2, "\t"]))
        return plain
    if shape == "flow":
        return flow(config, rng) + "\n"
    if shape == "merge":
        kind, member = rng.choice([("clusters", "cluster"), ("users", "user")])
        entries = [
            entry for entry in config.get(kind) or [] if isinstance(entry, dict) and isinstance(entry.get(member), dict)
        ]
        if entries:
            source, entries[0][member] = with_merge(entries[0][member], rng)
            config = {"x-base": source, **config}
    if shape == "alias":
        for kind, member in (("clusters", "cluster"), ("users", "user")):
            entries = [entry for entry in config.get(kind) or [] if isinstance(entry, dict)]
            if len(entries) > 1:
                entries[0][member] = Anchored(member, entries[0].get(member))
                entries[1][member] = Raw(f"*{member}")
    text = "\n".join(block(config, rng, 0, shape == "comments")) + "\n"
    odd = {
        "document start": lambda: "---\n" + text,
        "document end": lambda: text + "...\n",
        "second document": lambda: text + "---\n" + rng.choice(["current-context: other\n", "clusters: [\n", "\t\n"]),
        "empty first document": lambda: rng.choice(["---\n---\n", "# only this\n---\n---\n"]) + text,
        "byte order mark": lambda: "\ufeff" + text,
        "CRLF": lambda: text.replace("\n", "\r\n"),
        "CR": lambda: text.replace("\n", "\r"),
        "tab": lambda: re.sub(r"(?m)^  ", "\t", text, count=1),
        "tab behind": lambda: text.replace(": ", ":\t", 1),
        "trailing space": lambda: text.replace("\n", "  \n"),
        "directive": lambda: rng.choice(["%YAML 1.1\n---\n", "%YAML 1.2\n---\n", "%TAG ! tag:x,2000:\n---\n"]) + text,
        "duplicate key": lambda: text + rng.choice(
            ["kind: Config\n", "current-context: other\n", "preferences: {}\npreferences: {}\n"]),
        "unterminated": lambda: text + 'x: "\n',
        "control character": lambda: text + "x: \x07\n",
        "empty": lambda: rng.choice(["", "\n", "# nothing\n", "---\n", "null\n", "{}\n"]),
        "no mapping": lambda: rng.choice(["- a\n", "text\n", "12\n"]),
        "comments": lambda: "# a kubeconfig\n" + text,
    }
    return odd.get(shape, lambda: text)()


SHAPES = [
    "document start", "document end", "second document", "empty first document", "byte order mark", "CRLF", "CR", "tab",
    "tab behind", "trailing space", "directive", "duplicate key", "unterminated", "control character", "empty",
    "no mapping", "comments", "merge", "alias"
]
