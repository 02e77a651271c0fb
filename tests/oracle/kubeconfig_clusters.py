"""Makes up the clusters of a kubeconfig."""
import random

from kubeconfig_yaml import Raw


class Dice:
    """What all makers share: chance, the tags, and the files that come about."""

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


class Clusters(Dice):
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
            entry["tls-server-name"] = self.pick((6, "c.internal" if target == "C" else "a.test"), (2, "x.wild.test"),
                                                 (1, "wrong.test"), (1, "127.0.0.1"), (1, "A.TEST"))
            self.tag("tls-server-name")
        if self.maybe(0.05):
            entry["disable-compression"] = self.pick((3, True), (1, False), (1, Raw("yes")),
                                                     (0.3, self.oddly((1, True), (1, Raw("'true'")))))
        if self.maybe(0.08):
            entry["extensions"] = [{
                "name": "client.authentication.k8s.io/exec", "extension": {"audience": "x", "deep": [1, {"a": None}]}
            }, {"name": "other", "extension": {"last-update": "today"}}]
        return self.shuffled(entry)

    def shuffled(self, entry):
        keys = list(entry)
        if self.maybe(0.3):
            self.rng.shuffle(keys)
        return {key: entry[key] for key in keys}

    def server(self, target):
        host, port = {
            "A": (self.pick((6, "127.0.0.1"), (2, "localhost")), "@A@"), "B": ("127.0.0.1", "@B@"),
            "C": ("127.0.0.1", "@C@"), "A6": ("[::1]", "@A6@"), "PLAIN": ("127.0.0.1", "@PLAIN@"), "far": (self.pick(
                (3, "a.test"), (1, "A.Test"), (1, "x.wild.test"), (1, "x.y.wild.test")), "@A@")
        }[target]
        scheme = "http" if target == "PLAIN" else "https"
        path = self.pick((60, ""), (10, "/"), (15, "/k8s/clusters/c-1"), (5, "/k8s/clusters/c-1/"), (3, "//a//b"),
                         (2, "/a/../b/./c"), (2, "/a%20b"), (1, "/a%2Fb"), (1, "/a%2fb/%2e%2E/c%21+(d)%3A%7e"),
                         (0.3, "/100%"), (1, self.oddly((1, "/a"), (1, "/ä"), (1, "/a b"))))
        odd = self.oddly((130, None), (2, "userinfo"), (2, "query"), (1, "fragment"), (2, "bare"), (1, "upper"),
                         (1, "no port"), (1, "bad port"), (1, "space"), (1, "scheme"), (1, "missing"), (1, "nonsense"),
                         (1, "zone"))
        if path not in ("", "/"):
            self.tag("path")
        if path in ("/ä", "/a b"):
            self.tag("path odd")
        if odd is not None:
            self.tag(f"server {odd}")
        url = f"{scheme}://{host}:{port}{path}"
        return {
            None: url, "userinfo": f"{scheme}://{self.pick((3, 'u:p'), (1, 'u'), (1, ':p'))}@{host}:{port}{path}",
            "query": url + "?a=b", "fragment": url + "#f", "bare": f"{host}:{port}",
            "upper": url.replace(scheme, scheme.upper(),
                                 1), "no port": f"{scheme}://{host}{path}", "bad port": f"{scheme}://{host}:99999{path}",
            "space": self.pick((1, " " + url), (1, url + " "),
                               (1, url + "\n")), "scheme": url.replace(scheme, self.rng.choice(["ftp", "unix", "h2"]), 1),
            "missing": None, "nonsense": self.pick((1, "https://"), (1, "https:///x"), (1, "://x"), (1, "https://[::1"),
                                                   (1, "https://a b/")), "zone": f"{scheme}://[::1%25lo]:@A6@"
        }[odd]

    def proxy(self, target):
        if target != "far" and not self.maybe(0.08):
            return self.oddly((97, None), (1, ""), (1, "ftp://127.0.0.1:@PROXY@"), (1, "127.0.0.1:@PROXY@"))
        self.tag("proxy-url")
        user = self.pick((7, ""), (2, "me:pass@"), (1, "me:p%40ss%3A@"), (1, "me@"))
        port = self.pick((4, f"http://{user}127.0.0.1:@PROXY@"), (3, f"socks5://{user}127.0.0.1:@SOCKS@"),
                         (0.7, f"socks5h://{user}127.0.0.1:@SOCKS@"), (1, f"https://{user}127.0.0.1:@TLSPROXY@"))
        if port.startswith("socks5h"):
            self.tag("socks5h")
        if port.startswith("https"):
            self.tag("https proxy")
        return port + self.pick((8, ""), (1, "/"), (1, "/path"))

    def trust(self, entry, folder, name, right):
        how = self.pick((44, "data"), (20, "file"), (6, "wrong"), (5, "none"), (4, "both authorities"), (9, "insecure"),
                        (14,
                         self.oddly((1, "data"), (2, "insecure and data"), (1, "insecure and file"), (2, "data and file"),
                                    (2, "missing file"), (2, "broken"), (2, "data and missing file"),
                                    (2, "insecure odd"))))
        if how not in ("data", "file"):
            self.tag(f"trust {how}")
        if how.startswith("insecure"):
            entry["insecure-skip-tls-verify"] = True
        if how == "insecure odd":
            entry["insecure-skip-tls-verify"] = self.rng.choice([
                Raw(text) for text in ("y", "yes", "on", "TRUE", "True", "'true'", '"yes"', "1", "tRue", "no", "n", "off",
                                       "null", "~")
            ])
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
            data, text = self.pick((1, ("bm90IHBlbQ==", None)), (1, ("***", None)), (1, ("bm90IHBlbQ", None)),
                                   (1, (None, "")), (1, (None, "no certificate\n")),
                                   (1, (None, "@PEM_CA_ONE@".join(["# remark\n", "rest\n"]))), (1, ("", None)))
            if data is not None:
                entry["certificate-authority-data"] = data
            else:
                entry["certificate-authority"] = self.path(folder, "broken.pem", text)
