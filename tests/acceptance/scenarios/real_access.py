"""Who may read a real cluster, and what a refused one is told to do about it."""

import json
import re

from harness import JWKS, check, check_equal, sentence

from .reading import in_mount_namespace
from .real_keys import by_kubeconfig, expect_real_reads, real_cluster, requests_of_ours
from .registry import scenario


def by_token(cluster, token):
    return (f'host = "{cluster.servers[-1].url}"\ncluster_ca_certificate = file("{cluster.path("ca.crt")}")\n'
            f'token = "{token}"')


@scenario(real=True)
def real_certificate_and_token(stage):
    """Keys of every kind that Kubernetes signs with, by both credentials that need no other part of a cluster."""
    cluster = real_cluster(stage)
    server = cluster.start(keys=("p256-a", "rsa-a", "p384-a", "rsa-b", "p521-a"))
    stage.configure(by_kubeconfig(cluster, "chief"))
    expect_real_reads(stage, cluster, server, "chief")
    check_equal(sorted(key["alg"] for key in stage.outputs()["jwks"]["keys"]),
                ["ES256", "ES384", "ES512", "RS256", "RS256"], "the algorithms")
    stage.configure(by_kubeconfig(cluster, "admin"))
    expect_real_reads(stage, cluster, server, "admin")
    stage.configure(by_token(cluster, cluster.tokens["admin"]))
    expect_real_reads(stage, cluster, server, "admin")


@scenario(real=True)
def real_pod(stage):
    """A real service account's token where a pod has it: nobody has granted it anything."""
    cluster = real_cluster(stage)
    server = cluster.start()
    token = cluster.service_account_token("atlantis", "atlantis")
    folder = stage.folder / "serviceaccount"
    folder.mkdir()
    (folder / "token").write_text(token)
    (folder / "ca.crt").write_text(cluster.text("ca.crt"))
    (folder / "namespace").write_text("atlantis")
    prefix = in_mount_namespace(stage, folder)
    env = {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(server.port)}
    for block in ("", "in_cluster = true"):
        stage.configure(block)
        expect_real_reads(stage, cluster, server, "system:serviceaccount:atlantis:atlantis", env=env, prefix=prefix)


def prescribed_command(error):
    """The commands that an error ends with, as somebody would copy them."""
    found = re.search(r"kubectl create .*\S", sentence(error), re.DOTALL)
    check(found, f"no command in this error\n{sentence(error)}")
    return found.group(0)


@scenario(real=True)
def real_refusal_and_the_binding(stage):
    """The 403 of a real server prescribes a command; that very command, typed by an administrator, cures it."""
    cluster = real_cluster(stage)
    server = cluster.start()
    role = "system:service-account-issuer-discovery"
    stage.configure(by_kubeconfig(cluster, "plain"))
    errors = stage.expect_refused("answered with status 403 Forbidden", 'The user "plain"', role, count=2)
    cluster.shell(prescribed_command(errors[0]))
    expect_real_reads(stage, cluster, server, "plain")

    # Nobody in particular: everybody must be let in, or somebody must say who he is.
    stage.configure(f'host = "{server.url}"\ncluster_ca_certificate = file("{cluster.path("ca.crt")}")')
    errors = stage.expect_refused("answered with status 403 Forbidden", "No credential was sent", role, count=2)
    cluster.kubectl("delete", "clusterrolebinding", "k8soidc-issuer-discovery")
    cluster.shell(prescribed_command(errors[0]))
    expect_real_reads(stage, cluster, server, "system:anonymous")


@scenario(real=True)
def real_unknown_credentials(stage):
    """401: a credential that this cluster does not know, and none where it answers nobody it does not know."""
    cluster = real_cluster(stage)
    server = cluster.start(anonymous=False)
    stage.canaries.append("nobodys-token-4711")
    stage.configure(by_token(cluster, "nobodys-token-4711"))
    stage.expect_refused("answered with status 401 Unauthorized", "The server does not accept the credential in token",
                         count=2)
    stage.configure(f'host = "{server.url}"\ncluster_ca_certificate = file("{cluster.path("ca.crt")}")')
    stage.expect_refused("answered with status 401 Unauthorized", "No credential was sent", count=2)
    # Some other cluster's certificate is no certificate here.
    stage.configure(f'host = "{server.url}"\ncluster_ca_certificate = file("{cluster.path("client-ca.crt")}")\n'
                    f'token = "{cluster.tokens["admin"]}"', JWKS)
    server.requests()
    stage.expect_refused("Is this the right server?")
    check_equal(server.requests(), [], "requests over a connection that is not trusted")


PLUGIN = """#!/bin/sh
# Says what it was told about the cluster, and prints the credential in its first argument.
printf '%s' "$KUBERNETES_EXEC_INFO" > "$SEEN"
exec cat "$1"
"""


