"""Makes up situations: kubeconfig files, flags and variables, with what is odd about each as its tags.

A situation is plain data. @NAME@ in its texts stands for what only the run knows: a server's port, a certificate, the folder (@DIR@).
"""
import json
import random
import re

import kubeconfig_yaml as yaml
from kubeconfig_yaml import Raw

EXEC_V1, EXEC_BETA = "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"


def plain(name):
    """The name in letters that a token may have."""
    return re.sub("[^a-z0-9]", "-", name)


class Maker:
    def __init__(self, seed, index):
        self.rng = random.Random(f"{seed}:{index}")
        self.tags = set()
        self.files = {}
        self.modes = {}
        self.encodings = {}
        self.environment = {}
        self.plugins = 0
        self.calm = self.maybe(0.5)

    def maybe(self, probability):
        return self.rng.random() < probability

    def pick(self, *weighted):
        """One of (weight, value) pairs."""
        return self.rng.choices([value for _, value in weighted], [weight for weight, _ in weighted])[0]

    def oddly(self, *weighted):
        """The same; a calm situation mostly takes the first."""
        return weighted[0][1] if self.calm and self.maybe(0.9) else self.pick(*weighted)

    def tag(self, *tags):
        self.tags.update(tags)

    def path(self, folder, name, text):
        """Writes a file somewhere near a kubeconfig in `folder`; how that one may call it."""
        where = self.pick((4, ""), (2, "certs/"), (1, "../shared/"))
        base = folder.rsplit("/", 1)[0] if "/" in folder else ""
        file = f"{base}/shared/{name}".lstrip("/") if where == "../shared/" else f"{folder}/{where}{name}"
        if text is not None:
            self.files[file] = text
        return self.pick((5, where + name), (2, "./" + where + name), (3, f"@DIR@/{file}"))

    # Clusters

    def cluster(self, folder, name):
        entry = {}
        target = self.pick((50, "A"), (14, "B"), (7, "C"), (6, "A6"), (7, "PLAIN"), (6, "far"))
        proxy = self.proxy(target)
        if proxy is not None:
            entry["proxy-url"] = proxy
        entry["server"] = self.server(target)
        if entry["server"] is None or self.maybe(0.01):
            self.tag("no server")
            entry.pop("server") if self.maybe(0.6) else entry.update(server=self.rng.choice(["", None]))
        self.trust(entry, folder, name, "TWO" if target == "B" else "ONE")
        if target == "C" and self.maybe(0.8) or self.maybe(0.07):
            entry["tls-server-name"] = self.pick((6, "c.internal" if target == "C" else "a.test"), (2, "x.wild.test"), (1, "wrong.test"), (1, "127.0.0.1"), (1, "A.TEST"))
            self.tag("tls-server-name")
        if self.maybe(0.05):
            entry["disable-compression"] = self.pick((3, True), (1, False), (1, Raw("yes")), (0.3, self.oddly((1, True), (1, Raw("'true'")))))
        if self.maybe(0.08):
            entry["extensions"] = [{"name": "client.authentication.k8s.io/exec", "extension": {"audience": "x", "deep": [1, {"a": None}]}},
                                   {"name": "other", "extension": {"last-update": "today"}}]
        return self.shuffled(entry)

    def shuffled(self, entry):
        keys = list(entry)
        if self.maybe(0.3):
            self.rng.shuffle(keys)
        return {key: entry[key] for key in keys}

    def server(self, target):
        host, port = {"A": (self.pick((6, "127.0.0.1"), (2, "localhost")), "@A@"), "B": ("127.0.0.1", "@B@"), "C": ("127.0.0.1", "@C@"), "A6": ("[::1]", "@A6@"),
                      "PLAIN": ("127.0.0.1", "@PLAIN@"), "far": (self.pick((3, "a.test"), (1, "A.Test"), (1, "x.wild.test"), (1, "x.y.wild.test")), "@A@")}[target]
        scheme = "http" if target == "PLAIN" else "https"
        path = self.pick((60, ""), (10, "/"), (15, "/k8s/clusters/c-1"), (5, "/k8s/clusters/c-1/"), (3, "//a//b"), (2, "/a/../b/./c"), (2, "/a%20b"), (1, "/a%2Fb"), (1, "/a%2fb/%2e%2E/c%21+(d)%3A%7e"), (0.3, "/100%"), (1, self.oddly((1, "/a"), (1, "/ä"), (1, "/a b"))))
        odd = self.oddly((130, None), (2, "userinfo"), (2, "query"), (1, "fragment"), (2, "bare"), (1, "upper"), (1, "no port"), (1, "bad port"), (1, "space"), (1, "scheme"), (1, "missing"), (1, "nonsense"), (1, "zone"))
        if path not in ("", "/"):
            self.tag("path")
        if path in ("/ä", "/a b"):
            self.tag("path odd")
        if odd is not None:
            self.tag(f"server {odd}")
        url = f"{scheme}://{host}:{port}{path}"
        return {None: url, "userinfo": f"{scheme}://{self.pick((3, 'u:p'), (1, 'u'), (1, ':p'))}@{host}:{port}{path}", "query": url + "?a=b", "fragment": url + "#f", "bare": f"{host}:{port}",
                "upper": url.replace(scheme, scheme.upper(), 1), "no port": f"{scheme}://{host}{path}", "bad port": f"{scheme}://{host}:99999{path}",
                "space": self.pick((1, " " + url), (1, url + " "), (1, url + "\n")), "scheme": url.replace(scheme, self.rng.choice(["ftp", "unix", "h2"]), 1), "missing": None,
                "nonsense": self.pick((1, "https://"), (1, "https:///x"), (1, "://x"), (1, "https://[::1"), (1, "https://a b/")), "zone": f"{scheme}://[::1%25lo]:@A6@"}[odd]

    def proxy(self, target):
        if target != "far" and not self.maybe(0.08):
            return self.oddly((97, None), (1, ""), (1, "ftp://127.0.0.1:@PROXY@"), (1, "127.0.0.1:@PROXY@"))
        self.tag("proxy-url")
        user = self.pick((7, ""), (2, "me:pass@"), (1, "me:p%40ss%3A@"), (1, "me@"))
        port = self.pick((4, f"http://{user}127.0.0.1:@PROXY@"), (3, f"socks5://{user}127.0.0.1:@SOCKS@"), (0.7, f"socks5h://{user}127.0.0.1:@SOCKS@"), (1, f"https://{user}127.0.0.1:@TLSPROXY@"))
        if port.startswith("socks5h"):
            self.tag("socks5h")
        if port.startswith("https"):
            self.tag("https proxy")
        return port + self.pick((8, ""), (1, "/"), (1, "/path"))

    def trust(self, entry, folder, name, right):
        how = self.pick((44, "data"), (20, "file"), (6, "wrong"), (5, "none"), (4, "both authorities"), (9, "insecure"),
                        (14, self.oddly((1, "data"), (2, "insecure and data"), (1, "insecure and file"), (2, "data and file"), (2, "missing file"), (2, "broken"), (2, "data and missing file"), (2, "insecure odd"))))
        if how not in ("data", "file"):
            self.tag(f"trust {how}")
        if how.startswith("insecure"):
            entry["insecure-skip-tls-verify"] = True
        if how == "insecure odd":
            entry["insecure-skip-tls-verify"] = self.rng.choice([Raw(text) for text in ("y", "yes", "on", "TRUE", "True", "'true'", '"yes"', "1", "tRue", "no", "n", "off", "null", "~")])
        if how in ("data", "insecure and data", "data and file", "data and missing file"):
            entry["certificate-authority-data"] = f"@CA_{right}@"
        if how == "wrong":
            entry["certificate-authority-data"] = "@CA_ONE@" if right == "TWO" else "@CA_TWO@"
        if how == "both authorities":
            entry["certificate-authority-data"] = "@CA_BOTH@"
        if how in ("file", "insecure and file", "data and file"):
            entry["certificate-authority"] = self.path(folder, f"{name}-ca.pem", f"@PEM_CA_{right}@")
        if how in ("missing file", "data and missing file"):
            entry["certificate-authority"] = self.path(folder, "not-there.pem", None)
        if how == "broken":
            data, text = self.pick((1, ("bm90IHBlbQ==", None)), (1, ("***", None)), (1, ("bm90IHBlbQ", None)), (1, (None, "")), (1, (None, "no certificate\n")), (1, (None, "@PEM_CA_ONE@".join(["# remark\n", "rest\n"]))), (1, ("", None)))
            if data is not None:
                entry["certificate-authority-data"] = data
            else:
                entry["certificate-authority"] = self.path(folder, "broken.pem", text)

    # Users

    def user(self, folder, name):
        entry = {}
        kind = self.pick((24, "token"), (13, "token file"), (5, "both tokens"), (8, "basic"), (20, "certificate"), (17, "exec"), (12, self.oddly((1, "token"), (4, "none"), (1, "auth-provider"), (3, "several"), (3, "odd token"))))
        kinds = self.rng.sample(["token", "token file", "basic", "certificate", "exec", "auth-provider"], 2) if kind == "several" else [kind]
        self.tag(*(f"user {kind}" for kind in kinds))
        if kind == "several":
            self.tag("user several")
        for one in kinds:
            getattr(self, "user_" + one.replace(" ", "_").replace("-", "_"))(entry, folder, name)
        if self.maybe(0.14):
            self.impersonation(entry)
        if self.maybe(0.05):
            field = self.rng.choice(["token", "tokenFile", "username", "client-certificate", "client-key-data", "as", "exec"])
            entry[field] = self.pick((1, None), (1, ""))
            self.tag(f"empty {field}")
        return self.shuffled(entry)

    def user_none(self, entry, folder, name):
        pass

    def user_token(self, entry, folder, name):
        entry["token"] = f"token-of-{plain(name)}-in-{plain(folder)}"

    def user_odd_token(self, entry, folder, name):
        odd = self.rng.choice([Raw(text) for text in ("12345", "0123", "0x1F", "0o17", "0b101", "1_000", "1e3", "+1", "y", "yes", "on", "No", "off", "1:30", "2001-01-01", "1e", "!foo bar", "!!str 123", "!!binary YWJj",
                                                      "[a]", "{}", ".5", "1.", "-", "=", "|-\n        abc", "&t abc", "!!int abc", ".inf", "null", "a: b")] + [" padded ", "two words", "line\n", "ä", "", "x" * 5000, "tab\tbed", "a\x7fb"])
        if isinstance(odd, Raw) or len(odd) < 100:
            self.tag("token odd")
        entry["token"] = odd

    def user_token_file(self, entry, folder, name):
        text = self.oddly((6, f"file-token-of-{plain(name)}-in-{plain(folder)}"), (4, f"file-token-of-{plain(name)}-in-{plain(folder)}\n"), (1, f"  file-token-of-{plain(name)}-in-{plain(folder)} \r\n\n"), (1, ""), (1, " \n"), (1, None), (1, "two words\n"), (1, "ä\n"))
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
        kind, key = self.pick((4, ("EC", "EC")), (2, ("EC", "SEC1")), (2, ("RSA", "RSA")), (2, ("RSA", "PKCS1")), (2, ("ED", "ED")), (1, ("EC", "RSA")))
        if (kind, key) == ("EC", "RSA"):
            self.tag("certificate of another key")
        how = self.pick((6, "data"), (5, "files"), (2, "mixed"))
        broken = self.oddly((80, None), (3, "no key"), (3, "no certificate"), (3, "both certificates"), (3, "both keys"), (2, "missing file"), (2, "garbage"), (2, "bad base64"))
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
            entry[self.rng.choice(["client-key-data", "client-certificate-data"])] = self.pick((1, "no base64"), (1, "bm90IHBlbQ"), (1, "bm90\nIHBlbQ=="))

    def user_auth_provider(self, entry, folder, name):
        entry["auth-provider"] = {"name": self.pick((3, "oidc"), (1, "gcp"), (1, "azure"), (1, "what")), "config": {"id-token": "x", "client-id": "y", "idp-issuer-url": "https://127.0.0.1:1"}}

    def user_exec(self, entry, folder, name):
        self.plugins += 1
        plugin = f"plugin{self.plugins}"
        where = self.pick((8, "relative"), (5, "absolute"), (5, "path"), (2, self.oddly((1, "path"), (1, "missing"), (1, "missing in path"))))
        file = f"bin/{plugin}" if where in ("path", "missing in path") else f"{folder}/tools/{plugin}"
        version = self.pick((8, EXEC_V1), (7, EXEC_BETA), (2, self.oddly((1, EXEC_V1), (1, "client.authentication.k8s.io/v1alpha1"), (0.5, ""), (0.3, "v1"))))
        mode = self.pick((8, "IfAvailable"), (6, "Never"), (4, self.oddly((1, "Never"), (1, "Always"), (2, None), (0.5, "sometimes"), (0.3, ""))))
        answer = {"apiVersion": version, "kind": "ExecCredential", "status": {}}
        self.credential(answer, f"{name} in {folder}")
        text = self.pick((6, json.dumps(answer)), (2, yaml.write(answer, self.rng, "block")))
        odd = self.oddly((82, None), (3, "fails"), (3, "other version"), (2, "other kind"), (2, "no status"), (2, "empty"), (2, "nonsense"), (1, "trailing"), (1, "unknown field"))
        if odd:
            self.tag(f"plugin {odd}")
        changed = {"other version": {**answer, "apiVersion": EXEC_BETA if version == EXEC_V1 else EXEC_V1}, "other kind": {**answer, "kind": "Credential"},
                   "no status": {"apiVersion": version, "kind": "ExecCredential"}, "unknown field": {**answer, "x": 1, "spec": {"interactive": True}}}
        text = json.dumps(changed[odd]) if odd in changed else {"empty": "", "nonsense": "not a credential", "trailing": json.dumps(answer) + "\n{}"}.get(odd, text)
        status = self.rng.choice([1, 3, 127]) if odd == "fails" else 0
        log = 'printf "arguments %s\\nvariables %s\\n%s\\n\\n" "$*" "$K8SOIDC_TEST $FROM_OUTSIDE" "$KUBERNETES_EXEC_INFO" >> "@DIR@/exec.log"'
        if not where.startswith("missing"):
            self.files[file] = f"#!/bin/sh\n{log}\ncat '@DIR@/{plugin}.out'\necho 'a remark' >&2\nexit {status}\n"
            self.files[f"{plugin}.out"] = text
            self.modes[file] = 0o755
            if self.maybe(0.03):
                self.modes[file] = 0o644
        command = {"relative": self.pick((1, f"./tools/{plugin}"), (1, f"tools/{plugin}")), "absolute": f"@DIR@/{file}", "path": plugin, "missing": "./not/there", "missing in path": "no-such-plugin"}[where]
        plugin_entry = {"apiVersion": version, "command": command, "args": self.pick((2, []), (2, ["get-token", "--for", name]), (1, None), (0.3, self.oddly((1, ["a b"]), (1, ["a", None])))),
                        "env": self.pick((3, None), (3, [{"name": "K8SOIDC_TEST", "value": "one"}]), (1, [{"name": "K8SOIDC_TEST", "value": "one"}, {"name": "K8SOIDC_TEST", "value": "two"}]), (1, self.oddly((1, None), (1, [{"name": "", "value": "x"}]), (1, [{"value": "x"}]), (1, [{"name": "K8SOIDC_TEST"}])))),
                        "interactiveMode": mode, "provideClusterInfo": self.pick((5, False), (4, True), (0.2, self.oddly((1, True), (1, "true")))), "installHint": self.pick((3, None), (1, "install it"), (1, "\x1b[31mred"))}
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
        kind = self.pick((10, "token"), (5, "certificate"), (2, "both"), (5, self.oddly((1, "both"), (1, "certificate only"), (1, "key only"), (1, "nothing"), (1, "empty token"), (1, "spaced token"), (0.5, "garbage"))))
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
        expires = self.pick((6, None), (2, "2099-01-01T00:00:00Z"), (2, "2001-01-01T00:00:00Z"), (1, "2099-01-01T00:00:00.5+01:00"), (0.5, "tomorrow"), (0.3, ""), (0.3, 12))
        if expires is not None:
            status["expirationTimestamp"] = expires

    def impersonation(self, entry):
        self.tag("as")
        if self.maybe(0.5):
            entry["as"] = "jane"
            return
        entry["as"] = self.oddly((14, "jane"), (2, "system:serviceaccount:a:b"), (1, ""), (1, "jäne"), (0.3, "a\nb"), (0.5, " x "))
        if self.maybe(0.3):
            entry["as-uid"] = self.pick((4, "uid-1"), (1, ""))
        if self.maybe(0.4):
            entry["as-groups"] = self.pick((3, ["g1", "system:masters"]), (1, []), (1, ["g1", "g1"]), (0.5, self.oddly((1, ["g1"]), (1, [""]))), (0.3, self.oddly((1, ["g"]), (1, "g1"))))
        if self.maybe(0.3):
            entry["as-user-extra"] = self.pick((2, {"scopes": ["view", "list"]}), (1, {"a.io/B c%": ["x"]}), (1, {}), (0.5, {"scopes": []}), (0.5, {"ü": ["y"]}), (0.3, {"s": "x"}))
        if self.oddly((9, False), (1, True)):
            entry.pop("as")

    # Files

    def entries(self, kind, names, make, folders):
        """{folder: [entry]}: each name in one file, some in two."""
        found = {folder: [] for folder in folders}
        for name in names:
            for folder in self.rng.sample(folders, min(len(folders), 2 if self.maybe(0.4) else 1)):
                found[folder].append({"name": name, kind: make(folder, name)} if self.maybe(0.7) else {kind: make(folder, name), "name": name})
        return found

    def context(self, _, name, clusters, users):
        entry = {"cluster": self.rng.choice(clusters), "user": self.rng.choice(users)}
        if self.maybe(0.15):
            entry["namespace"] = self.pick((4, "default"), (1, "Not_a_namespace"), (1, ""))
        odd = self.oddly((140, None), (2, "missing user"), (1, "missing cluster"), (1, "no user"), (1, "no cluster"), (1, "empty"))
        if odd:
            self.tag(f"context {odd}")
        if odd in ("missing user", "missing cluster"):
            entry[odd[8:]] = "nobody"
        if odd in ("no user", "no cluster"):
            entry.pop(odd[3:]) if self.maybe(0.5) else entry.update({odd[3:]: ""})
        return {} if odd == "empty" else entry

    def configs(self, folders):
        names = {kind: [self.pick((9, f"{kind[0]}{number}"), (1, f"{kind} {number}/ä")) for number in range(self.pick((6, 1), (3, 2), (1, 3)))] for kind in ("cluster", "user", "context")}
        if self.maybe(0.02):
            names["cluster"].append("")
            self.tag("nameless cluster")
        clusters = self.entries("cluster", names["cluster"], self.cluster, folders)
        users = self.entries("user", names["user"], self.user, folders)
        contexts = self.entries("context", names["context"], lambda *a: self.context(*a, names["cluster"], names["user"]), folders)
        current = {folder: None for folder in folders}
        for folder in folders if self.maybe(0.5) else [self.rng.choice(folders)]:
            current[folder] = self.oddly((140, self.rng.choice(names["context"])), (3, "nowhere"), (3, ""), (2, None))
        for folder in folders:
            config = {"apiVersion": "v1", "kind": "Config", "clusters": clusters[folder], "users": users[folder], "contexts": contexts[folder], "preferences": {}, "current-context": current[folder]}
            for field in [field for field in ("clusters", "users", "contexts", "current-context") if config[field] in ([], None) and self.maybe(0.8)]:
                config.pop(field)
            if self.maybe(0.1):
                config.update(self.pick((2, {"unknown": [1, {"a": "b"}]}), (2, {"extensions": [{"name": "x", "extension": {"a": 1}}]}), (1, {"preferences": {"colors": True}}), (0.6, self.oddly((1, {"preferences": {}}), (1, {"preferences": Raw("text")}), (1, {"Kind": "config"})))))
            if "Kind" in config:
                self.tag("Kind")
            if self.maybe(0.01 if self.calm else 0.04):
                self.tag("kind")
                config.update(self.pick((1, {"kind": "List"}), (1, {"kind": ""}), (1, {"apiVersion": "v2"}), (1, {"apiVersion": ""}), (1, {"kind": "config"}), (1, {"apiVersion": "client.authentication.k8s.io/v1"})))
            if self.maybe(0.1):
                config.pop(self.rng.choice(["kind", "apiVersion"]))
            if self.maybe(0.005 if self.calm else 0.05) and (lists := [field for field in ("clusters", "users", "contexts") if config.get(field)]):
                self.tag("list oddity")
                field = self.rng.choice(lists)
                self.rng.choice([lambda: config[field].append(config[field][0]), lambda: config[field].append(None), lambda: config[field].append({}), lambda: config.update({field: {"name": "x"}}),
                                 lambda: config[field].append("text"), lambda: config[field].append({"name": 5})])()
            yield folder, config, names

    def write_files(self):
        folders = self.pick((55, ["a"]), (20, ["a", "b"]), (10, ["a", "a/deep"]), (9, ["a", "b", "c"]), (6, ["a", "b", "c", "a/deep"]))
        names = {}
        for folder, config, names in self.configs(folders):
            shape = self.pick((60, "block"), (12, "json"), (8, "flow"), (2 if self.calm else 12, self.rng.choice(yaml.SHAPES)), (6, self.rng.choice(["merge", "alias", "comments"])))
            if shape not in ("block", "flow", "json"):
                self.tag(shape)
            self.files[f"{folder}/config"] = yaml.write(config, self.rng, shape)
            if self.maybe(0.01):
                self.tag("UTF-16")
                self.encodings[f"{folder}/config"] = self.rng.choice(["utf-16-le", "utf-16-be"])
        return folders, names

    def overrides(self, names):
        found = {}
        choices = [("context", lambda: self.pick((6, self.rng.choice(names["context"])), (1, "nowhere"))), ("cluster", lambda: self.pick((6, self.rng.choice(names["cluster"])), (1, "nowhere"))),
                   ("user", lambda: self.pick((6, self.rng.choice(names["user"])), (1, "nowhere"))), ("server", lambda: self.pick((4, "https://127.0.0.1:@A@"), (1, "https://127.0.0.1:@B@/over"), (1, "http://127.0.0.1:@PLAIN@"))),
                   ("token", lambda: "token-of-flag"), ("certificate_authority", lambda: self.pick((3, "ONE"), (1, "TWO"))), ("insecure", lambda: True), ("tls_server_name", lambda: self.rng.choice(["a.test", "c.internal", "wrong.test"])),
                   ("as", lambda: "flag-jane"), ("basic", lambda: "flag-user"), ("certificate", lambda: "RSA")]
        for name, make in self.rng.sample(choices, self.pick((6, 1), (3, 2), (1, 3))):
            value = make()
            self.tag(f"flag {name}")
            if name == "certificate_authority":
                self.files["flag-ca.pem"] = f"@PEM_CA_{value}@"
                value = "@DIR@/flag-ca.pem"
            if name == "basic":
                found.update(username="flag-user", password="flag-password")
            elif name == "certificate":
                self.files.update({"flag-cert.pem": "@PEM_CERT_RSA@", "flag-key.pem": "@PEM_KEY_RSA@"})
                found.update(client_certificate="@DIR@/flag-cert.pem", client_key="@DIR@/flag-key.pem")
            else:
                found[name] = value
        if "as" in found and self.maybe(0.3):
            found["as_groups"] = ["flag-group", "two"]
        return found

    def make(self):
        folders, names = self.write_files()
        overrides = self.overrides(names) if self.maybe(0.25) else {}
        directory = self.pick((3, "."), (1, folders[0]), (1, "elsewhere"))
        files = [f"@DIR@/{folder}/config" for folder in folders]
        if len(folders) == 1 and self.maybe(0.5):
            how = self.pick((6, "argument"), (0.5, "home"), (3, "variable"), (2, "text"))
            if self.maybe(0.03):
                files, how = ["@DIR@/not/there"], "argument"
                self.tag("files missing")
        else:
            how = self.pick((3, "KUBECONFIG"), (1, "list"))
            odd = self.pick((70, None), (5, "missing first"), (5, "missing last"), (5, "empty element"), (5, "twice"), (3, "all missing"), (2, "relative"), (1, "directory"))
            if odd:
                self.tag(f"files {odd}")
            files = {None: files, "missing first": ["@DIR@/not/there", *files], "missing last": [*files, "@DIR@/not/there"], "empty element": ["", *files, ""], "twice": files * 2,
                     "all missing": ["@DIR@/not/there", "@DIR@/nor/there"], "relative": [f"./{file[6:]}" if directory == "." else file for file in files], "directory": [*files, "@DIR@"]}[odd]
        if how == "home":
            self.files["home/.kube/config"] = self.files["a/config"]
            self.tag("home")
        if self.maybe(0.03):
            self.environment["SSL_CERT_FILE"] = "@DIR@/roots.pem"
            self.files["roots.pem"] = "@PEM_CA_ONE@"
        if self.maybe(0.06):
            self.environment.update(self.pick((3, {"HTTPS_PROXY": "http://127.0.0.1:@PROXY@"}), (1, {"https_proxy": "socks5://127.0.0.1:@SOCKS@"}), (1, {"ALL_PROXY": "http://127.0.0.1:@PROXY@"}),
                                              (2, {"HTTPS_PROXY": "http://127.0.0.1:@PROXY@", "NO_PROXY": "127.0.0.1,.test"})))
            self.tag("proxy variables")
        if self.maybe(0.02):
            self.environment["KUBERNETES_MASTER"] = "http://127.0.0.1:@PLAIN@"
            self.tag("KUBERNETES_MASTER")
        if how == "text":
            self.tag("text")
        return {"tags": sorted(self.tags), "files": self.files, "modes": self.modes, "encodings": self.encodings, "by_variables": self.maybe(0.3), "by_data_source": self.maybe(0.3), "directory": directory, "how": how, "kubeconfigs": files, "overrides": overrides, "environment": self.environment,
                "kubectl": self.rng.random()}


def make(seed, index):
    return {"id": f"{seed}:{index}", **Maker(seed, index).make()}
