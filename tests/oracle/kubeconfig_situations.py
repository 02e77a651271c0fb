"""Makes up situations: kubeconfig files, flags and variables, with what is odd about each as its tags.

A situation is plain data. @NAME@ in its texts stands for what only the run knows: a server's port, a certificate, the folder (@DIR@).
"""
import kubeconfig_yaml as yaml
from kubeconfig_clusters import Clusters
from kubeconfig_users import Users
from kubeconfig_yaml import Raw


class Maker(Clusters, Users):
    def entries(self, kind, names, make, folders):
        """{folder: [entry]}: each name in one file, some in two."""
        found = {folder: [] for folder in folders}
        for name in names:
            for folder in self.rng.sample(folders, min(len(folders), 2 if self.maybe(0.4) else 1)):
                found[folder].append({"name": name, kind: make(folder, name)} if self.
                                     maybe(0.7) else {kind: make(folder, name), "name": name})
        return found

    def context(self, _, name, clusters, users):
        entry = {"cluster": self.rng.choice(clusters), "user": self.rng.choice(users)}
        if self.maybe(0.15):
            entry["namespace"] = self.pick((4, "default"), (1, "Not_a_namespace"), (1, ""))
        odd = self.oddly((140, None), (2, "missing user"), (1, "missing cluster"), (1, "no user"), (1, "no cluster"),
                         (1, "empty"))
        if odd:
            self.tag(f"context {odd}")
        if odd in ("missing user", "missing cluster"):
            entry[odd[8:]] = "nobody"
        if odd in ("no user", "no cluster"):
            entry.pop(odd[3:]) if self.maybe(0.5) else entry.update({odd[3:]: ""})
        return {} if odd == "empty" else entry

    def configs(self, folders):
        names = {
            kind: [
                self.pick((9, f"{kind[0]}{number}"), (1, f"{kind} {number}/ä"))
                for number in range(self.pick((6, 1), (3, 2), (1, 3)))
            ] for kind in ("cluster", "user", "context")
        }
        if self.maybe(0.02):
            names["cluster"].append("")
            self.tag("nameless cluster")
        clusters = self.entries("cluster", names["cluster"], self.cluster, folders)
        users = self.entries("user", names["user"], self.user, folders)
        contexts = self.entries("context", names["context"], lambda *a: self.context(*a, names["cluster"], names["user"]),
                                folders)
        current = {folder: None for folder in folders}
        for folder in folders if self.maybe(0.5) else [self.rng.choice(folders)]:
            current[folder] = self.oddly((140, self.rng.choice(names["context"])), (3, "nowhere"), (3, ""), (2, None))
        for folder in folders:
            config = {
                "apiVersion": "v1", "kind": "Config", "clusters": clusters[folder], "users": users[folder],
                "contexts": contexts[folder], "preferences": {}, "current-context": current[folder]
            }
            for field in [
                    field for field in ("clusters", "users", "contexts", "current-context")
                    if config[field] in ([], None) and self.maybe(0.8)
            ]:
                config.pop(field)
            if self.maybe(0.1):
                config.update(
                    self.pick((2, {"unknown": [1, {"a": "b"}]}),
                              (2, {"extensions": [{"name": "x", "extension": {"a": 1}}]}),
                              (1, {"preferences": {"colors": True}}), (0.6,
                                                                       self.oddly((1, {"preferences": {}}),
                                                                                  (1, {"preferences": Raw("text")}),
                                                                                  (1, {"Kind": "config"})))))
            if "Kind" in config:
                self.tag("Kind")
            if self.maybe(0.01 if self.calm else 0.04):
                self.tag("kind")
                config.update(
                    self.pick((1, {"kind": "List"}), (1, {"kind": ""}), (1, {"apiVersion": "v2"}),
                              (1, {"apiVersion": ""}), (1, {"kind": "config"}),
                              (1, {"apiVersion": "client.authentication.k8s.io/v1"})))
            if self.maybe(0.1):
                config.pop(self.rng.choice(["kind", "apiVersion"]))
            if self.maybe(0.005 if self.calm else 0.05) and (lists := [
                    field for field in ("clusters", "users", "contexts") if config.get(field)
            ]):
                self.tag("list oddity")
                field = self.rng.choice(lists)
                self.rng.choice([
                    lambda: config[field].append(config[field][0]), lambda: config[field].append(None),
                    lambda: config[field].append({}), lambda: config.update({field: {"name": "x"}}),
                    lambda: config[field].append("text"), lambda: config[field].append({"name": 5})
                ])()
            yield folder, config, names

    def write_files(self):
        folders = self.pick((55, ["a"]), (20, ["a", "b"]), (10, ["a", "a/deep"]), (9, ["a", "b", "c"]),
                            (6, ["a", "b", "c", "a/deep"]))
        names = {}
        for folder, config, names in self.configs(folders):
            shape = self.pick((60, "block"), (12, "json"), (8, "flow"),
                              (2 if self.calm else 12, self.rng.choice(yaml.SHAPES)),
                              (6, self.rng.choice(["merge", "alias", "comments"])))
            if shape not in ("block", "flow", "json"):
                self.tag(shape)
            self.files[f"{folder}/config"] = yaml.write(config, self.rng, shape)
            if self.maybe(0.01):
                self.tag("UTF-16")
                self.encodings[f"{folder}/config"] = self.rng.choice(["utf-16-le", "utf-16-be"])
        return folders, names

    def overrides(self, names):
        found = {}
        choices = [("context", lambda: self.pick((6, self.rng.choice(names["context"])), (1, "nowhere"))),
                   ("cluster", lambda: self.pick((6, self.rng.choice(names["cluster"])), (1, "nowhere"))),
                   ("user", lambda: self.pick((6, self.rng.choice(names["user"])), (1, "nowhere"))),
                   ("server", lambda: self.pick((4, "https://127.0.0.1:@A@"), (1, "https://127.0.0.1:@B@/over"),
                                                (1, "http://127.0.0.1:@PLAIN@"))), ("token", lambda: "token-of-flag"),
                   ("certificate_authority", lambda: self.pick((3, "ONE"), (1, "TWO"))), ("insecure", lambda: True),
                   ("tls_server_name", lambda: self.rng.choice(["a.test", "c.internal", "wrong.test"])),
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
            odd = self.pick((70, None), (5, "missing first"), (5, "missing last"), (5, "empty element"), (5, "twice"),
                            (3, "all missing"), (2, "relative"), (1, "directory"))
            if odd:
                self.tag(f"files {odd}")
            files = {
                None: files, "missing first": ["@DIR@/not/there", *files], "missing last": [*files, "@DIR@/not/there"],
                "empty element": ["", *files,
                                  ""], "twice": files * 2, "all missing": ["@DIR@/not/there", "@DIR@/nor/there"],
                "relative": [f"./{file[6:]}" if directory == "." else file
                             for file in files], "directory": [*files, "@DIR@"]
            }[odd]
        if how == "home":
            self.files["home/.kube/config"] = self.files["a/config"]
            self.tag("home")
            overrides.pop("server", None)  # To us that would be another cluster, not another server for this one.
        if self.maybe(0.03):
            self.environment["SSL_CERT_FILE"] = "@DIR@/roots.pem"
            self.files["roots.pem"] = "@PEM_CA_ONE@"
        if self.maybe(0.06):
            self.environment.update(
                self.pick((3, {"HTTPS_PROXY": "http://127.0.0.1:@PROXY@"}),
                          (1, {"https_proxy": "socks5://127.0.0.1:@SOCKS@"}),
                          (1, {"ALL_PROXY": "http://127.0.0.1:@PROXY@"}),
                          (2, {"HTTPS_PROXY": "http://127.0.0.1:@PROXY@", "NO_PROXY": "127.0.0.1,.test"})))
            self.tag("proxy variables")
        if self.maybe(0.02):
            self.environment["KUBERNETES_MASTER"] = "http://127.0.0.1:@PLAIN@"
            self.tag("KUBERNETES_MASTER")
        if how == "text":
            self.tag("text")
        return {
            "tags": sorted(self.tags), "files": self.files, "modes": self.modes, "encodings": self.encodings,
            "by_variables": self.maybe(0.3), "by_data_source": self.maybe(0.3), "directory": directory, "how": how,
            "kubeconfigs": files, "overrides": overrides, "environment": self.environment, "kubectl": self.rng.random()
        }


def make(seed, index):
    return {"id": f"{seed}:{index}", **Maker(seed, index).make()}