@scenario(real=True)
def real_exec_plugins(stage):
    """A plugin gives a service account's token or a client certificate; it is told what kubectl tells it."""
    cluster = real_cluster(stage)
    server = cluster.start()
    plugin = stage.folder / "plugin"
    plugin.write_text(PLUGIN)
    plugin.chmod(0o755)
    account = "system:serviceaccount:atlantis:atlantis"
    credentials = {
        account: {"token": cluster.service_account_token("atlantis", "atlantis")},
        "chief": {"clientCertificateData": cluster.text("admin.crt"), "clientKeyData": cluster.text("admin.key")},
    }
    for version in ("v1", "v1beta1"):
        for user, status in credentials.items():
            api_version = f"client.authentication.k8s.io/{version}"
            answer, seen = stage.folder / "answer.json", stage.folder / "seen.json"
            answer.write_text(json.dumps({"apiVersion": api_version, "kind": "ExecCredential", "status": status}))
            path = cluster.kubeconfig("exec", {"exec": {
                "apiVersion": api_version, "command": str(plugin), "args": [str(answer)],
                "env": [{"name": "SEEN", "value": str(seen)}], "interactiveMode": "Never", "provideClusterInfo": True}})
            who = json.loads(cluster.kubectl("--kubeconfig", path, "auth", "whoami", "-o", "json"))
            check_equal(who["status"]["userInfo"]["username"], user, "whom kubectl is taken for")
            told = json.loads(seen.read_text())
            check_equal(told["spec"]["cluster"].pop("config"), None, "the plugins' extension, not there,")
            seen.unlink()
            stage.configure(f'config_path = "{path}"')
            expect_real_reads(stage, cluster, server, user)
            check_equal(json.loads(seen.read_text()), told, "KUBERNETES_EXEC_INFO, and what kubectl says there, which")
            seen.unlink()
            stage.configure(f'host = "{server.url}"\ncluster_ca_certificate = file("{cluster.path("ca.crt")}")\n'
                            f'exec {{\n  api_version = "{api_version}"\n  command = "{plugin}"\n'
                            f'  args = ["{answer}"]\n  env = {{ SEEN = "{seen}" }}\n  provide_cluster_info = true\n}}')
            expect_real_reads(stage, cluster, server, user)
            check_equal(json.loads(seen.read_text()), told, "KUBERNETES_EXEC_INFO from the provider block, which")
    stage.expect_error(stage.plan(env={"K8SOIDC_EXEC_ALLOW": "/usr/bin/other"}), "K8SOIDC_EXEC_ALLOW", count=2)


@scenario(real=True)
def real_impersonation(stage):
    """In the place of somebody who may read; and, when that is refused, what our message prescribes cures it."""
    cluster = real_cluster(stage)
    server = cluster.start()
    cluster.kubectl("create", "clusterrolebinding", "readers", "--group=readers",
                    "--clusterrole=system:service-account-issuer-discovery")
    stage.configure(by_kubeconfig(cluster, "plain"))
    stage.expect_refused("answered with status 403 Forbidden", 'The user "plain"', count=2)

    # A server names one thing at a time that may not be impersonated; the commands allow all of them at once.
    stage.configure(by_kubeconfig(cluster, "deputy") + """
impersonate {
  user   = "reader"
  uid    = "4711"
  groups = ["readers", "system:authenticated"]
  extra  = { reason = ["an acceptance test"] }
}""")
    errors = stage.expect_refused("answered with status 403 Forbidden", 'The user "deputy"', 'may not act as "reader"',
                                  count=2)
    cluster.shell(prescribed_command(errors[0]))
    expect_real_reads(stage, cluster, server, "deputy", impersonated="reader")
    stage.expect_empty_plan()
    for request in requests_of_ours(server, 2):
        other = request["impersonatedUser"]
        check_equal((other.get("uid"), other["groups"], other.get("extra")),
                    ("4711", ["readers", "system:authenticated"], {"reason": ["an acceptance test"]}), "whom we act as")

    path = cluster.kubeconfig("as", {**cluster.user("deputy"), "as": "reader", "as-uid": "4711",
                                     "as-groups": ["readers"], "as-user-extra": {"reason": ["an acceptance test"]}})
    stage.configure(f'config_path = "{path}"')
    expect_real_reads(stage, cluster, server, "deputy", impersonated="reader")

    # Somebody else may still not be impersonated.
    stage.configure(by_kubeconfig(cluster, "deputy") + '\nimpersonate {\n  user = "chief"\n}')
    stage.expect_refused("answered with status 403 Forbidden", 'The user "deputy"', 'may not act as "chief"', count=2)
