"""Both data sources with every way to name a cluster and to show who one is."""

import json
import os
import pathlib
import shutil
import subprocess

from harness import Skip, check_equal, sha256

from .registry import scenario

ISSUER_URL = "https://kubernetes.default.svc.cluster.local"


def expect_reads(stage, cluster, credential, user, env=None):
    """Applies, checks every output against the cluster, and who the cluster saw."""
    cluster.requests()
    stage.apply(env=env)
    outputs = stage.outputs()
    check_equal(outputs["issuer"], ISSUER_URL, "the issuer")
    check_equal(outputs["key_ids"], cluster.kids(), "the key ids")
    check_equal(outputs["sha256"], sha256(outputs["json"]), "the digest")
    seen = cluster.requests()
    check_equal({(r["credential"], r["user"], r["status"]) for r in seen}, {(credential, user, 200)}, "who asked")
    check_equal({r["path"] for r in seen}, {"/.well-known/openid-configuration", "/openid/v1/jwks"}, "what was asked")
    stage.expect_empty_plan(env=env)


@scenario(core=True)
def kubeconfig_with_client_certificate(stage):
    cluster = stage.cluster()
    stage.configure(f'config_path = "{cluster.path("kubeconfig-certificate.yaml")}"')
    expect_reads(stage, cluster, "certificate", "admin")


@scenario(core=True)
def kubeconfig_with_token(stage):
    cluster = stage.cluster()
    stage.configure(f'config_path = "{cluster.path("kubeconfig-token.yaml")}"')
    expect_reads(stage, cluster, "bearer", "admin")


@scenario
def kubeconfig_with_password(stage):
    cluster = stage.cluster()
    stage.configure(f'config_path = "{cluster.path("kubeconfig-basic.yaml")}"')
    expect_reads(stage, cluster, "basic", "admin")


@scenario
def kubeconfig_with_relative_files(stage):
    """The paths in it are relative to the kubeconfig, not to the project."""
    cluster = stage.cluster()
    stage.configure(f'config_path = "{cluster.path("kubeconfig-files.yaml")}"')
    expect_reads(stage, cluster, "certificate", "admin")


@scenario
def kubeconfig_as_text(stage):
    cluster = stage.cluster()
    stage.configure(f'kubeconfig = file("{cluster.path("kubeconfig-token.yaml")}")')
    expect_reads(stage, cluster, "bearer", "admin")


@scenario
def kubeconfig_below_home(stage):
    cluster = stage.cluster()
    folder = stage.folder / "home" / "my clusters"
    folder.mkdir()
    shutil.copy(cluster.path("kubeconfig-token.yaml"), folder / "one.yaml")
    stage.configure('config_path = "~/my clusters/one.yaml"')
    expect_reads(stage, cluster, "bearer", "admin")


@scenario
def kubeconfig_contexts(stage):
    """The block's context, the variable's, and one per data source from one provider process."""
    cluster = stage.cluster()
    path = cluster.path("kubeconfig")
    stage.configure(f'config_path = "{path}"\nconfig_context = "admin-basic"')
    expect_reads(stage, cluster, "basic", "admin")
    stage.configure("")
    expect_reads(stage, cluster, "bearer", "admin", env={"KUBE_CONFIG_PATH": path, "KUBE_CTX": "admin-token"})
    stage.configure(f'config_path = "{path}"', """
data "k8soidc_jwks" "each" {
  for_each       = toset(["admin", "admin-basic", "atlantis"])
  config_context = each.key
}
output "digests" {
  value = [for jwks in data.k8soidc_jwks.each : jwks.sha256]
}
""")
    cluster.requests()
    stage.apply()
    digests = stage.outputs()["digests"]
    check_equal((len(digests), len(set(digests))), (3, 1), "number of digests, and of different ones")
    check_equal({r["user"] for r in cluster.requests()}, {"admin", cluster.atlantis["name"]}, "who asked")


