"""Many clusters from one provider process, each with a CA, a credential and a proxy of its own."""

import collections
import json

from harness import check, check_equal
from proxies import HttpProxy, SocksProxy

from .registry import scenario

PATHS = {"/.well-known/openid-configuration", "/openid/v1/jwks"}


def each_context(names, copies=1):
    """Both data sources for every context, `copies` times over."""
    blocks = [f"""locals {{
  contexts = toset({json.dumps(names)})
}}
"""]
    for i in range(copies):
        for kind in ("issuer", "jwks"):
            blocks.append(f"""data "k8soidc_{kind}" "copy{i}" {{
  for_each       = local.contexts
  config_context = each.key
}}
""")
    blocks.append("""output "kids" {
  value = { for name, jwks in data.k8soidc_jwks.copy0 : name => jwks.key_ids }
}
""")
    return "".join(blocks)


def expect_each_its_own(stage, fleet, most_connections):
    """What every cluster saw in the last run: its own user, each thing asked once, over few connections."""
    for i, cluster in enumerate(fleet):
        seen = cluster.requests()
        credential = "certificate" if i % 2 == 0 else "bearer"
        check_equal({(r["credential"], r["user"], r["status"]) for r in seen}, {(credential, "admin", 200)},
                    f"who asked cluster {i}")
        check_equal(sorted(r["path"] for r in seen), sorted(PATHS), f"what cluster {i} was asked")
        check(len({r["connection"] for r in seen}) <= most_connections, f"cluster {i} saw too many connections: {seen}")


@scenario
def fifty_clusters_each_with_its_own_proxy(stage):
    folder, fleet = stage.fleet(50)
    proxies = [HttpProxy(("alice", "p%40ss")), SocksProxy(("bob", "s3cr3t-of-bob")), None]
    stage.canaries += ["p%40ss", "p%2540ss", "s3cr3t-of-bob"]
    urls = [f"http://alice:p%2540ss@{proxies[0].address}", f"socks5://bob:s3cr3t-of-bob@{proxies[1].address}", None]
    text = (folder / "kubeconfig").read_text()
    for i, cluster in enumerate(fleet):
        if urls[i % 3]:
            text = text.replace(f"    server: {cluster.url}\n", f"    server: {cluster.url}\n    proxy-url: {urls[i % 3]}\n")
    (folder / "kubeconfig").write_text(text)
    names = [f"cluster-{i}" for i in range(50)]
    stage.configure(f'config_path = "{folder / "kubeconfig"}"', each_context(names, copies=5))

    stage.apply("-parallelism=64")
    check_equal(stage.outputs()["kids"], {name: cluster.kids() for name, cluster in zip(names, fleet)}, "the kids")
    expect_each_its_own(stage, fleet, most_connections=2)
    for i, user in ((0, "alice"), (1, "bob")):
        wanted = {(cluster.url.removeprefix("https://"), user) for cluster in fleet[i::3]}
        check_equal(set(proxies[i].seen), wanted, f"what went through the proxy of {user}")
        most = max(collections.Counter(proxies[i].seen).values())
        check(most <= 2, f"one cluster was connected to {most} times")
    stage.expect_empty_plan()
    for proxy in proxies[:2]:
        proxy.stop()


@scenario
def two_aliases_never_mix(stage):
    """The same server, asked as two people by two blocks, and another one: a thousand reads, all at once."""
    cluster, other = stage.cluster("p256"), stage.cluster("p256")
    path = cluster.path("kubeconfig")
    stage.configure(f'config_path = "{path}"\nconfig_context = "admin-token"', f"""
provider "k8soidc" {{
  alias          = "other"
  config_path    = "{path}"
  config_context = "atlantis"
}}
provider "k8soidc" {{
  alias       = "elsewhere"
  config_path = "{other.path("kubeconfig")}"
}}
data "k8soidc_jwks" "one" {{
  count             = 34
  consistency_reads = 10
}}
data "k8soidc_jwks" "other" {{
  provider          = k8soidc.other
  count             = 34
  consistency_reads = 10
}}
data "k8soidc_jwks" "elsewhere" {{
  provider          = k8soidc.elsewhere
  count             = 34
  consistency_reads = 10
}}
output "kids" {{
  value = [for set in [data.k8soidc_jwks.one, data.k8soidc_jwks.other, data.k8soidc_jwks.elsewhere] :
    distinct([for jwks in set : jwks.key_ids])]
}}
""")
    stage.apply("-parallelism=64")
    check_equal(stage.outputs()["kids"], [[cluster.kids()], [cluster.kids()], [other.kids()]], "the kids")
    users = collections.Counter(r["user"] for r in cluster.requests())
    check_equal(users, {"admin": 340, cluster.atlantis["name"]: 340}, "who asked the first cluster, and how often")
    check_equal([(r["user"], r["status"]) for r in other.requests()], [("admin", 200)] * 340, "who asked the second cluster")
    stage.expect_empty_plan()
