"""What can be wrong with a kubeconfig: file, line, context, and the contexts there are."""

import base64
import http.server
import json
import threading

from harness import JWKS, check, check_equal, sentence

from .registry import scenario


def write(stage, text, name="kubeconfig.yaml"):
    file = stage.folder / name
    file.write_text(text)
    stage.configure(f'config_path = "{file}"', JWKS)
    return file


@scenario(core=True)
def files_that_are_not_there(stage):
    cluster = stage.cluster("p256")
    missing = stage.folder / "missing.yaml"
    stage.configure(f'config_path = "{missing}"', JWKS)
    stage.expect_refused(str(missing))
    stage.configure(f'config_paths = ["{cluster.path("kubeconfig")}", "{missing}"]', JWKS)
    stage.expect_refused(str(missing))
    stage.configure("", JWKS)
    stage.expect_error(stage.plan(env={"KUBE_CONFIG_PATH": str(missing)}), "KUBE_CONFIG_PATH", str(missing))
    stage.expect_error(stage.plan(env={"KUBECONFIG": str(missing)}), "KUBECONFIG", str(missing))
    stage.configure(f'config_path = "{stage.folder}"', JWKS)
    stage.expect_refused("is a directory; name a file")
    check_equal(cluster.requests(), [], "requests")


@scenario(core=True)
def contexts_that_are_not_there(stage):
    cluster = stage.cluster("p256")
    path = cluster.path("kubeconfig")
    stage.configure(f'config_path = "{path}"\nconfig_context = "prod"', JWKS)
    errors = stage.expect_refused(path, "has no context", "prod", "The contexts there are:")
    for context in ("admin", "admin-token", "admin-basic", "plain", "atlantis"):
        check(context in sentence(errors[0]), f"{context} is not listed\n{errors}")
    stage.configure(f'config_path = "{path}"', JWKS.replace('"it" {}', '"it" {\n  config_context = "prod"\n}'))
    stage.expect_refused("has no context", "The contexts there are:", "admin-basic")
    stage.configure(f'config_path = "{path}"\nconfig_context_auth_info = "nobody"', JWKS)
    stage.expect_refused("nobody", "The users there are:", "admin-basic")
    stage.configure(f'config_path = "{path}"\nconfig_context_cluster = "elsewhere"', JWKS)
    stage.expect_refused("elsewhere", "The clusters there are:", "devcluster")
    write(stage, cluster.text("kubeconfig").replace("current-context: admin", ""))
    stage.expect_refused("has no current-context", "set config_context to one of its contexts")


@scenario
def files_that_are_malformed(stage):
    cluster = stage.cluster("p256")
    good = cluster.text("kubeconfig-token.yaml")
    token = cluster.admin["token"]
    ca = good.split("certificate-authority-data: ")[1].split("\n")[0]
    aliases = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi"))
    for text, parts in [
        (good.replace("current-context: admin", "current-context: admin\ncurrent-context: other"),
         ["current-context", "line"]),
        (good.replace(f"token: {token}", f"token: {token}\n    token: {token}"), ["token", "line"]),
        (good + "\n- stray\n", ["line"]),
        (good.replace(ca, "not base64!"), ["certificate-authority-data is not base64", "line 7, column 33"]),
        (good.replace(ca, base64.b64encode(b"no certificate").decode()), ["PEM"]),
        (good.replace("server: https://", "server: "), ["has no scheme", "write https:// before it"]),
        (good.replace(f"server: {cluster.url}", 'server: ""'), ["has no server"]),
        (good.replace(f"token: {token}", "token: 12345"), ["token must be a string", "put it in quotes"]),
        ("[]", ["a kubeconfig is a mapping"]),
        ("kind: Pod\napiVersion: v1\n", ["not a kubeconfig", "Pod"]),
        ("", []),
        ("\x00\x01", []),
        (aliases + good, []),
        ("x: " + "[" * 2000 + "]" * 2000 + "\n" + good, []),
        (good + "#" * (6 << 20), []),
        ("<!DOCTYPE html><html></html>", []),
    ]:
        file = write(stage, text)
        errors = stage.expect_refused(str(file), *parts)
        check(token not in sentence(errors[0]), "the token is in the error")
        check("xxxx" not in sentence(errors[0]), "the content is in the error")


def write_plugin(stage, token):
    """A plugin that gives `token` and leaves a line in the file `runs` each time it is run."""
    runs = stage.folder / "runs"
    plugin = stage.folder / "get-token"
    plugin.write_text("#!/bin/sh\n"
                      f"echo run >> {runs}\n"
                      "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\","
                      f"\"status\":{{\"token\":\"{token}\"}}}}'\n")
    plugin.chmod(0o755)
    return plugin, lambda: len(runs.read_text().splitlines()) if runs.exists() else 0


