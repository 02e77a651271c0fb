"""What a scenario works with: a development cluster, a workspace, and the real command line tool.

A scenario is a function that takes a Stage. It fails by raising AssertionError (check() below words it), and skips by
raising Skip with the reason.
"""

import hashlib
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

SOURCE = "k8soidc/k8soidc"
REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")


class Skip(Exception):
    """The scenario cannot run here; the text says why."""


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def check_equal(actual, expected, what):
    check(actual == expected, f"{what} is\n  {actual!r}\nand should be\n  {expected!r}")


def start_devcluster(binary, folder, *options, environment=None):
    """A devcluster process that serves; it ends with this one."""
    command = [str(binary), "--dir", str(folder), "--exit-with-parent", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment)
    line = process.stdout.readline().decode()
    check(line.startswith("ready"), f"devcluster did not start: {line!r}")
    return process


class Cluster:
    """One development cluster: what its folder says of it, and the means to tell it what to do."""

    def __init__(self, folder, process=None):
        self.process = process
        self.folder = pathlib.Path(folder)
        self.info = json.loads((self.folder / "info.json").read_text())
        self.url = self.info["url"]
        self.users = {user["name"]: user for user in self.info["users"]}
        self.admin = self.users["admin"]
        self.plain = self.users["plain"]
        self.atlantis = self.users["system:serviceaccount:atlantis:atlantis"]

    def tell(self, verb, content="", **parameters):
        url = f"{self.info['admin_url']}/{verb}?{urllib.parse.urlencode(parameters)}"
        request = urllib.request.Request(url, data=content.encode(), method="POST",
                                         headers={"Content-Type": "text/plain"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=20) as response:
                return response.read().decode()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"devcluster refuses {verb} {parameters}: {error.read().decode()}") from error

    def fault(self, body=None, **parameters):
        """`body`: the name of one, or JSON text to serve."""
        if body is not None:
            is_text = body.startswith(("{", "["))
            return self.tell("fault", content=body if is_text else "", body="posted" if is_text else body, **parameters)
        return self.tell("fault", **parameters)

    def clear(self):
        self.tell("clear")

    def kids(self):
        return sorted(key["kid"] for key in json.loads(self.tell("state"))["keys"])

    def requests(self):
        return json.loads(self.tell("requests", forget="1"))

    def path(self, name):
        return str(self.folder / name)

    def text(self, name):
        return (self.folder / name).read_text()

    def secrets(self):
        """Texts that must never be seen outside this folder."""
        found = []
        for user in self.users.values():
            found += [user["token"], user.get("password", "")]
            if "key_file" in user:
                lines = pathlib.Path(user["key_file"]).read_text().splitlines()
                found.append(lines[1])
        return [secret for secret in found if secret]

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def tails(self):
        """The end of what it has said, which ctest has shown already."""
        return []


class Result:
    """What one run of the command line tool printed, and how it ended."""

    def __init__(self, command, code, out, err, seconds):
        self.command, self.code, self.out, self.err, self.seconds = command, code, out, err, seconds

    @property
    def all(self):
        return self.out + self.err

    def events(self):
        events = []
        for line in self.out.splitlines():
            try:
                events.append(json.loads(line))
            except ValueError:
                pass
        return events

    def diagnostics(self, severity):
        """Of a command run with -json: plan and apply stream events, validate prints one object."""
        found = []
        try:
            whole = json.loads(self.out)
            found = whole.get("diagnostics", []) if "diagnostics" in whole else [whole["diagnostic"]]
        except (ValueError, KeyError):
            found = [event["diagnostic"] for event in self.events() if "diagnostic" in event]
        return [d for d in found if d["severity"] == severity]

    def errors(self):
        return self.diagnostics("error")

    def warnings(self):
        return self.diagnostics("warning")

    def __str__(self):
        return f"$ {' '.join(self.command)}\nexit code {self.code} after {self.seconds:.1f} s\n{self.out}\n{self.err}"


def sentence(diagnostic):
    return diagnostic["summary"] + ": " + diagnostic.get("detail", "")