@scenario
def several_clusters_with_for_each(stage):
    one, other = stage.cluster(), stage.cluster("p384")
    texts = [cluster.text("kubeconfig-token.yaml") for cluster in (one, other)]
    files = []
    for name, text in zip(("one", "other"), texts):
        file = stage.folder / f"{name}.yaml"
        file.write_text(text.replace("devcluster", name).replace("name: admin", f"name: {name}")
                        .replace("user: admin", f"user: {name}").replace("current-context: admin",
                                                                         f"current-context: {name}"))
        files.append(str(file))
    stage.configure(f"config_paths = {json.dumps(files)}", """
data "k8soidc_jwks" "each" {
  for_each       = toset(["one", "other"])
  config_context = each.key
}
output "kids" {
  value = { for name, jwks in data.k8soidc_jwks.each : name => jwks.key_ids }
}
""")
    stage.apply()
    check_equal(stage.outputs()["kids"], {"one": one.kids(), "other": other.kids()}, "the kids of each cluster")


@scenario(core=True)
def host_ca_and_token(stage):
    cluster = stage.cluster()
    stage.configure(f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
                    f'token = "{cluster.admin["token"]}"')
    expect_reads(stage, cluster, "bearer", "admin")


@scenario
def host_ca_and_client_certificate(stage):
    cluster = stage.cluster()
    stage.configure(f'host = "{cluster.url}/"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
                    f'client_certificate = file("{cluster.path("admin.crt")}")\n'
                    f'client_key = file("{cluster.path("admin.key")}")')
    expect_reads(stage, cluster, "certificate", "admin")


@scenario
def host_ca_and_password(stage):
    cluster = stage.cluster()
    stage.configure(f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
                    f'username = "admin"\npassword = "{cluster.admin["password"]}"')
    expect_reads(stage, cluster, "basic", "admin")


@scenario
def bare_host_means_https(stage):
    cluster = stage.cluster()
    stage.configure(f'host = "{cluster.url.removeprefix("https://")}"\n'
                    f'cluster_ca_certificate = file("{cluster.path("ca.pem")}")\ntoken = "{cluster.admin["token"]}"')
    expect_reads(stage, cluster, "bearer", "admin")


@scenario
def token_file_is_read_again(stage):
    cluster = stage.cluster()
    token = stage.folder / "token"
    token.write_text(cluster.admin["token"] + "\n")
    stage.configure(f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
                    f'token_file = "{token}"')
    expect_reads(stage, cluster, "bearer", "admin")
    token.write_text(cluster.atlantis["token"])
    expect_reads(stage, cluster, "bearer", cluster.atlantis["name"])
    token.write_text("\n")
    stage.expect_refused(f'the file "{token}" is empty', count=2)
    token.unlink()
    stage.expect_refused(f'there is no file "{token}"', count=2)


@scenario(core=True)
def environment_variables(stage):
    cluster = stage.cluster()
    stage.configure("")
    expect_reads(stage, cluster, "bearer", "admin", env={
        "KUBE_HOST": cluster.url, "KUBE_TOKEN": cluster.admin["token"],
        "KUBE_CLUSTER_CA_CERT_DATA": cluster.text("ca.pem")})
    expect_reads(stage, cluster, "certificate", "admin", env={
        "KUBE_HOST": cluster.url, "KUBE_CLIENT_CERT_DATA": cluster.text("admin.crt"),
        "KUBE_CLIENT_KEY_DATA": cluster.text("admin.key"), "KUBE_CLUSTER_CA_CERT_DATA": cluster.text("ca.pem")})
    expect_reads(stage, cluster, "basic", "admin", env={
        "KUBE_HOST": cluster.url, "KUBE_USER": "admin", "KUBE_PASSWORD": cluster.admin["password"],
        "KUBE_CLUSTER_CA_CERT_DATA": cluster.text("ca.pem")})
    path = cluster.path("kubeconfig-token.yaml")
    expect_reads(stage, cluster, "bearer", "admin", env={"KUBE_CONFIG_PATH": path})
    expect_reads(stage, cluster, "bearer", "admin", env={"KUBE_CONFIG_PATHS": f"/nowhere/at-all:{path}"})
    expect_reads(stage, cluster, "bearer", "admin", env={"KUBECONFIG": f"/nowhere/at-all:{path}"})


