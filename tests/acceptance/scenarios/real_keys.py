"""What a real kube-apiserver answers, and that no byte of it is lost, made up or put in another order."""

import json
import re
import time

from harness import JWKS, Skip, check, check_equal, jwks_with, sha256
from real_cluster import ISSUER, Balancer, RealCluster, missing_programs

from .registry import scenario

KEYS, DISCOVERY = "/openid/v1/jwks", "/.well-known/openid-configuration"
WHOLE = """data "k8soidc_issuer" "it" {}
data "k8soidc_jwks" "it" {}
output "issuer" {
  value = data.k8soidc_issuer.it
}
output "jwks" {
  value = data.k8soidc_jwks.it
}
"""
KEPT = {"alg", "crv", "e", "key_ops", "kid", "kty", "n", "pub", "use", "x", "y"}


def real_cluster(stage):
    """etcd, and what a cluster needs to start kube-apiservers."""
    programs = stage.options.cluster
    missing = missing_programs(programs)
    if missing:
        raise Skip(f"there is no {' and no '.join(missing)} in {programs}; tools/get-cluster.sh builds them")
    cluster = RealCluster(programs, stage.folder / "cluster")
    stage.clusters.append(cluster)
    return cluster


def by_kubeconfig(cluster, user, url=None):
    return f'config_path = "{cluster.kubeconfig(f"config-{user}", cluster.user(user), url)}"'


def canonical(raw):
    """The canonical form made from what was served, by other means than ours."""
    keys = [{name: value for name, value in key.items() if name in KEPT} for key in json.loads(raw)["keys"]]
    keys.sort(key=lambda key: key["kid"].encode())
    return json.dumps({"keys": keys}, sort_keys=True, separators=(",", ":"))


def requests_of_ours(server, count):
    """What the provider has asked this server for; the audit log may be a moment behind."""
    ours, deadline = [], time.monotonic() + 10
    while len(ours) < count and time.monotonic() < deadline:
        ours += [r for r in server.requests() if r.get("userAgent", "").startswith("terraform-provider-k8soidc")]
        time.sleep(0.05)
    return ours


def expect_real_reads(stage, cluster, server, user, impersonated=None, **keywords):
    """Applies; then kubectl and the audit log have the word, and a second plan is empty."""
    text = (stage.project / "main.tf").read_text()
    stage.write(text[:text.index("\ndata ") + 1] + WHOLE)
    server.requests()
    connections = server.http2_connections()
    stage.apply(**keywords)
    check(server.http2_connections() > connections, "the provider does not speak HTTP/2")
    seen = requests_of_ours(server, 2)
    check_equal({r["requestURI"] for r in seen}, {KEYS, DISCOVERY}, "what was asked")
    check_equal({(r["user"]["username"], r.get("impersonatedUser", {}).get("username"), r["responseStatus"]["code"])
                 for r in seen}, {(user, impersonated, 200)}, "who asked")

    outputs = stage.outputs()
    expect_issuer(cluster, outputs["issuer"])
    jwks, raw = outputs["jwks"], cluster.kubectl("get", "--raw", KEYS)
    check_equal(jwks["raw"], raw, "raw of the keys")
    check_equal(jwks["json"], canonical(raw), "json")
    check_equal((jwks["sha256"], jwks["id"]), (sha256(canonical(raw)),) * 2, "sha256 and id")
    check_equal(jwks["key_ids"], cluster.kids(*server.keys), "the key ids")
    check_equal([key["kid"] for key in jwks["keys"]], jwks["key_ids"], "the kids of keys")
    check_equal({key["kid_derivation"] for key in jwks["keys"]}, {"kubernetes"}, "kid_derivation")
    published = sorted(cluster.public_key(key).read_text() for key in server.keys)
    check_equal(sorted(jwks["pem_keys"]), published, "pem_keys")
    stage.expect_empty_plan(**keywords)


def expect_issuer(cluster, issuer):
    raw = cluster.kubectl("get", "--raw", DISCOVERY)
    check_equal(issuer["raw"], raw, "raw of the discovery document")
    for name, value in json.loads(raw).items():
        check_equal(issuer[name], value, name)
    check_equal(issuer["id"], issuer["issuer"], "the issuer's id")


