"""All scenarios, by name. One module per subject; a scenario registers itself with the decorator below."""

import importlib

from .registry import SCENARIOS  # noqa: F401

for _module in ("reading", "outputs", "naming", "answers", "refusals", "tls", "kubeconfigs", "process", "planning",
                "many", "credentials", "exec_plugins", "faults", "managed", "real_keys", "real_access"):
    importlib.import_module("." + _module, __name__)
