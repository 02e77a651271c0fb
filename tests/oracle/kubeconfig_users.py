"""Makes up the users of a kubeconfig, and the exec plugins they need."""
import json
import re

import kubeconfig_yaml as yaml
from kubeconfig_clusters import Dice
from kubeconfig_yaml import Raw

EXEC_V1, EXEC_BETA = "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"


def plain(name):
    """The name in letters that a token may have."""
    return re.sub("[^a-z0-9]", "-", name)


class Users(Dice):
    def user(self, folder, name):
        entry = {}
        kind = self.pick(
            (24, "token"), (13, "token file"), (5, "both tokens"), (8, "basic"), (20, "certificate"), (17, "exec"),
            (12, self.oddly((1, "token"), (4, "none"), (1, "auth-provider"), (3, "several"), (3, "odd token"))))
        kinds = self.rng.sample(["token", "token file", "basic", "certificate", "exec", "auth-provider"],
                                2) if kind == "several" else [kind]
        self.tag(*(f"user {kind}" for kind in kinds))
        if kind == "several":
            self.tag("user several")
        for one in kinds:
            getattr(self, "user_" + one.replace(" ", "_").replace("-", "_"))(entry, folder, name)
        if self.maybe(0.14):
            self.impersonation(entry)
        if self.maybe(0.05):
            field = self.rng.choice(
                ["token", "tokenFile", "username", "client-certificate", "client-key-data", "as", "exec"])
            entry[field] = self.pick((1, None), (1, ""))
            self.tag(f"empty {field}")
        return self.shuffled(entry)

    def user_none(self, entry, folder, name):
        pass

    def user_token(self, entry, folder, name):
        entry["token"] = f"token-of-{plain(name)}-in-{plain(folder)}"

    def user_odd_token(self, entry, folder, name):
        odd = self.rng.choice([
            Raw(text)
            for text in ("12345", "0123", "0x1F", "0o17", "0b101", "1_000", "1e3", "+1", "y", "yes", "on", "No", "off",
                         "1:30", "2001-01-01", "1e", "!foo bar", "!!str 123", "!!binary YWJj", "[a]", "{}", ".5", "1.",
                         "-", "=", "|-\n        abc", "&t abc", "!!int abc", ".inf", "null", "a: b")
        ] + [" padded ", "two words", "line\n", "ä", "", "x" * 5000, "tab\tbed", "a\x7fb"])
        if isinstance(odd, Raw) or len(odd) < 100:
            self.tag("token odd")
        entry["token"] = odd

    def user_token_file(self, entry, folder, name):
        text = self.oddly((6, f"file-token-of-{plain(name)}-in-{plain(folder)}"),
                          (4, f"file-token-of-{plain(name)}-in-{plain(folder)}\n"),
                          (1, f"  file-token-of-{plain(name)}-in-{plain(folder)} \r\n\n"), (1, ""), (1, " \n"), (1, None),
                          (1, "two words\n"), (1, "ä\n"))
        if text is None or not text.strip():
            self.tag("token file bad")
        elif not re.fullmatch(r"[a-z0-9-]+", text.strip()):
            self.tag("token odd")
        entry["tokenFile"] = self.path(folder, f"{name}-token", text)

    def user_both_tokens(self, entry, folder, name):
        self.user_token(entry, folder, name)
        self.user_token_file(entry, folder, name)

    def user_basic(self, entry, folder, name):
        entry["username"] = self.oddly((8, name), (1, ""), (1, "ü"), (1, "a:b"))
        entry["password"] = self.oddly((6, "secret"), (1, ""), (1, "pä:ß"), (1, "line\n"))
        if entry["username"] == "a:b" or entry["password"] == "line\n":
            self.tag("basic odd")
        if self.oddly((9, False), (1, True)):
            entry.pop(self.rng.choice(["username", "password"]))
        if not entry.get("username") or not entry.get("password"):
            self.tag("basic half")

    def user_certificate(self, entry, folder, name):
        kind, key = self.pick((4, ("EC", "EC")), (2, ("EC", "SEC1")), (2, ("RSA", "RSA")), (2, ("RSA", "PKCS1")),
                              (2, ("ED", "ED")), (1, ("EC", "RSA")))
        if (kind, key) == ("EC", "RSA"):
            self.tag("certificate of another key")
        how = self.pick((6, "data"), (5, "files"), (2, "mixed"))
        broken = self.oddly((80, None), (3, "no key"), (3, "no certificate"), (3, "both certificates"), (3, "both keys"),
                            (2, "missing file"), (2, "garbage"), (2, "bad base64"))
        if broken:
            self.tag(f"certificate {broken}")
        if how == "data" or how == "mixed" or broken == "both certificates":
            entry["client-certificate-data"] = f"@CERT_{kind}@"
        if how == "files" or broken == "both certificates":
            entry["client-certificate"] = self.path(folder, f"{name}-cert.pem", f"@PEM_CERT_{kind}@")
        if how == "data" or broken == "both keys":
            entry["client-key-data"] = f"@KEY_{key}@"
        if how in ("files", "mixed") or broken == "both keys":
            entry["client-key"] = self.path(folder, f"{name}-key.pem", f"@PEM_KEY_{key}@")
        drop = {"no key": "client-key", "no certificate": "client-certificate"}.get(broken)
        for field in [field for field in entry if drop and field.startswith(drop)]:
            entry.pop(field)
        if broken == "missing file":
            entry["client-key"] = self.path(folder, "not-there.pem", None)
            entry.pop("client-key-data", None)
        if broken == "garbage":
            entry[self.rng.choice(["client-key-data", "client-certificate-data"])] = "bm90IHBlbQ=="
        if broken == "bad base64":
            entry[self.rng.choice(["client-key-data", "client-certificate-data"])] = self.pick(
                (1, "no base64"), (1, "bm90IHBlbQ"), (1, "bm90\nIHBlbQ=="))

    def user_auth_provider(self, entry, folder, name):
        entry["auth-provider"] = {
            "name": self.pick((3, "oidc"), (1, "gcp"), (1, "azure"), (1, "what")),
            "config": {"id-token": "x", "client-id": "y", "idp-issuer-url": "https://127.0.0.1:1"}
        }

    def user_exec(self, entry, folder, name):
        self.plugins += 1
        plugin = f"plugin{self.plugins}"
        where = self.pick((8, "relative"), (5, "absolute"), (5, "path"),
                          (2, self.oddly((1, "path"), (1, "missing"), (1, "missing in path"))))
        file = f"bin/{plugin}" if where in ("path", "missing in path") else f"{folder}/tools/{plugin}"
        version = self.pick(
            (8, EXEC_V1), (7, EXEC_BETA),
            (2, self.oddly((1, EXEC_V1), (1, "client.authentication.k8s.io/v1alpha1"), (0.5, ""), (0.3, "v1"))))
        mode = self.pick((8, "IfAvailable"), (6, "Never"),
                         (4, self.oddly((1, "Never"), (1, "Always"), (2, None), (0.5, "sometimes"), (0.3, ""))))
        answer = {"apiVersion": version, "kind": "ExecCredential", "status": {}}
        self.credential(answer, f"{name} in {folder}")
        text = self.pick((6, json.dumps(answer)), (2, yaml.write(answer, self.rng, "block")))
        odd = self.oddly((82, None), (3, "fails"), (3, "other version"), (2, "other kind"), (2, "no status"),
                         (2, "empty"), (2, "nonsense"), (1, "trailing"), (1, "unknown field"))
        if odd:
            self.tag(f"plugin {odd}")
        changed = {
            "other version": {**answer, "apiVersion": EXEC_BETA if version == EXEC_V1 else EXEC_V1},
            "other kind": {**answer, "kind": "Credential"},
            "no status": {"apiVersion": version,
                          "kind": "ExecCredential"}, "unknown field": {**answer, "x": 1, "spec": {"interactive": True}}
        }
        text = json.dumps(changed[odd]) if odd in changed else {
            "empty": "", "nonsense": "not a credential", "trailing": json.dumps(answer) + "\n{}"
        }.get(odd, text)
        status = self.rng.choice([1, 3, 127]) if odd == "fails" else 0
        log = 'printf "arguments %s\\nvariables %s\\n%s\\n\\n" "$*" "$K8SOIDC_TEST $FROM_OUTSIDE" "$KUBERNETES_EXEC_INFO" >> "@DIR@/exec.log"'
        if not where.startswith("missing"):
            self.files[file] = f"#!/bin/sh\n{log}\ncat '@DIR@/{plugin}.out'\necho 'a remark' >&2\nexit {status}\n"
            self.files[f"{plugin}.out"] = text
            self.modes[file] = 0o755
            if self.maybe(0.03):
                self.modes[file] = 0o644
        command = {
            "relative": self.pick((1, f"./tools/{plugin}"), (1, f"tools/{plugin}")), "absolute": f"@DIR@/{file}",
            "path": plugin, "missing": "./not/there", "missing in path": "no-such-plugin"
        }[where]
        plugin_entry = {
            "apiVersion": version, "command": command, "args": self.pick(
                (2, []), (2, ["get-token", "--for", name]), (1, None), (0.3, self.oddly((1, ["a b"]), (1, ["a", None])))),
            "env": self.pick((3, None), (3, [{"name": "K8SOIDC_TEST", "value": "one"}]),
                             (1, [{"name": "K8SOIDC_TEST", "value": "one"}, {"name": "K8SOIDC_TEST", "value": "two"}]),
                             (1,
                              self.oddly((1, None), (1, [{"name": "", "value": "x"}]), (1, [{"value": "x"}]),
                                         (1, [{"name": "K8SOIDC_TEST"}])))), "interactiveMode": mode,
            "provideClusterInfo": self.pick((5, False), (4, True), (0.2, self.oddly(
                (1, True), (1, "true")))), "installHint": self.pick((3, None), (1, "install it"), (1, "\x1b[31mred"))
        }
        for field in ("args", "env", "interactiveMode", "provideClusterInfo", "installHint"):
            if plugin_entry[field] in (None, False) and self.maybe(0.8):
                plugin_entry.pop(field)
        if not version and self.maybe(0.5):
            plugin_entry.pop("apiVersion")
        if self.maybe(0.02):
            plugin_entry.pop("command")
        entry["exec"] = plugin_entry
        self.environment.setdefault("FROM_OUTSIDE", "outside")

    def credential(self, answer, name):
        status = answer["status"]
        kind = self.pick((10, "token"), (5, "certificate"), (2, "both"),
                         (5,
                          self.oddly((1, "both"), (1, "certificate only"), (1, "key only"), (1, "nothing"),
                                     (1, "empty token"), (1, "spaced token"), (0.5, "garbage"))))
        if kind in ("token", "both"):
            status["token"] = f"exec-token-of-{plain(name)}"
        if kind in ("certificate", "both", "certificate only"):
            status["clientCertificateData"] = "@JSON_CERT_EC@"
        if kind in ("certificate", "both", "key only"):
            status["clientKeyData"] = "@JSON_KEY_EC@"
        if kind == "garbage":
            status.update(clientCertificateData="nonsense", clientKeyData="nonsense")
        if kind in ("empty token", "spaced token"):
            status["token"] = "" if kind == "empty token" else " spaced "
        if kind not in ("token", "certificate", "both"):
            self.tag(f"plugin gives {kind}")
        expires = self.pick((6, None), (2, "2099-01-01T00:00:00Z"), (2, "2001-01-01T00:00:00Z"),
                            (1, "2099-01-01T00:00:00.5+01:00"), (0.5, "tomorrow"), (0.3, ""), (0.3, 12))
        if expires is not None:
            status["expirationTimestamp"] = expires

    def impersonation(self, entry):
        self.tag("as")
        if self.maybe(0.5):
            entry["as"] = "jane"
            return
        entry["as"] = self.oddly((14, "jane"), (2, "system:serviceaccount:a:b"), (1, ""), (1, "jäne"), (0.3, "a\nb"),
                                 (0.5, " x "))
        if self.maybe(0.3):
            entry["as-uid"] = self.pick((4, "uid-1"), (1, ""))
        if self.maybe(0.4):
            entry["as-groups"] = self.pick((3, ["g1", "system:masters"]), (1, []), (1, ["g1", "g1"]),
                                           (0.5, self.oddly((1, ["g1"]),
                                                            (1, [""]))), (0.3, self.oddly((1, ["g"]), (1, "g1"))))
        if self.maybe(0.3):
            entry["as-user-extra"] = self.pick((2, {"scopes": ["view", "list"]}), (1, {"a.io/B c%": ["x"]}), (1, {}),
                                               (0.5, {"scopes": []}), (0.5, {"ü": ["y"]}), (0.3, {"s": "x"}))
        if self.oddly((9, False), (1, True)):
            entry.pop("as")
