#!/usr/bin/env python3
"""Holds the tree against ARCHITECTURE.md: who may include what, and the house rules that a compiler does not check.

  check_layers.py [ROOT]      one line per violation; exit code 1 when there is any
  check_layers.py --self-test checks the checker, on made-up trees

Reads the #include lines of lib/ and provider/, and the text of every C++ file in lib/, provider/, tools/ and tests/.
"""
import pathlib
import re
import sys
import tempfile

# ---- The library: the arrows of the architecture, as data ----

# Files right below lib/tfsdk, and in internal/, by layer.
LAYERS = {
    0: ["status", "cancel", "secret", "log", "internal/check", "internal/utf8", "internal/identifier", "internal/log_line", "internal/sdk_log"],
    1: ["number", "number_math", "type", "value", "path"],
    2: ["msgpack", "json", "internal/common_type", "internal/msgpack_reader", "internal/msgpack_writer", "internal/refinements", "internal/json_document"],
    3: [
        "diagnostics", "schema", "plan_modifiers", "validator", "path_expression", "validators", "collection_validators",
        "composed_validators", "number_validators", "relation_validators", "string_validators", "internal/range_text",
    ],
    4: [
        "maybe", "codec", "codec_rules", "binding", "text_type", "json_text", "net_types", "time_types", "timeouts", "context", "data_source",
        "private_state", "resource_context", "resource_plan", "resource", "ephemeral_resource", "function", "action",
        "list_resource", "provider",
    ],
    7: ["serve"],
}
# Whole folders by layer. plugin/ stands beside the layers: it uses only the base, and only serve uses it. testing/ is
# for tests and may use everything; nothing may use it.
FOLDERS = {"engine": 5, "protocol": 6, "plugin": "plugin", "testing": "testing"}
# Lower layers that a layer does not know all the same: codecs and schemas do not need each other.
STRANGERS = {(3, 2)}

# ---- The provider: its leaves could be lifted out, so they know almost nothing of the library ----

LEAVES = {
    # folder: the provider's folders it may include from
    "json": [],
    "crypto": [],
    "http": ["json"],
    "jose": ["crypto", "json"],
    "oidc": ["http", "jose", "json"],
    "kube": ["http", "jose", "json", "oidc"],
}
# The base layer, and the one internal header that authors may use as well.
CHECK = "tfsdk/internal/check.h"
LEAF_TFSDK = {"tfsdk/status.h", "tfsdk/cancel.h", "tfsdk/secret.h", "tfsdk/log.h", CHECK}

# ---- Third parties: a pattern of headers, and the only places that may include them ----

THIRD_PARTIES = [
    ("curl", r"curl/", [r"provider/http/"]),
    ("OpenSSL", r"openssl/", [r"provider/crypto/", r"provider/http/", r"lib/tfsdk/plugin/"]),
    ("RE2", r"re2/", [r"lib/tfsdk/string_validators\.cc", r"lib/tfsdk/internal/log_line\.cc"]),
    ("libyaml", r"yaml\.h", [r"provider/kube/yaml\.cc"]),
    ("gRPC", r"(grpc|grpcpp)/|.*\.grpc\.pb\.h", [r"lib/tfsdk/(plugin|protocol)/", r"lib/tfsdk/serve\.cc"]),
    ("protobuf", r"google/protobuf/|.*\.pb\.h", [r"lib/tfsdk/(plugin|protocol)/", r"lib/tfsdk/serve\.cc"]),
]
SYSTEM_CODE = ("lib/", "provider/")

MAX_LINES = 400
TEXT_FOLDERS = ("lib", "provider", "tools", "tests")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def layer_of(name):
    """The layer of a path below lib/tfsdk without its ending, or None."""
    folder = name.split("/")[0]
    if "/" in name and folder in FOLDERS:
        return FOLDERS[folder]
    return next((layer for layer, names in LAYERS.items() if name in names), None)


def library_violation(source, target):
    """Why the file of layer `source` may not include one of layer `target`, or None."""
    if source == "testing":
        return None
    if target == "testing":
        return "testing/ is for tests"
    if source == "plugin":
        return None if target in (0, "plugin") else "plugin/ may use only the base (layer 0)"
    if target == "plugin":
        return None if source == 7 else "only serve may use plugin/"
    if target > source:
        return f"layer {source} may not use layer {target}"
    if (source, target) in STRANGERS:
        return f"layers {source} and {target} do not know each other"
    return None


def check_library(path, includes):
    name = re.sub(r"\.(h|cc)$", "", path.removeprefix("lib/tfsdk/"))
    source = layer_of(name)
    if source is None:
        yield 1, "belongs to no layer: name it in tools/check_layers.py and ARCHITECTURE.md"
        return
    for line, quote, header in includes:
        if not header.startswith("tfsdk/"):
            ours = quote == '"' and not header.startswith(("absl/", "nlohmann/", "re2/", "gmock/", "gtest/")) and not header.endswith(".pb.h")
            if ours:
                yield line, f"the library may not include {header}"
            continue
        target = layer_of(re.sub(r"\.h$", "", header.removeprefix("tfsdk/")))
        if target is None:
            yield line, f"{header} belongs to no layer"
        elif (why := library_violation(source, target)) is not None:
            yield line, f"includes {header}: {why}"
    if path.endswith(".h") and "/" not in name:
        for line, _, header in includes:
            if header.startswith("tfsdk/internal/") and header != CHECK:
                yield line, f"includes {header}: a public header shows authors nothing internal but check.h"
    if re.fullmatch(r"lib/tfsdk/testing/[^/]*\.h", path):
        for line, _, header in includes:
            if re.match(r"tfsdk/(engine|protocol|plugin|internal|testing/internal)/", header) and header != CHECK:
                yield line, f"includes {header}: this header is installed, and that one is not"


