"""kubectl, client-go and our own client, each put into a situation, and what is seen of each."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import threading
import urllib.parse

from kubeconfig_servers import PATIENCE, Landscape

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = {
    "context": "--context", "cluster": "--cluster", "user": "--user", "server": "--server", "token": "--token",
    "username": "--username", "password": "--password", "certificate_authority": "--certificate-authority",
    "client_certificate": "--client-certificate", "client_key": "--client-key", "tls_server_name": "--tls-server-name",
    "as": "--as", "as_uid": "--as-uid"
}
ARGUMENTS = {
    "context": "config_context", "cluster": "config_context_cluster", "user": "config_context_auth_info",
    "server": "host", "token": "token", "username": "username", "password": "password",
    "certificate_authority": "cluster_ca_certificate", "client_certificate": "client_certificate",
    "client_key": "client_key", "tls_server_name": "tls_server_name"
}
VARIABLES = {
    "config_context": "KUBE_CTX", "config_context_cluster": "KUBE_CTX_CLUSTER",
    "config_context_auth_info": "KUBE_CTX_AUTH_INFO", "host": "KUBE_HOST", "token": "KUBE_TOKEN", "username": "KUBE_USER",
    "password": "KUBE_PASSWORD", "cluster_ca_certificate": "KUBE_CLUSTER_CA_CERT_DATA",
    "client_certificate": "KUBE_CLIENT_CERT_DATA", "client_key": "KUBE_CLIENT_KEY_DATA",
    "tls_server_name": "KUBE_TLS_SERVER_NAME"
}
FILES = ("certificate_authority", "client_certificate", "client_key"
         )  # Flags name a file where our arguments take its text.
# Go reads these once in the life of a process.
ONCE_PER_PROCESS = {
    "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy",
    "ALL_PROXY"
}


def find_kubectls():
    """Real kubectls of at least 1.27: the one on PATH with its versioned neighbours (kubectl.1.29 ...), else the one that was built."""
    found = []
    on_path = shutil.which("kubectl")
    for kubectl in [on_path and pathlib.Path(on_path).resolve(), ROOT / "build/cluster/bin/kubectl"]:
        if kubectl and kubectl.exists():
            # Where there are versioned ones, the plain name may be a dispatcher that asks the server first.
            found += sorted(kubectl.parent.glob("kubectl.1.[0-9][0-9]")) or [kubectl]
    return [kubectl for kubectl in found if is_new_enough(kubectl)]


def is_new_enough(kubectl):
    try:
        answer = subprocess.run([kubectl, "version", "--client", "-o", "json"],
                                capture_output=True,
                                text=True,
                                timeout=PATIENCE,
                                check=False,
                                env={"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"})
        version = json.loads(answer.stdout)["clientVersion"]
        return (int(version["major"]), int(re.match(r"\d+", version["minor"])[0])) >= (1, 27)
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
        return False


class Dialogue:
    """A program that reads a JSON object a line and answers each with one. Started anew after a crash or a hang."""
    def __init__(self, command, environment):
        self.command, self.environment = command, environment
        self.process = None

    def ask(self, question):
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(self.command,
                                            stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE,
                                            stderr=subprocess.DEVNULL,
                                            text=True,
                                            env=self.environment)
        process = self.process
        hung = threading.Timer(3 * PATIENCE, process.kill)
        hung.start()
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            return json.loads(line) if line else {"error": "BROKEN: it crashed or hung"}
        except (OSError, ValueError) as error:
            return {"error": f"BROKEN: {error}"}
        finally:
            hung.cancel()

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait(PATIENCE)
            self.process.stdout.close()
            self.process = None


def tidy(info):
    """KUBERNETES_EXEC_INFO without differences that say nothing: client-go writes "config": null, and hands the server's URL on uncleaned."""
    cluster = info["spec"].get("cluster")
    if cluster is not None:
        scheme, _, rest = cluster.get("server", "").partition("://")
        host, slash, path = rest.partition("/")
        cluster["server"] = f"{scheme}://{host}" + (os.path.normpath("/" + urllib.parse.unquote(path).lstrip("/"))
                                                    if slash else "").rstrip("/")
        if cluster.get("config") is None:
            cluster.pop("config", None)
    return info