def in_mount_namespace(stage, folder):
    """The words before a command that sees the files of `folder` where a pod has them, and nobody else does."""
    if os.geteuid() != 0:
        raise Skip("only root can show files at /var/run/secrets to one process alone")
    scratch = stage.folder / "scratch"
    scratch.mkdir()
    for propagation in ("private", "unchanged"):  # In a chroot only the latter is possible.
        unshare = ["unshare", "--mount", "--propagation", propagation, "sh", "-c"]
        probe = subprocess.run([*unshare, 'mount -t tmpfs tmpfs "$0" && touch "$0/seen"', scratch], check=False,
                               capture_output=True)
        if (scratch / "seen").exists():
            subprocess.run(["umount", scratch], check=True)
            raise Skip("mounts made by one process show up in all of the system")
        if probe.returncode == 0:
            target = "/var/run/secrets/kubernetes.io/serviceaccount"
            script = f'mount -t tmpfs tmpfs /run && mkdir -p {target} && cp "$0"/* {target}/ && exec "$@"'
            return [*unshare, script, str(folder)]
    raise Skip(f"a mount namespace of one's own is not allowed here: {probe.stderr.decode().strip()}")


@scenario(core=True)
def in_a_pod(stage):
    cluster = stage.cluster()
    prefix = in_mount_namespace(stage, cluster.info["service_account_folder"])
    host, port = cluster.url.removeprefix("https://").split(":")
    env = {"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port}
    for block in ("", "in_cluster = true"):
        stage.configure(block)
        cluster.requests()
        stage.apply(env=env, prefix=prefix)
        check_equal(stage.outputs()["key_ids"], cluster.kids(), "the key ids")
        check_equal({(r["credential"], r["user"]) for r in cluster.requests()},
                    {("bearer", cluster.atlantis["name"])}, "who asked")
        check_equal(stage.plan(env=env, prefix=prefix).code, 0, "exit code of the second plan")
    stage.configure("in_cluster = false")
    stage.expect_error(stage.plan(env=env, prefix=prefix), "No cluster is named",
                       "in_cluster = false forbids its service account", count=2)
    # The pod's token must not go anywhere else, nor over another authority.
    stage.configure("insecure = true")
    stage.expect_error(stage.plan(env=env, prefix=prefix),
                       "the pod's own service-account token is sent only over the pod's own CA", count=2)
    cluster.requests()
    stage.configure(f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")')
    stage.expect_error(stage.plan(env=env, prefix=prefix), "answered with status 403 Forbidden", count=2)
    check_equal({r["credential"] for r in cluster.requests()}, {"none"}, "credentials sent to a named host")


@scenario
def in_cluster_without_a_pod(stage):
    stage.configure("in_cluster = true")
    result = stage.plan()
    stage.expect_error(result, "this process does not run in a pod: KUBERNETES_SERVICE_HOST and "
                               "KUBERNETES_SERVICE_PORT are not both set")


@scenario
def server_url_with_a_path(stage):
    """Rancher serves each cluster below a path of its own."""
    cluster = stage.cluster()
    stage.configure(f'host = "{cluster.url}/k8s/clusters/c-abc/"\n'
                    f'cluster_ca_certificate = file("{cluster.path("ca.pem")}")\ntoken = "{cluster.admin["token"]}"')
    cluster.requests()
    stage.apply()
    check_equal({r["path"] for r in cluster.requests()},
                {"/k8s/clusters/c-abc/.well-known/openid-configuration", "/k8s/clusters/c-abc/openid/v1/jwks"},
                "what was asked")


@scenario(core=True)
def the_examples_are_valid(stage):
    """What the documentation quotes: formatted, and accepted by this very provider."""
    examples = pathlib.Path(__file__).parents[3] / "examples" / "k8soidc"
    for folder in sorted(examples.iterdir()):
        text = (folder / "main.tf").read_text()
        stage.write(text)
        check_equal(stage.run("fmt", "-check", "-diff").out, "", f"what terraform fmt would change in {folder.name}")
        if "chainguard-dev" in text or (folder.name == "demo" and stage.version() < ((1, 4, 0), False)):
            continue  # Other people's providers cannot be had in a test; Terraform before 1.4 has no terraform_data.
        stage.init()
        check_equal(stage.validate(expect=0).warnings(), [], f"warnings about {folder.name}")
