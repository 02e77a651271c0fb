"""The provider as a process: how it starts, what it lets be seen, and how it ends."""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import zipfile

from harness import BOTH, JWKS, REQUIRED, Skip, check, check_equal

from .registry import scenario


def by_files(cluster):
    """A provider block whose secrets are in no file that Terraform keeps."""
    return (f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
            f'token = trimspace(file("{cluster.path("admin.token")}"))')


@scenario(core=True)
def the_shortest_provider(stage):
    """examples/minimal: the README's provider, run by the real thing."""
    stage.install("minimal", stage.options.minimal, namespace="example")
    source = pathlib.Path(__file__).parents[3] / "examples" / "minimal" / "main.tf"
    stage.write(source.read_text())
    stage.apply()
    check_equal(stage.outputs(), {"text": "Good morning, world!"}, "the outputs")
    stage.expect_empty_plan()
    stage.write(source.read_text().replace('name = "world"', 'name = ""'))
    errors = stage.expect_refused("Nobody to greet.")
    check_equal(errors[0]["range"]["filename"], "main.tf", "the file of the error")


# MUST 1
@scenario
def run_by_hand(stage):
    provider = stage.options.provider
    for arguments, env in [([], {}), ([], {"TF_PLUGIN_MAGIC_COOKIE": "wrong"}), (["plan"], {})]:
        with subprocess.Popen([provider, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=stage.environment(env)) as process:
            process.wait(timeout=10)  # Its stdin stays open and silent all the while.
            check_equal(process.returncode, 1, "the exit code")
            check_equal(process.stdout.read(), b"", "stdout")
            said = process.stderr.read().decode()
            check("terraform init" in said and "k8soidc/k8soidc" in said, f"it does not explain itself\n{said}")


# MUST 5, TRAP 6
@scenario(core=True)
def the_protocol_is_the_one_offered(stage):
    cluster = stage.cluster("p256")
    stage.configure(by_files(cluster))
    result = stage.plan(env={"TF_LOG": "TRACE"}, expect=2)
    versions = set(re.findall(r"using plugin: version=(\d)", result.err))
    check_equal(versions, {str(stage.protocol)}, "protocol versions in use")
    check_equal(stage.plan(expect=2).err, "", "stderr without TF_LOG")
    check("unexpected data" not in result.err, "something was printed on stdout or stderr that is no log line")
    check("plugin process exited" in result.err, "no process ended by itself")
    check(not re.search(r"plugin process exited.*error", result.err), "a process ended with an error")


@scenario
def without_tls_between_host_and_plugin(stage):
    cluster = stage.cluster("p256")
    stage.configure(by_files(cluster))
    stage.apply(env={"TF_DISABLE_PLUGIN_TLS": "1"})
    check_equal(stage.outputs()["key_ids"], cluster.kids(), "the key ids")


def scan(stage, cluster, what, content):
    for secret in cluster.secrets():
        check(secret.encode() not in content, f"{what} has a secret in it: {secret[:14]}…")


# MUST 39
@scenario(core=True)
def no_secret_is_ever_seen(stage):
    """Canary credentials of every kind; TRACE logs, the plan file, the state and `show` are searched for them."""
    cluster = stage.cluster("rsa2048")
    certificate = (f'client_certificate = file("{cluster.path("admin.crt")}")\n'
                   f'client_key = file("{cluster.path("admin.key")}")')
    start = f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
    password = stage.folder / "password"
    password.write_text(cluster.admin["password"])
    for block in (by_files(cluster), start + certificate,
                  start + f'username = "admin"\npassword = file("{password}")',
                  f'config_path = "{cluster.path("kubeconfig")}"',
                  f'kubeconfig = file("{cluster.path("kubeconfig")}")'):
        stage.configure(block)
        for env in ({"TF_LOG": "TRACE"}, {"TF_LOG_PROVIDER": "TRACE", "TF_LOG_CORE": "JSON"}):
            result = stage.run("plan", "-input=false", "-no-color", "-out=saved.plan", env=env, expect=None)
            check_equal(result.code, 0, f"the exit code\n{result.out}\nwhich")
            check("GET" in result.err or "openid" in result.err or "provider" in result.err, "nothing was logged")
        with zipfile.ZipFile(stage.project / "saved.plan") as archive:
            for name in archive.namelist():
                scan(stage, cluster, f"{name} of the plan", archive.read(name))
        scan(stage, cluster, "the plan", (stage.project / "saved.plan").read_bytes())
        stage.run("show", "-json", "saved.plan", expect=0)
        stage.run("apply", "-input=false", "-no-color", "saved.plan", env={"TF_LOG": "TRACE"}, expect=0)
        scan(stage, cluster, "the state", stage.state_bytes())
        stage.run("show", "-json", expect=0)
    stage.configure("")
    variables = {"TF_LOG": "TRACE", "KUBE_HOST": cluster.url, "KUBE_CLUSTER_CA_CERT_DATA": cluster.text("ca.pem")}
    for credential in ({"KUBE_TOKEN": cluster.admin["token"]},
                       {"KUBE_USER": "admin", "KUBE_PASSWORD": cluster.admin["password"]},
                       {"KUBE_CLIENT_CERT_DATA": cluster.text("admin.crt"),
                        "KUBE_CLIENT_KEY_DATA": cluster.text("admin.key")}):
        stage.run("plan", "-input=false", "-no-color", env=dict(variables, **credential), expect=0)
    # And when it goes wrong.
    stage.configure(by_files(cluster))
    stage.canaries += ["Y2FuYXJ5LWluLWEtcHJpdmF0ZS1rZXk", "canary-in-a-body"]
    for fault in ({"status": 401}, {"status": 403}, {"tls": "other-ca"}, {"text": "<html>canary-in-a-body</html>"},
                  {"text": '{"keys":[{"kty":"oct","k":"Y2FuYXJ5LWluLWEtcHJpdmF0ZS1rZXk"}]}', "target": "keys"},
                  {"text": '{"keys":"canary-in-a-body"}', "target": "keys"}):
        cluster.fault(**fault)
        stage.run("plan", "-input=false", "-no-color", env={"TF_LOG": "TRACE"}, expect=1)


# MUST 91, TRAP 27, TRAP 37
@scenario(core=True)
def debug_mode(stage):
    """Started by hand with --debug, one process serves any number of runs, and ends when it is interrupted."""
    if stage.protocol != 6:
        raise Skip("--debug serves the newest protocol, 6, and there is nobody to negotiate with")
    cluster = stage.cluster("p256")
    env = stage.environment()
    with subprocess.Popen([stage.options.provider, "--debug"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=env, start_new_session=True) as server:
        try:
            line = ""
            while "TF_REATTACH_PROVIDERS" not in line:
                line = server.stdout.readline().decode()
                check(line != "", "it ended without saying how to attach to it")
            reattach = re.search(r"TF_REATTACH_PROVIDERS='(.*)'", line).group(1)
            check_equal(json.loads(reattach)["registry.terraform.io/k8soidc/k8soidc"]["ProtocolVersion"],
                        stage.protocol, "the protocol")
            stage.write(REQUIRED.replace('"k8soidc/', '"registry.terraform.io/k8soidc/') + 'provider "k8soidc" {\n' +
                        by_files(cluster) + "\n}\n" + BOTH)
            attached = {"TF_REATTACH_PROVIDERS": reattach}
            for _ in range(2):
                stage.apply(env=attached)
                check_equal(server.poll(), None, "it ended after one run; its exit code")
            cluster.tell("rotate")
            check_equal(stage.plan(env=attached).code, 2, "exit code of the plan after a rotation")
            server.send_signal(signal.SIGINT)
            check_equal(server.wait(timeout=10), 0, "exit code after an interrupt")
        finally:
            if server.poll() is None:
                server.kill()


def start_slow_plan(stage, cluster):
    """A plan whose read takes a minute, at the moment when the request has arrived."""
    stage.configure(by_files(cluster) + '\nrequest_timeout = "50s"', JWKS)
    stage.init()
    cluster.fault(delay=60000)
    cluster.requests()
    process = subprocess.Popen([stage.cli, "plan", "-no-color", "-input=false"], cwd=stage.project,
                               env=stage.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, start_new_session=True)
    deadline = time.monotonic() + 20
    while not cluster.requests():
        check(process.poll() is None and time.monotonic() < deadline, "the request never came")
        time.sleep(0.05)
    return process


# MUST 27, MUST 87, TRAP 11
@scenario(core=True)
def an_interrupt_ends_a_slow_read(stage):
    """Ctrl-C goes to the whole process group: the provider must ignore it, and stop when the host says so."""
    cluster = stage.cluster("p256")
    process = start_slow_plan(stage, cluster)
    start = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    seconds = time.monotonic() - start
    check(seconds < 15, f"it took {seconds:.1f} s to end a read of a minute\n{out.decode()}")
    check_equal(process.returncode, 1, f"the exit code\n{out.decode()}\nwhich")
    check(b"Interrupt received" in out, f"the host did not notice\n{out.decode()}")
    for word in (b"panic", b"did not respond", b"crash"):
        check(word not in out, f"the provider did not end in order\n{out.decode()}")


# MUST 33, TRAP 39
@scenario
def a_killed_host_leaves_no_provider(stage):
    cluster = stage.cluster("p256")
    process = start_slow_plan(stage, cluster)
    check(any("terraform-provider" in command for _, command in stage.processes()), "no provider is running")
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    while stage.processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    check_equal(stage.processes(), [], "processes ten seconds later")


@scenario(core=True)
def as_atlantis_starts_it(stage):
    """A uid that nobody knows, no LANG, a stale PWD, a stdin that stays open and silent, no writable home."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        raise Skip("becoming another user takes root and setpriv")
    cluster = stage.cluster("p256")
    # Outside the build directory, which may be below a home that only its owner can enter.
    with tempfile.TemporaryDirectory(prefix="k8soidc-") as place:
        place = pathlib.Path(place)
        tool, provider = place / os.path.basename(stage.cli), place / "terraform-provider-k8soidc"
        shutil.copy2(os.path.realpath(stage.cli), tool)
        shutil.copy2(stage.options.provider, provider)
        stage.install("k8soidc", provider)
        shutil.copytree(stage.folder / "mirror", place / "mirror")
        (place / "cli.tfrc").write_text(
            'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' % (place / "mirror"))
        shutil.copy(cluster.path("kubeconfig-token.yaml"), place / "kubeconfig")
        project = place / "repos" / "org" / "repo" / "1" / "default"
        project.mkdir(parents=True)
        (project / "main.tf").write_text(
            REQUIRED + f'provider "k8soidc" {{\n  config_path = "{place}/kubeconfig"\n}}\n' + BOTH)
        (place / "tmp").mkdir()
        for path in [place, *place.rglob("*")]:
            os.chown(path, 54321, 1000)
        env = {"LANG": None, "HOME": "/nonexistent", "PWD": "/nonexistent/atlantis", "TMPDIR": str(place / "tmp"),
               "TF_CLI_CONFIG_FILE": str(place / "cli.tfrc"), "ATLANTIS_GH_TOKEN": "canary-of-the-vcs-token",
               "TF_PLUGIN_CACHE_DIR": None, "DIR": "elsewhere", "WORKSPACE": "other"}
        stage.canaries.append("canary-of-the-vcs-token")
        prefix = ["setpriv", "--reuid", "54321", "--regid", "1000", "--clear-groups", "--inh-caps=-all"]
        stage.initialised = True
        silent, never_written = os.pipe()
        try:
            original, stage.cli = stage.cli, str(tool)
            for command in (["init"], ["plan", "-out=saved.plan"], ["show", "-json", "saved.plan"],
                            ["apply", "saved.plan"]):
                options = [] if command[0] == "show" else ["-no-color", "-input=false"]
                stage.run(command[0], *options, *command[1:], prefix=prefix, cwd=project, env=env, stdin=silent,
                          expect=0, timeout=60)
            result = stage.run("output", "-json", prefix=prefix, cwd=project, env=env, stdin=silent, expect=0)
        finally:
            stage.cli = original
            os.close(silent)
            os.close(never_written)
        check_equal(json.loads(result.out)["key_ids"]["value"], cluster.kids(), "the key ids")
        check_equal(list((place / "tmp").rglob("*")), [], "files left in TMPDIR")


@scenario
def plans_side_by_side(stage):
    cluster = stage.cluster("rsa2048")
    stage.configure(by_files(cluster))
    stage.init()
    projects = []
    for number in range(8):
        project = stage.folder / f"project{number}"
        shutil.copytree(stage.project, project, symlinks=True)
        projects.append(project)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda project: stage.run("apply", "-json", "-input=false", "-auto-approve",
                                                          cwd=project), projects))
    check_equal([result.code for result in results], [0] * 8, "the exit codes")
    states = {json.loads((project / "terraform.tfstate").read_text())["outputs"]["sha256"]["value"]
              for project in projects}
    check_equal(len(states), 1, "different digests")