def check_provider(path, includes):
    parts = path.split("/")
    folder = parts[1] if len(parts) > 2 else None
    for line, quote, header in includes:
        if quote != '"':
            continue
        if header.startswith("tfsdk/"):
            if re.match(r"tfsdk/(engine|protocol|plugin|internal)/", header) and header != CHECK:
                yield line, f"includes {header}: the provider uses only what any other author could"
            elif folder in LEAVES and header not in LEAF_TFSDK:
                yield line, f"includes {header}: {folder}/ is a leaf, and may use only {', '.join(sorted(LEAF_TFSDK))}"
            continue
        other = header.split("/")[0] if "/" in header else ""
        if folder in LEAVES and other in ("", "types", "data_sources", "resources", "ephemeral", "functions", "cli"):
            yield line, f"includes {header}: {folder}/ is a leaf and knows nothing above it"
        elif folder in LEAVES and other in LEAVES and other != folder and other not in LEAVES[folder]:
            yield line, f"includes {header}: {folder}/ may use {', '.join(LEAVES[folder]) or 'no other folder'}"


def check_third_parties(path, includes):
    for line, _, header in includes:
        if header.startswith("tfsdk/"):
            continue
        for name, pattern, places in THIRD_PARTIES:
            if not re.match(pattern, header):
                continue
            if not any(re.match(place, path) for place in places):
                yield line, f"includes {header}: {name} belongs only in {' '.join(places)}"
            elif re.fullmatch(r"lib/tfsdk/[^/]*\.h", path):
                yield line, f"includes {header}: a public header must not need {name}"


def check_text(path, text):
    lines = text.count("\n")
    if lines > MAX_LINES:
        yield 1, f"has {lines} lines, more than {MAX_LINES}"
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"\bstd::string_view\b|#\s*include\s*<string_view>", line):
            yield number, "uses std::string_view: absl's is another type in Debian 12, and the one used everywhere"


def violations(root):
    """All violations below `root`, as lines FILE:LINE: what."""
    found = []
    for folder in TEXT_FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in (".h", ".cc") or not file.is_file():
                continue
            path = file.relative_to(root).as_posix()
            text = file.read_text(encoding="utf-8")
            matches = [(number, INCLUDE.match(line)) for number, line in enumerate(text.splitlines(), 1)]
            includes = [(number, match[1], match[2]) for number, match in matches if match]
            checks = [check_text(path, text)]
            if path.startswith(SYSTEM_CODE):
                checks.append(check_third_parties(path, includes))
            if path.startswith("lib/tfsdk/"):
                checks.append(check_library(path, includes))
            elif path.startswith("provider/"):
                checks.append(check_provider(path, includes))
            found += [f"{path}:{line}: {what}" for check in checks for line, what in check]
    return found


# ---- The checker's own test ----