class Stage:
    """One worker's servers and clients."""
    def __init__(self, folder, certificates, kubectls, go_program, our_program):
        self.folder = folder
        self.count = 0
        self.landscape = Landscape(certificates)
        self.kubectls = kubectls
        self.go_program = go_program
        (folder / "empty").mkdir(parents=True)
        bare = {"PATH": "/usr/bin:/bin", "HOME": str(folder / "empty")}
        self.go = go_program and Dialogue([go_program], bare)
        self.ours = Dialogue([our_program], bare)

    def fill(self, value, directory):
        """`value` with its @NAME@s replaced."""
        if isinstance(value, str):
            words = {**self.landscape.words, "DIR": str(directory)}
            return re.sub(r"@([A-Z0-9_]+)@", lambda found: words[found[1]], value)
        if isinstance(value, list):
            return [self.fill(item, directory) for item in value]
        if isinstance(value, dict):
            return {key: self.fill(item, directory) for key, item in value.items()}
        return value

    def build(self, situation):
        """Writes the situation's files; returns its folder and itself, filled in."""
        # Never one folder twice: client-go keeps what it once read from a file of the same name.
        shutil.rmtree(self.folder / f"situation{self.count}", ignore_errors=True)
        self.count += 1
        directory = self.folder / f"situation{self.count}"
        for name in ("home", "elsewhere", "bin"):
            (directory / name).mkdir(parents=True)
        filled = self.fill(situation, directory)
        for name, text in filled["files"].items():
            file = directory / name
            file.parent.mkdir(parents=True, exist_ok=True)
            encoding = filled["encodings"].get(name)
            file.write_bytes(("\ufeff" + text).encode(encoding) if encoding else text.encode("utf-8", "surrogateescape"))
            file.chmod(filled["modes"].get(name, 0o600))
        filled["directory"] = str(directory / filled["directory"])
        filled["environment"] = {
            "PATH": f"{directory}/bin:/usr/bin:/bin", "HOME": str(directory / "home"), **filled["environment"]
        }
        return directory, filled

    def run(self, situation):
        """{client: outcome} of those clients there are."""
        directory, filled = self.build(situation)
        outcomes = {}
        if self.kubectls:
            kubectl = self.kubectls[int(filled["kubectl"] * len(self.kubectls))]
            outcomes["kubectl"] = self.see(directory, "/version",
                                           lambda: self.run_kubectl(kubectl, filled)) | {"program": kubectl.name}
        if self.go:
            outcomes["client-go"] = self.see(directory, "/version", lambda: self.run_go(filled))
        outcomes["ours"] = self.see(directory, "/.well-known/openid-configuration", lambda: self.run_ours(filled))
        return outcomes

    def see(self, directory, path, run):
        log = directory / "exec.log"
        log.unlink(missing_ok=True)
        error, events, seconds = self.landscape.observe(run)
        runs = []
        if log.exists():
            for block in re.split(r"\n\n+", log.read_text(encoding="utf-8", errors="replace").strip()):
                arguments, environment, info = block.split("\n", 2)
                runs.append({"arguments": arguments, "variables": environment, "info": tidy(json.loads(info))})
        servers, proxies, refusals = [], [], []
        for event in events:
            kind = event.pop("kind")
            if event.get("sni"):
                event["sni"] = event["sni"].lower()
            into = refusals if kind == "refused" else proxies if "proxy" in event["server"] else servers
            if into is proxies:
                event["target"] = re.sub(r"^(http://[^/]*).*", r"\1",
                                         event["target"].lower())  # Hosts may be in either case.
            if kind == "refused":
                event.pop("why")
            elif into is servers:
                target, _, _ = event.pop("target").partition("?")
                event["path"] = target[:-len(path)] if target.endswith(path) else f"{target} (not for {path})"
            if event not in into:
                into.append(event)
        return {
            "error": error, "requests": servers, "proxies": proxies, "refused": refusals,
            "plugin": [run for at, run in enumerate(runs) if run not in runs[:at]], "runs": len(runs),
            "seconds": round(seconds, 2)
        }

    def run_kubectl(self, kubectl, filled):
        flags = [word for name, value in filled["overrides"].items() if name in FLAGS for word in (FLAGS[name], value)]
        flags += [f"--as-group={group}" for group in filled["overrides"].get("as_groups", [])]
        flags += ["--insecure-skip-tls-verify"] if filled["overrides"].get("insecure") else []
        environment = dict(filled["environment"])
        if filled["how"] in ("argument", "text"):
            flags += ["--kubeconfig", filled["kubeconfigs"][0]]
        elif filled["how"] != "home":
            environment["KUBECONFIG"] = ":".join(filled["kubeconfigs"])
        command = [kubectl, "version", "-o", "json", f"--request-timeout={PATIENCE}s", *flags]
        try:
            done = subprocess.run(command,
                                  cwd=filled["directory"],
                                  env=environment,
                                  stdin=subprocess.DEVNULL,
                                  capture_output=True,
                                  timeout=3 * PATIENCE,
                                  check=False)
        except subprocess.TimeoutExpired:
            return "BROKEN: it hung"
        said = done.stderr.decode("utf-8", "replace")
        if "error: EOF" in said or "Please enter Username" in done.stdout.decode("utf-8", "replace"):
            return "PROMPT"
        return "" if done.returncode == 0 else said.strip()[-400:] or f"exit code {done.returncode}"

    def run_go(self, filled):
        environment = dict(filled["environment"])
        question = {"directory": filled["directory"], "environment": environment, "overrides": filled["overrides"]}
        if filled["how"] in ("argument", "text"):
            question["kubeconfig"] = filled["kubeconfigs"][0]
        elif filled["how"] != "home":
            environment["KUBECONFIG"] = ":".join(filled["kubeconfigs"])
        if filled["how"] != "home" and not ONCE_PER_PROCESS & set(environment):
            return self.go.ask(question).get("error", "")
        alone = Dialogue([self.go_program], environment)
        try:
            return alone.ask(question).get("error", "")
        finally:
            alone.close()

    def run_ours(self, filled):
        overrides, files, how = filled["overrides"], filled["kubeconfigs"], filled["how"]
        by_variables = filled["by_variables"] and how not in ("argument", "text")
        if "server" in overrides and how == "KUBECONFIG":
            # To kubectl --server replaces the kubeconfig's; to us a host is the cluster, unless a kubeconfig is named beside it.
            how = "list"
        if "server" in overrides and how in ("list", "variable") and not by_variables:
            how = "listed"
        values = {
            ARGUMENTS[name]: pathlib.Path(value).read_text(encoding="utf-8") if name in FILES else value
            for name, value in overrides.items() if name in ARGUMENTS
        }
        environment = dict(filled["environment"])
        question = {"directory": filled["directory"], "environment": environment}
        if filled["by_data_source"] and "context" in overrides and not {"server", "cluster", "user"} & set(overrides):
            question["context"] = values.pop("config_context")
        if by_variables:
            environment.update((VARIABLES[name], values.pop(name)) for name in set(values) & set(VARIABLES))
            environment.update({"KUBE_INSECURE": "true"} if overrides.get("insecure") else {})
        elif overrides.get("insecure"):
            values["insecure"] = True
        if "as" in overrides:
            values["impersonate"] = {"user": overrides["as"], "groups": overrides.get("as_groups", [])}
        if how == "argument":
            values["config_path"] = files[0]
        elif how == "text":
            values["kubeconfig"] = pathlib.Path(files[0]).read_text(encoding="utf-8")
        elif how == "listed":
            values["config_paths"] = [
                file for file in files if file and os.path.exists(os.path.join(filled["directory"], file))
            ] or files
        elif how != "home":
            environment[{"variable": "KUBE_CONFIG_PATH", "list": "KUBE_CONFIG_PATHS",
                         "KUBECONFIG": "KUBECONFIG"}[how]] = ":".join(files)
        return self.ours.ask({**question, "arguments": values}).get("error", "")

    def close(self):
        for dialogue in filter(None, (self.go, self.ours)):
            dialogue.close()
