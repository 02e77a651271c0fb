"""Exec credential plugins: what they are told and given, what they may do, and what becomes of bad ones."""

import json
import os
import pathlib
import signal
import subprocess
import time

from harness import BOTH, JWKS, check, check_equal, sentence

from .registry import scenario

V1, V1BETA1 = "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"


def write_plugin(stage, body, name="login"):
    """A shell script that notes each of its runs, then does `body`."""
    folder = stage.folder / "plugins"
    folder.mkdir(exist_ok=True)
    script = folder / name
    script.write_text(f'#!/bin/sh\necho run >>"{folder}/runs"\n{body}\n')
    script.chmod(0o755)
    return script


def runs(stage):
    """How often a plugin has run since this was asked last."""
    file = stage.folder / "plugins" / "runs"
    count = len(file.read_text().splitlines()) if file.exists() else 0
    file.unlink(missing_ok=True)
    return count


def answer(stage, version=V1, **status):
    """What a plugin prints, as the lines of a script."""
    file = stage.folder / f"answer{len(list(stage.folder.glob('answer*')))}"
    file.write_text(json.dumps({"kind": "ExecCredential", "apiVersion": version, "status": status}))
    return f'cat "{file}"'


def kubeconfig(stage, cluster, exec_lines):
    file = stage.folder / "kubeconfig-exec"
    lines = "".join(f"      {line}\n" for line in exec_lines)
    head, _, rest = cluster.text("kubeconfig-token.yaml").partition("    token:")
    file.write_text(head + "    exec:\n" + lines + rest.partition("\n")[2])
    return file


def by_exec(stage, cluster, script, version=V1, extra=""):
    return (f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
            f'exec {{\n  api_version = "{version}"\n  command     = "{script}"\n{extra}}}')


def expect_user(stage, cluster, credential, user, plugin_runs, env=None):
    cluster.requests()
    runs(stage)
    result = stage.plan(env=env)
    check(result.code in (0, 2), f"the plan failed\n{result}")
    check_equal({(r["credential"], r["user"], r["status"]) for r in cluster.requests()}, {(credential, user, 200)}, "who asked")
    check_equal(runs(stage), plugin_runs, "runs of the plugin")
    return result


@scenario(core=True)
def exec_plugin_of_a_kubeconfig(stage):
    """Both versions, token and certificate; the path is relative to the kubeconfig; one run serves all reads."""
    cluster = stage.cluster("p256")
    for version in (V1, V1BETA1):
        mode = ["interactiveMode: IfAvailable"] if version == V1 else []
        write_plugin(stage, answer(stage, version, token=cluster.admin["token"]))
        stage.configure(f'config_path = "{kubeconfig(stage, cluster, [f"apiVersion: {version}", "command: plugins/login", *mode])}"')
        expect_user(stage, cluster, "bearer", "admin", 1)
        write_plugin(stage, answer(stage, version, clientCertificateData=cluster.text("admin.crt"),
                                   clientKeyData=cluster.text("admin.key"), expirationTimestamp="2100-01-01T00:00:00Z"))
        expect_user(stage, cluster, "certificate", "admin", 1)
    stage.apply()
    check_equal(stage.outputs()["key_ids"], cluster.kids(), "the key ids")
    stage.expect_empty_plan()
    runs(stage)
    stage.validate(expect=0)
    check_equal(runs(stage), 0, "runs of the plugin at validate")