@scenario(core=True)
def exec_plugins(stage):
    """The command of a kubeconfig, and that of a block, is run when something is read, once, and only if it may be."""
    cluster = stage.cluster("p256")
    plugin, runs = write_plugin(stage, cluster.admin["token"])
    good = cluster.text("kubeconfig-token.yaml")
    command = "exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: ./get-token\n      interactiveMode: Never"
    write(stage, good.replace(f"token: {cluster.admin['token']}", command))
    stage.validate(expect=0)
    check_equal(runs(), 0, "runs after validate")
    stage.expect_refused("get-token", "K8SOIDC_EXEC_ALLOW", env={"K8SOIDC_EXEC_ALLOW": ""})
    stage.expect_refused("get-token", "K8SOIDC_EXEC_ALLOW", env={"K8SOIDC_EXEC_ALLOW": "aws,/bin/true"})
    check_equal(runs(), 0, "runs where they are not allowed")
    stage.plan(env={"K8SOIDC_EXEC_ALLOW": f"aws,{plugin}"}, expect=2)
    check_equal(runs(), 1, "runs in one plan")
    stage.configure(f'''
  host                   = "{cluster.url}"
  cluster_ca_certificate = file("{cluster.path("ca.pem")}")
  exec {{
    api_version = "client.authentication.k8s.io/v1"
    command     = "{plugin}"
  }}''')
    stage.apply()
    check_equal(stage.outputs()["key_ids"], cluster.kids(), "the key ids")
    missing = f'''
  host = "{cluster.url}"
  exec {{
    api_version = "client.authentication.k8s.io/v1"
    command     = "{stage.folder}/missing"
  }}'''
    stage.configure(missing, JWKS)
    stage.validate(expect=0)
    stage.expect_refused("missing", "exec plugin of the provider block")


@scenario
def users_that_are_refused(stage):
    """What cannot be sent is refused where it stands, before anybody is asked."""
    cluster = stage.cluster("p256")
    good = cluster.text("kubeconfig-token.yaml")
    token = f"token: {cluster.admin['token']}"
    for text, parts in [
        (good.replace(token, "exec:\n      command: touch"), ["the apiVersion of the exec plugin", "line"]),
        (good.replace(token, token + "\n    as-groups: [admins]"), ["without as", "line"]),
        (good.replace(token, "auth-provider:\n      name: oidc"), ["auth-provider", "oidc", "does not offer", "exec"]),
        (good.replace("    server:", "    proxy-url: ftp://127.0.0.1:1\n    server:"), ["proxy-url", "is no proxy URL"]),
    ]:
        file = write(stage, text)
        stage.expect_refused(str(file), *parts)
    check_equal(cluster.requests(), [], "requests")


class PlainServer(http.server.BaseHTTPRequestHandler):
    """Answers every GET with a JWK Set, over plain http, and keeps the headers."""

    keys = ""
    seen = []

    def do_GET(self):
        PlainServer.seen.append(dict(self.headers))
        body = PlainServer.keys.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@scenario
def plain_http_gets_no_credential(stage):
    """As `kubectl proxy` on localhost: it is read, with a warning, and nothing that says who we are is sent."""
    cluster = stage.cluster("p256")
    stage.configure(f'config_path = "{cluster.path("kubeconfig-token.yaml")}"')
    stage.apply()
    PlainServer.keys, PlainServer.seen = stage.outputs()["json"], []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), PlainServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            url = f"http://127.0.0.1:{server.server_address[1]}"
            stage.configure(f'host = "{url}"\ntoken = "{cluster.admin["token"]}"', JWKS)
            result = stage.plan()
            check(not result.errors(), str(result))
            check(any("plain http" in sentence(w) for w in result.warnings()), f"no warning\n{result}")
            check(PlainServer.seen and not any("authorization" in name.lower() for headers in PlainServer.seen
                                               for name in headers), f"sent: {PlainServer.seen}")
            stage.configure(f'host = "{url}"\nimpersonate {{\n  user = "jane"\n}}', JWKS)
            stage.expect_refused("plain http", "impersonation speaks for a user")
        finally:
            server.shutdown()


@scenario
def merged_files(stage):
    """As kubectl: of two entries with one name the first file's counts, and so does the first current-context."""
    one, other = stage.cluster("p256"), stage.cluster("p256")
    paths = [one.path("kubeconfig-token.yaml"), other.path("kubeconfig")]
    stage.configure(f"config_paths = {json.dumps(paths)}", JWKS)
    stage.apply()
    check_equal(stage.outputs()["key_ids"], one.kids(), "the key ids")
    check_equal(other.requests(), [], "requests to the second file's cluster")
    stage.configure("", JWKS)
    stage.apply(env={"KUBECONFIG": ":".join(reversed(paths))})
    check_equal(stage.outputs()["key_ids"], other.kids(), "the key ids")


@scenario
def files_in_json_and_with_anchors(stage):
    cluster = stage.cluster("p256")
    server, ca = cluster.url, base64.b64encode(cluster.text("ca.pem").encode()).decode()
    document = {"apiVersion": "v1", "kind": "Config", "current-context": "c",
                "clusters": [{"name": "a", "cluster": {"server": server, "certificate-authority-data": ca}}],
                "users": [{"name": "b", "user": {"token": cluster.admin["token"]}}],
                "contexts": [{"name": "c", "context": {"cluster": "a", "user": "b"}}]}
    write(stage, json.dumps(document))
    stage.apply()
    write(stage, f"""apiVersion: v1
kind: Config
current-context: &name c
clusters:
- name: *name
  cluster: {{server: "{server}", certificate-authority-data: {ca}}}
users:
- name: *name
  user:
    token: |-
      {cluster.admin["token"]}
contexts:
- name: *name
  context: {{cluster: *name, user: *name}}
""")
    check_equal(stage.plan().code, 0, "exit code with the same keys by way of anchors")
