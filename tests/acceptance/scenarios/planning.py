"""What Terraform sees over time: nothing when nothing changed, a readable change when a key did."""

import json

from harness import BOTH, JWKS, REQUIRED, Skip, check, check_equal

from .registry import scenario


def need_terraform_data(stage):
    version, is_tofu = stage.version()
    if not is_tofu and version < (1, 4, 0):
        raise Skip("Terraform before 1.4 has no terraform_data to stand in for another resource")


@scenario(core=True)
def second_plan_is_empty_whoever_answers(stage):
    cluster = stage.cluster("rsa2048,p256,p521,ed25519")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"')
    stage.apply()
    first, state = stage.outputs(), stage.state_bytes()
    stage.expect_empty_plan()
    for replica in range(1, 7):
        cluster.tell("set", replica=replica)
        stage.expect_empty_plan()
    stage.apply()
    check_equal(stage.outputs(), first, "the outputs")
    check(state != b"", "there is no state")


@scenario(core=True)
def rotation_shows_in_the_plan(stage):
    cluster = stage.cluster("rsa2048,p256")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"',
                    BOTH + 'output "algorithms" {\n  value = { for key in data.k8soidc_jwks.it.keys : key.kid => key.alg }\n}\n')
    stage.apply()
    before = set(cluster.kids())
    cluster.tell("rotate")
    after = set(cluster.kids())
    check_equal((len(before - after), len(after - before)), (1, 1), "keys that went and came")
    result = stage.run("plan", "-no-color", "-input=false", "-detailed-exitcode", expect=2)
    lines = result.out.splitlines()
    for sign, kid in (("-", (before - after).pop()), ("+", (after - before).pop())):
        check(any(line.replace('"', "").split()[:4] == [sign, kid, "=", "RS256"] for line in lines),
              f"no line of the plan says {sign} {kid}\n{result}")
    check("(sensitive" not in result.out, f"the change is hidden\n{result}")
    stage.apply()
    check_equal(stage.outputs()["key_ids"], cluster.kids(), "the key ids")
    stage.expect_empty_plan()


@scenario
def a_key_more_and_a_key_less(stage):
    cluster = stage.cluster("p256")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"')
    stage.apply()
    digest = stage.outputs()["sha256"]
    for kind in ("p384", "ed25519", "rsa2048"):
        cluster.tell("add", kind=kind)
        check_equal(stage.plan().code, 2, f"exit code of the plan after {kind}")
    for kid in cluster.kids():
        if kid not in stage.outputs()["key_ids"]:
            cluster.tell("remove", kid=kid)
    stage.expect_empty_plan()
    check_equal(stage.outputs()["sha256"], digest, "the digest")


@scenario(core=True)
def a_cluster_that_is_made_in_the_same_apply(stage):
    """The provider's configuration is not known at plan: one sentence names the argument; nothing else is asked."""
    cluster = stage.cluster("p256")
    need_terraform_data(stage)
    made = 'resource "terraform_data" "cluster" {\n  input = "%s"\n}\n' % cluster.url
    stage.write(REQUIRED + made + 'provider "k8soidc" {\n  host = terraform_data.cluster.output\n'
                f'  cluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
                f'  token = "{cluster.admin["token"]}"\n}}\n' + BOTH)
    check_equal(stage.validate(expect=0).errors(), [], "errors of validate")
    env = {"KUBE_CONFIG_PATH": cluster.path("kubeconfig"), "KUBECONFIG": cluster.path("kubeconfig")}
    result = stage.plan(env=env)
    stage.expect_error(result, "The argument host of the k8soidc provider block is not known before apply", "-target",
                       count=2)
    check_equal(cluster.requests(), [], "requests")
    # The way out that it names works.
    stage.run("apply", "-target=terraform_data.cluster", "-auto-approve", "-input=false", "-no-color", expect=0)
    stage.apply()
    check_equal(stage.outputs()["key_ids"], cluster.kids(), "the key ids")
    stage.expect_empty_plan()


@scenario
def one_read_per_plan(stage):
    """Two data sources on the same keys share one request, over one connection; a second read is not made at apply."""
    cluster = stage.cluster("p256")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"',
                    BOTH + 'data "k8soidc_jwks" "again" {\n  key_types = ["EC"]\n}\n')
    stage.init()
    cluster.requests()
    stage.plan("-out=saved.plan", expect=2)
    seen = cluster.requests()
    check_equal(sorted(r["path"] for r in seen), ["/.well-known/openid-configuration", "/openid/v1/jwks"], "requests")
    check_equal({r["method"] for r in seen}, {"GET"}, "methods")
    accept = {r["path"]: r["accept"] for r in seen}
    check_equal(accept["/openid/v1/jwks"], "application/jwk-set+json, application/json;q=0.9, */*;q=0.1", "Accept")
    check_equal(accept["/.well-known/openid-configuration"], "application/json, */*;q=0.1", "Accept")
    stage.run("apply", "-input=false", "-no-color", "saved.plan", expect=0)
    check_equal(cluster.requests(), [], "requests at apply of a saved plan")
    stage.validate(expect=0)
    check_equal(cluster.requests(), [], "requests at validate")


@scenario(core=True)
def a_consumer_is_replaced_only_when_a_key_changes(stage):
    need_terraform_data(stage)
    cluster = stage.cluster("rsa2048,p256")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', JWKS + """
resource "terraform_data" "identity" {
  triggers_replace = [data.k8soidc_jwks.it.json]
}
output "id" {
  value = terraform_data.identity.id
}
""")
    stage.apply()
    identity = stage.outputs()["id"]
    cluster.tell("set", replica=2)
    stage.apply()
    check_equal(stage.outputs()["id"], identity, "the id after another replica answered")
    cluster.tell("rotate")
    stage.apply()
    check(stage.outputs()["id"] != identity, "the id is the old one after a rotation")


@scenario
def outputs_are_one_line_and_public(stage):
    """Under Atlantis they are published in a pull request: nothing is hidden, and nothing breaks out of a code block."""
    cluster = stage.cluster("p256")
    cluster.fault("backquotes", target="keys")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"')
    result = stage.run("apply", "-no-color", "-input=false", "-auto-approve", expect=0)
    check("(sensitive" not in result.out, f"an output is hidden\n{result}")
    for name, value in stage.outputs().items():
        if isinstance(value, str):
            check("\n" not in value, f"{name} has several lines")
    shown = json.loads(stage.run("show", "-json", expect=0).out)
    data = [r for r in shown["values"]["root_module"]["resources"] if r["type"] == "k8soidc_jwks"]
    check_equal(data[0].get("sensitive_values", {}).get("json"), None, "json is marked sensitive")