@scenario
def exec_plugin_of_the_block(stage):
    """Its arguments, its environment, and nothing else: no descriptor, no secret of the plugin handshake."""
    cluster = stage.cluster("p256")
    seen = stage.folder / "seen"
    seen.mkdir()
    script = write_plugin(stage, f'''printf '%s\\n' "$@" >"{seen}/arguments"
env >"{seen}/environment"
python3 -c 'import os; print(*sorted(os.listdir("/proc/self/fd")))' >"{seen}/descriptors"
readlink /proc/$$/fd/0 >"{seen}/stdin"
{answer(stage, token=cluster.admin["token"])}''')
    stage.configure(by_exec(stage, cluster, script, extra='''  args    = ["get-token", "--cluster", "a b"]
  env     = { LOGIN_AS = "somebody" }
  provide_cluster_info = true
'''))
    expect_user(stage, cluster, "bearer", "admin", 1, env={"AWS_PROFILE": "mine"})
    check_equal((seen / "arguments").read_text(), "get-token\n--cluster\na b\n", "the arguments")
    environment = dict(line.split("=", 1) for line in (seen / "environment").read_text().splitlines() if "=" in line)
    check_equal((environment["LOGIN_AS"], environment["AWS_PROFILE"]), ("somebody", "mine"), "the environment")
    left = [name for name in environment if name.startswith("PLUGIN_") or name.startswith("TF_PLUGIN") or name == "TF_REATTACH_PROVIDERS"]
    check_equal(left, [], "variables of the plugin handshake")
    info = json.loads(environment["KUBERNETES_EXEC_INFO"])
    check_equal((info["kind"], info["apiVersion"], info["spec"]["interactive"]), ("ExecCredential", V1, False), "the request")
    check_equal(info["spec"]["cluster"]["server"], cluster.url, "the server it is told")
    # The fourth is the one that looks.
    check_equal((seen / "descriptors").read_text().split(), ["0", "1", "2", "3"], "the plugin's descriptors")
    check_equal((seen / "stdin").read_text().strip(), "/dev/null", "its standard input")


@scenario
def the_operator_decides_what_is_run(stage):
    cluster = stage.cluster("p256")
    script = write_plugin(stage, answer(stage, token=cluster.admin["token"]))
    stage.configure(by_exec(stage, cluster, script), JWKS)
    for allow in ("", "aws,kubelogin", "login", f"{script}x", str(script.parent)):
        stage.expect_error(stage.plan(env={"K8SOIDC_EXEC_ALLOW": allow}), "K8SOIDC_EXEC_ALLOW", str(script))
    check_equal((runs(stage), cluster.requests()), (0, []), "runs and requests")
    expect_user(stage, cluster, "bearer", "admin", 1, env={"K8SOIDC_EXEC_ALLOW": f"aws, {script}"})
    path = f"{script.parent}:/usr/bin:/bin"
    stage.configure(by_exec(stage, cluster, "login"), JWKS)
    for allow in (str(script), "login"):
        expect_user(stage, cluster, "bearer", "admin", 1, env={"K8SOIDC_EXEC_ALLOW": allow, "PATH": path})


@scenario
def exec_plugins_that_go_wrong(stage):
    """One clear error each; the host survives, nothing is leaked and nothing is left running."""
    cluster = stage.cluster("p256")
    stage.canaries.append("canary-9d1f6a2b7c3e4f50")
    good = answer(stage, token=cluster.admin["token"])
    for body, *parts in [
        ("echo 'you are not logged in' >&2; exit 7", "exit", "7", "you are not logged in"),
        ("echo 'token: canary-9d1f6a2b7c3e4f50' >&2; exit 1", "exit"),
        ("kill -KILL $$", "ended by SIGKILL"),
        ("echo '{\"@message\": 1, \"@level\": 5}' >&2; echo 'fatal error: no' >&2; printf '\\033[31mred\\033[0m' >&2; exit 3", "exit"),
        ("true", "nothing"),
        ("echo 'not json: ['", "neither JSON nor YAML"),
        ("echo '{}'", "its answer has no apiVersion"),
        ("yes canary-9d1f6a2b7c3e4f50 | head -c 20000000", "1 MiB"),
        ("yes canary-9d1f6a2b7c3e4f50 | head -c 20000000 >&2; exit 9", "9"),
        (answer(stage, V1BETA1, token="canary-9d1f6a2b7c3e4f50"), "v1beta1"),
        (answer(stage, token="canary-9d1f6a2b7c3e4f50\nInjected: 1"), "token"),
        (answer(stage, clientCertificateData=cluster.text("admin.crt")), "clientKeyData"),
        (answer(stage, token="x", expirationTimestamp="soon"), "expirationTimestamp"),
        ("sleep 60", "2s"),
    ]:
        script = write_plugin(stage, body)
        stage.configure(by_exec(stage, cluster, script, extra='  timeout = "2s"\n'), JWKS)
        errors = stage.expect_refused("exec", *parts)
        check("\n" not in errors[0]["detail"].strip() or len(errors[0]["detail"]) < 3000, f"too long\n{errors[0]}")
    check_equal(cluster.requests(), [], "requests")
    # What stays behind a plugin that answers must not keep anybody waiting, nor alive.
    script = write_plugin(stage, f"(sleep 45) & (trap '' TERM HUP; exec sleep 45) & \n{good}")
    stage.configure(by_exec(stage, cluster, script), JWKS)
    start = time.monotonic()
    expect_user(stage, cluster, "bearer", "admin", 1)
    check(time.monotonic() - start < 20, "the run waited for what the plugin left behind")