@scenario(real=True)
def real_rotation(stage):
    """Each step of a rotation shows in the plan, by key id."""
    cluster = real_cluster(stage)
    server = cluster.start(keys=("rsa-old",))
    stage.configure(by_kubeconfig(cluster, "admin"))
    expect_real_reads(stage, cluster, server, "admin")
    for keys, sign, changed in [(("rsa-old", "rsa-new"), "+", "rsa-new"), (("rsa-new",), "-", "rsa-old")]:
        server = cluster.start(keys=keys, instead_of=server)
        result = stage.run("plan", "-no-color", "-input=false", "-detailed-exitcode", expect=2)
        kid = cluster.kids(changed)[0]
        check(re.search(rf"^\s*{re.escape(sign)} .*{re.escape(kid)}", result.out, re.MULTILINE),
              f"no line of the plan says {sign} {kid}\n{result}")
        expect_real_reads(stage, cluster, server, "admin")
    # The new key signs, the same keys are published, in the other order: nothing has changed for whoever trusts them.
    server = cluster.start(keys=("rsa-old", "rsa-new"), instead_of=server)
    stage.configure(by_kubeconfig(cluster, "admin"), JWKS)
    stage.apply()
    first = cluster.kubectl("get", "--raw", KEYS)
    server = cluster.start(keys=("rsa-new", "rsa-old"), instead_of=server)
    check(cluster.kubectl("get", "--raw", KEYS) != first, "the order of the key files makes no difference")
    stage.expect_empty_plan()


@scenario(real=True)
def real_pair_of_servers(stage):
    """Two API servers behind one address: in different order they are the same, half-rotated they are not."""
    cluster = real_cluster(stage)
    one = cluster.start(keys=("rsa-a", "p256-b", "rsa-c"))
    other = cluster.start(keys=("rsa-c", "rsa-a", "p256-b"))
    answers = [server.get(KEYS, cluster.tokens["admin"])[1] for server in (one, other)]
    check(answers[0] != answers[1], "both servers give the same bytes, so that this shows nothing")
    with Balancer(one, other) as balancer:
        block = by_kubeconfig(cluster, "admin", balancer.url)
        stage.configure(block, JWKS)
        stage.apply()
        check_equal(stage.outputs()["json"], canonical(answers[1]), "json")
        for _ in range(4):
            stage.expect_empty_plan()
        check(all(requests_of_ours(server, 1) for server in (one, other)), "not both of the servers were asked")
        stage.configure(block, jwks_with("consistency_reads = 4"))
        stage.expect_empty_plan()
        for server in (one, other):
            check_equal(len(requests_of_ours(server, 2)), 2, "reads of each server, with consistency_reads = 4")

        cluster.start(keys=("rsa-d", "rsa-c"), instead_of=other)
        errors = stage.expect_refused("k8soidc_jwks")
        for kid in cluster.kids("rsa-a", "p256-b", "rsa-d"):
            check(kid in errors[0]["detail"], f"{kid} is not named\n{errors}")
        stage.configure(block, jwks_with('consistency_reads = 4\non_disagreement = "union"'))
        stage.apply()
        check_equal(stage.outputs()["key_ids"], cluster.kids("rsa-a", "p256-b", "rsa-c", "rsa-d"), "the union")
        for _ in range(2):
            stage.expect_empty_plan()


@scenario(real=True)
def real_issuers(stage):
    """The issuer is the server's to the letter; without https there is none."""
    cluster = real_cluster(stage)
    server = None
    for issuer in (ISSUER, "https://oidc.example/k8s/clusters/c-abc", "https://oidc.example:8443/tenant/"):
        server = cluster.start(issuer=issuer, instead_of=server)
        stage.configure(by_kubeconfig(cluster, "admin"))
        expect_real_reads(stage, cluster, server, "admin")
        it = stage.outputs()["issuer"]
        check_equal((it["issuer"], it["issuer_host_path"]), (issuer, issuer.removeprefix("https://")), "the issuer")
    server = cluster.start(issuer="http://oidc.example", instead_of=server)
    before = stage.state_bytes()
    stage.expect_refused("answered with status 404 Not Found", "is an https URL without query",
                         "check the API server's --service-account-issuer", count=2)
    check_equal(stage.state_bytes(), before, "the state")