class Stage:
    """Everything one scenario has: folders of its own, a cluster, the tool, and the checks that hold for all of them."""

    def __init__(self, options, scenario):
        self.options = options
        self.cli = options.cli
        self.protocol = options.protocol
        self.folder = pathlib.Path(options.work) / f"{scenario}.{options.cli_name}.v{options.protocol}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.project = self.folder / "project"
        self.temporary = self.folder / "tmp"
        for folder in (self.project, self.temporary, self.folder / "home"):
            folder.mkdir(parents=True)
        self.mark = f"{os.getpid()}-{time.time_ns()}"
        self.clusters = []
        self.results = []
        self.initialised = False
        self.canaries = []
        self.install("k8soidc", options.provider)
        (self.folder / "cli.tfrc").write_text(
            'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' % (self.folder / "mirror"))

    # ---- what is installed ----

    def install(self, name, binary, namespace="k8soidc", wrapper_lines=""):
        """Lays `binary` into the filesystem mirror; for protocol 5 behind a script that offers nothing else."""
        machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
        for registry in REGISTRIES:
            folder = self.folder / "mirror" / registry / namespace / name / "0.1.0" / f"linux_{machine}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            target = folder / f"terraform-provider-{name}_v0.1.0"
            if self.protocol == 5 or wrapper_lines:
                versions = "export PLUGIN_PROTOCOL_VERSIONS=5\n" if self.protocol == 5 else ""
                target.write_text(f'#!/bin/sh\n{versions}{wrapper_lines}exec "{binary}" "$@"\n')
                target.chmod(0o755)
                continue
            try:
                os.link(binary, target)
            except OSError:
                shutil.copy2(binary, target)

    def cluster(self, keys=None):
        folder = self.folder / f"cluster{len(self.clusters)}"
        options = ["--keys", keys] if keys else []
        cluster = Cluster(folder, start_devcluster(self.options.devcluster, folder, *options))
        self.clusters.append(cluster)
        return cluster

    def fleet(self, count, keys="p256"):
        """Many clusters from one process. In its folder, `kubeconfig` has a context cluster-N for each."""
        folder = self.folder / f"fleet{len(self.clusters)}"
        process = start_devcluster(self.options.devcluster, folder, "--count", str(count), "--keys", keys)
        fleet = [Cluster(folder / f"cluster-{i}", process if i == 0 else None) for i in range(count)]
        self.clusters += fleet
        return folder, fleet

    # ---- the configuration ----

    def write(self, text, name="main.tf"):
        (self.project / name).write_text(text)

    def configure(self, provider, body=None):
        """The usual main.tf: one provider block with the lines `provider`, and `body` (default: both data sources)."""
        self.write(REQUIRED + "provider \"k8soidc\" {\n" + provider + "\n}\n" + (BOTH if body is None else body))

    # ---- running the tool ----

    def environment(self, changes=None):
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.temporary),
            "LANG": "C.UTF-8",
            "TF_CLI_CONFIG_FILE": str(self.folder / "cli.tfrc"),
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            "K8SOIDC_ACCEPTANCE": self.mark,
        }
        for name, value in (changes or {}).items():
            if value is None:
                environment.pop(name, None)
            else:
                environment[name] = value
        return environment

    def run(self, *arguments, expect=None, env=None, prefix=(), cwd=None, timeout=120, stdin=subprocess.DEVNULL):
        if not self.initialised and arguments[0] not in ("init", "version", "fmt"):
            self.init()
        command = [*prefix, self.cli, *arguments]
        start = time.monotonic()
        process = subprocess.Popen(command, cwd=cwd or self.project, env=self.environment(env), stdin=stdin,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise AssertionError(f"{command} did not end within {timeout} s\n{out.decode()}\n{err.decode()}") from None
        result = Result(command, process.returncode, out.decode(errors="replace"), err.decode(errors="replace"),
                        time.monotonic() - start)
        self.inspect(result)
        if expect is not None:
            check(result.code == expect, f"expected exit code {expect}\n{result}")
        return result

    def inspect(self, result):
        """What must hold whatever a scenario does."""
        self.results.append(result)
        for secret in self.canaries + [s for cluster in self.clusters for s in cluster.secrets()]:
            check(secret not in result.all, f"a secret was printed: {secret[:12]}…\n{result}")
        for word in ("panic:", "Plugin did not respond", "plugin crashed", "Unrecognized remote plugin message",
                     "a bug in the provider", "inconsistent result", "Failed to load plugin schemas"):
            check(word not in result.all, f"found {word!r}\n{result}")

    def init(self):
        self.initialised = True
        self.run("init", "-input=false", "-no-color", expect=0)

    def validate(self, **keywords):
        return self.run("validate", "-json", **keywords)

    def plan(self, *arguments, **keywords):
        return self.run("plan", "-json", "-input=false", "-detailed-exitcode", *arguments, **keywords)

    def apply(self, *arguments, expect=0, **keywords):
        return self.run("apply", "-json", "-input=false", "-auto-approve", *arguments, expect=expect, **keywords)

    def outputs(self):
        result = self.run("output", "-json", expect=0)
        return {name: output["value"] for name, output in json.loads(result.out).items()}

    def state_bytes(self):
        file = self.project / "terraform.tfstate"
        return file.read_bytes() if file.exists() else b""

    # ---- expectations ----

    def expect_empty_plan(self, **keywords):
        result = self.plan(**keywords)
        check(result.code == 0, f"the plan should be empty\n{result}")
        return result

    def expect_error(self, result, *parts, count=1, code=1):
        """Exactly `count` errors, each of which has all of `parts` in it; nothing says more than that about them."""
        check(result.code == code, f"expected exit code {code}\n{result}")
        errors = result.errors()
        check(len(errors) == count, f"expected {count} error(s), got {len(errors)}\n{result}")
        for error in errors:
            text = sentence(error)
            for part in parts:
                check(part in text, f"this error lacks\n  {part!r}\n{text}\n{result}")
            check("\x1b" not in text, f"an escape sequence is in the error\n{text!r}")
        return errors

    def expect_refused(self, *parts, count=1, env=None):
        """A plan that fails with these words, and writes no state."""
        before = self.state_bytes()
        result = self.plan(env=env)
        errors = self.expect_error(result, *parts, count=count)
        check_equal(self.state_bytes(), before, "the state file")
        return errors

    # ---- the end ----

    def close(self):
        """Ends the clusters, then looks for what the runs have left behind."""
        for cluster in self.clusters:
            cluster.stop()
        left = self.processes()
        deadline = time.monotonic() + 5
        while left and time.monotonic() < deadline:
            time.sleep(0.1)
            left = self.processes()
        check(not left, f"processes are left: {left}")
        rest = [str(path) for path in self.temporary.rglob("*")]
        check(not rest, f"files are left in TMPDIR: {rest}")

    def processes(self):
        """Processes that have this scenario's mark in their environment."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                if f"K8SOIDC_ACCEPTANCE={self.mark}".encode() in (entry / "environ").read_bytes():
                    found.append((int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()))
            except OSError:
                continue
        return found

    def kill_left_overs(self):
        """After a failure: nothing of ours stays, whatever happened."""
        for cluster in self.clusters:
            cluster.kill()
        for pid, _ in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def version(self):
        """The tool's version as numbers, and whether it is OpenTofu."""
        text = subprocess.run([self.cli, "version"], env=self.environment(), stdout=subprocess.PIPE, check=True).stdout
        found = re.search(r"(Terraform|OpenTofu) v(\d+)\.(\d+)\.(\d+)", text.decode())
        return tuple(int(number) for number in found.groups()[1:]), found.group(1) == "OpenTofu"


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


REQUIRED = """terraform {
  required_providers {
    k8soidc = {
      source = "k8soidc/k8soidc"
    }
  }
}
"""

ISSUER = """data "k8soidc_issuer" "it" {}
output "issuer" {
  value = data.k8soidc_issuer.it.issuer
}
"""

JWKS = """data "k8soidc_jwks" "it" {}
output "json" {
  value = data.k8soidc_jwks.it.json
}
output "key_ids" {
  value = data.k8soidc_jwks.it.key_ids
}
output "sha256" {
  value = data.k8soidc_jwks.it.sha256
}
"""

BOTH = ISSUER + JWKS


def jwks_with(arguments):
    """Only the keys, read with these arguments."""
    return JWKS.replace('"it" {}', '"it" {\n' + arguments + "\n}")