@scenario
def exec_plugins_that_cannot_run(stage):
    cluster = stage.cluster("p256")
    hint = "Install it with \\x1b[1mbrew install the-login\\x1b[0m."
    for lines, *parts in [
        ([f"apiVersion: {V1}", "command: the-login", "interactiveMode: Never", f'installHint: "{hint}"'],
         "the-login", "PATH", "brew install the-login"),
        ([f"apiVersion: {V1}", "command: ./missing/login", "interactiveMode: Never"], "missing/login", "there is no file"),
        ([f"apiVersion: {V1}", "command: kubeconfig-exec/..", "interactiveMode: Never"], ""),
        (["apiVersion: client.authentication.k8s.io/v1alpha1", "command: the-login"], "v1alpha1"),
        ([f"apiVersion: {V1}", "command: the-login", "interactiveMode: Always"], "Always", "nobody can be asked"),
        ([f"apiVersion: {V1}", "command: the-login"], "interactiveMode"),
        (["command: the-login"], "apiVersion"),
        ([f"apiVersion: {V1}", "interactiveMode: Never"], "command"),
    ]:
        stage.configure(f'config_path = "{kubeconfig(stage, cluster, lines)}"', JWKS)
        errors = stage.expect_refused(*parts)
        check("kubeconfig-exec" in sentence(errors[0]) or "exec" in sentence(errors[0]), f"no place is named\n{errors[0]}")
    check_equal(cluster.requests(), [], "requests")


@scenario
def an_interrupt_ends_a_login(stage):
    """Ctrl-C while a plugin waits for somebody: it ends with its children, though they ignore what they are told."""
    cluster = stage.cluster("p256")
    script = write_plugin(stage, "trap '' TERM INT HUP\n(trap '' TERM INT HUP; sleep 61) &\nsleep 62")
    stage.configure(by_exec(stage, cluster, script), BOTH)
    stage.init()
    runs(stage)
    process = subprocess.Popen([stage.cli, "plan", "-no-color", "-input=false"], cwd=stage.project,
                               env=stage.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, start_new_session=True)
    marker = pathlib.Path(stage.folder / "plugins" / "runs")
    deadline = time.monotonic() + 20
    while not marker.exists():
        check(process.poll() is None and time.monotonic() < deadline, "the plugin was never run")
        time.sleep(0.05)
    start = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    check(time.monotonic() - start < 10, f"it took {time.monotonic() - start:.1f} s\n{out.decode()}")
    check(b"panic" not in out and b"did not respond" not in out, out.decode())
    deadline = time.monotonic() + 5
    while stage.processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    check_equal(stage.processes(), [], "processes five seconds later")
    check_equal(runs(stage), 1, "runs of the plugin")