GOOD_TREE = {
    "lib/tfsdk/status.h": '#include "absl/status/status.h"\n',
    "lib/tfsdk/log.cc": '#include "tfsdk/log.h"\n#include "nlohmann/json.hpp"\n',
    "lib/tfsdk/value.h": '#include "tfsdk/type.h"\n#include "tfsdk/internal/check.h"\n#include "absl/strings/string_view.h"\n',
    "lib/tfsdk/msgpack.cc": '#include "tfsdk/msgpack.h"\n#include "tfsdk/internal/msgpack_reader.h"\n#include "tfsdk/path.h"\n',
    "lib/tfsdk/schema.h": '#include "tfsdk/type.h"\n',
    "lib/tfsdk/binding.h": '#include "tfsdk/schema.h"\n#include "tfsdk/secret.h"\n',
    "lib/tfsdk/engine/plan.cc": '#include "tfsdk/engine/plan.h"\n#include "tfsdk/schema.h"\n#include "tfsdk/json.h"\n',
    "lib/tfsdk/protocol/handlers.h": '#include <grpcpp/grpcpp.h>\n#include "tfsdk/engine/engine.h"\n#include "tfplugin6.pb.h"\n',
    "lib/tfsdk/plugin/auto_mtls.cc": '#include <openssl/x509.h>\n#include "tfsdk/status.h"\n',
    "lib/tfsdk/serve.cc": '#include "tfsdk/protocol/services.h"\n#include "tfsdk/plugin/server.h"\n',
    "lib/tfsdk/testing/value_matchers.h": '#include "gmock/gmock.h"\n#include "tfsdk/value.h"\n',
    "provider/main.cc": '#include "provider.h"\n#include "tfsdk/serve.h"\n',
    "provider/http/curl_transport.cc": '#include <curl/curl.h>\n#include <openssl/ssl.h>\n#include "tfsdk/log.h"\n#include "tfsdk/internal/check.h"\n#include "http/http.h"\n',
    "provider/jose/jwk.cc": '#include "crypto/public_key.h"\n#include "json/quote.h"\n',
    "provider/kube/yaml.cc": "#include <yaml.h>\n",
    "provider/data_sources/jwks.cc": '#include "jose/canonical.h"\n#include "tfsdk/data_source.h"\n',
    "tests/long_enough.cc": "\n" * MAX_LINES,
}
# Each has one violation, whose line has these words.
BAD_FILES = [
    ("lib/tfsdk/status.h", '#include "tfsdk/value.h"', "layer 0 may not use layer 1"),
    ("lib/tfsdk/type.cc", '#include "tfsdk/schema.h"', "layer 1 may not use layer 3"),
    ("lib/tfsdk/json.cc", '#include "tfsdk/schema.h"', "layer 2 may not use layer 3"),
    ("lib/tfsdk/schema.cc", '#include "tfsdk/msgpack.h"', "do not know each other"),
    ("lib/tfsdk/provider.cc", '#include "tfsdk/engine/engine.h"', "layer 4 may not use layer 5"),
    ("lib/tfsdk/engine/state.cc", '#include "tfsdk/protocol/convert.h"', "layer 5 may not use layer 6"),
    ("lib/tfsdk/protocol/convert.h", '#include "tfsdk/serve.h"', "layer 6 may not use layer 7"),
    ("lib/tfsdk/protocol/service_v5.cc", '#include "tfsdk/plugin/server.h"', "only serve may use plugin/"),
    ("lib/tfsdk/plugin/server.cc", '#include "tfsdk/value.h"', "may use only the base"),
    ("lib/tfsdk/engine/engine.cc", '#include "tfsdk/testing/value_matchers.h"', "testing/ is for tests"),
    ("lib/tfsdk/testing/provider_harness.h", '#include "tfsdk/engine/engine.h"', "is installed"),
    ("lib/tfsdk/testing/acceptance_test.cc", '#include "grpcpp/grpcpp.h"', "gRPC belongs only in"),
    ("lib/tfsdk/stray.h", "#include <string>", "belongs to no layer"),
    ("lib/tfsdk/schema.h", '#include "tfsdk/internal/msgpack_reader.h"', "layers 3 and 2 do not know each other|nothing internal"),
    ("lib/tfsdk/data_source.h", "#include <grpcpp/grpcpp.h>", "gRPC belongs only"),
    ("lib/tfsdk/secret.h", '#include "openssl/crypto.h"', "OpenSSL belongs only|may not include openssl"),
    ("lib/tfsdk/serve.cc", '#include "kube/client.h"', "the library may not include kube"),
    ("lib/tfsdk/engine/read.cc", '#include "tfplugin6.pb.h"', "protobuf belongs only"),
    ("lib/tfsdk/log.h", "#include <string_view>", "std::string_view"),
    ("lib/tfsdk/path.cc", "void F(std::string_view text);", "std::string_view"),
    ("provider/jose/jwk.cc", "#include <curl/curl.h>", "curl belongs only"),
    ("provider/jose/verify.cc", "#include <openssl/evp.h>", "OpenSSL belongs only"),
    ("provider/kube/kubeconfig.cc", "#include <yaml.h>", "libyaml belongs only"),
    ("provider/jose/canonical.cc", '#include "http/http.h"', "jose/ may use crypto, json"),
    ("provider/crypto/sha256.cc", '#include "json/quote.h"', "crypto/ may use no other folder"),
    ("provider/http/retry.cc", '#include "tfsdk/value.h"', "http/ is a leaf"),
    ("provider/kube/client.cc", '#include "data_sources/jwks.h"', "knows nothing above it"),
    ("provider/kube/auth.cc", '#include "config.h"', "knows nothing above it"),
    ("provider/data_sources/issuer.cc", '#include "tfsdk/engine/plan.h"', "what any other author could"),
    ("tools/devcluster/api.cc", "\n" * (MAX_LINES + 1), f"more than {MAX_LINES}"),
    ("tests/support/x.cc", "std::string_view x;", "std::string_view"),
]


def self_test():
    def check(files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                file = pathlib.Path(folder, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            return violations(pathlib.Path(folder))

    failures = [f"the good tree: {line}" for line in check(GOOD_TREE)]
    for name, text, words in BAD_FILES:
        found = check({**GOOD_TREE, name: text + "\n"})
        if not found or any(not line.startswith(name + ":") for line in found) or not any(re.search(words, line) for line in found):
            failures.append(f"{name} with {text.strip()[:60]!r}: expected {words!r}, found {found}")
    return failures


def main():
    if sys.argv[1:] == ["--self-test"]:
        failures = self_test()
        print("\n".join(failures) or f"the good tree passes, {len(BAD_FILES)} bad ones do not")
    else:
        root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
        failures = violations(root)
        print("\n".join(failures) or "no violation")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
