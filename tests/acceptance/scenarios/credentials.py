"""Who one is, besides by token and certificate: impersonation, headers, proxies, and servers without TLS."""

import http.server
import threading

from harness import BOTH, JWKS, check, check_equal, sentence
from proxies import HttpProxy, SocksProxy

from .registry import scenario


def by_token(cluster, user):
    return (f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
            f'token = "{user["token"]}"\n')


@scenario(core=True)
def impersonation(stage):
    cluster = stage.cluster("p256")
    name = cluster.atlantis["name"]
    stage.configure(by_token(cluster, cluster.admin) + f'''impersonate {{
  user   = "{name}"
  uid    = "1234"
  groups = ["system:serviceaccounts", "a b"]
  extra  = {{ "Example.org/Reason" = ["first", "second"] }}
}}''')
    stage.apply()
    check_equal(stage.outputs()["key_ids"], cluster.kids(), "the key ids")
    for seen in cluster.requests():
        check_equal(seen["impersonated"], {
            "impersonate-user": [name], "impersonate-uid": ["1234"],
            "impersonate-group": ["system:serviceaccounts", "a b"],
            "impersonate-extra-example.org%2freason": ["first", "second"]}, "whom we were taken for")
    stage.expect_empty_plan()

    # As kubectl --as: the kubeconfig's user says it; the block replaces it as a whole.
    file = stage.folder / "kubeconfig-as"
    token = f"    token: {cluster.admin['token']}\n"
    file.write_text(cluster.text("kubeconfig-token.yaml").replace(
        token, token + f"    as: {name}\n    as-groups: [one, two]\n    as-uid: u\n    as-user-extra:\n      k: [v]\n"))
    stage.configure(f'config_path = "{file}"')
    cluster.requests()
    stage.expect_empty_plan()
    check_equal({str(sorted(seen["impersonated"].items())) for seen in cluster.requests()},
                {str([("impersonate-extra-k", ["v"]), ("impersonate-group", ["one", "two"]), ("impersonate-uid", ["u"]),
                      ("impersonate-user", [name])])}, "whom we were taken for")
    stage.configure(f'config_path = "{file}"\nimpersonate {{\n  user = "plain"\n}}', JWKS)
    stage.expect_refused("403 Forbidden", "kubectl create clusterrolebinding", "--user='plain'")
    check_equal(cluster.requests()[0]["impersonated"], {"impersonate-user": ["plain"]}, "whom we were taken for")
    # Who may not do it is told so, and not that somebody else lacks a role.
    stage.configure(by_token(cluster, cluster.plain) + 'impersonate {\n  user = "admin"\n}', JWKS)
    errors = stage.expect_refused("403 Forbidden", "impersonate", "plain")
    check("clusterrole=system:service-account-issuer-discovery" not in sentence(errors[0]), f"the wrong way out\n{errors[0]}")
    stage.configure(by_token(cluster, cluster.admin) + "impersonate {\n  groups = [\"a\"]\n}", JWKS)
    stage.expect_error(stage.validate(), "user")


@scenario
def headers_of_ones_own(stage):
    cluster = stage.cluster("p256")
    stage.canaries.append("canary-in-a-header")
    stage.configure(by_token(cluster, cluster.admin) + 'headers = { "X-Note" = "canary-in-a-header" }')
    stage.apply()
    check_equal({seen["note"] for seen in cluster.requests()}, {"canary-in-a-header"}, "the header")
    for headers, *parts in [('{ "Authorization" = "anything" }', "Authorization", "token"),
                            ('{ "impersonate-user" = "anything" }', "impersonate"),
                            ('{ "no name" = "anything" }', "no name"),
                            ('{ "X-Note" = "anything\\r\\nX-Other: 1" }', "X-Note")]:
        stage.configure(by_token(cluster, cluster.admin) + f"headers = {headers}", JWKS)
        stage.expect_error(stage.validate(), *parts)


@scenario
def proxies_of_all_kinds(stage):
    """The argument, KUBE_PROXY_URL and the environment's; the credential of each goes to that proxy alone."""
    cluster = stage.cluster("p256")
    stage.canaries += ["of-the-proxy", "other-of-the-proxy"]
    web, socks = HttpProxy(("alice", "secret:of-the-proxy")), SocksProxy(("bob", "other-of-the-proxy"))
    target = cluster.url.removeprefix("https://")
    named = target.replace("127.0.0.1", "kubernetes.default.svc")
    urls = {"web": f"http://alice:secret%3Aof-the-proxy@{web.address}",
            "socks": f"socks5://bob:other-of-the-proxy@{socks.address}",
            "socksh": f"socks5h://bob:other-of-the-proxy@{socks.address}"}
    for name, proxy in (("web", web), ("socks", socks), ("socksh", socks)):
        for block, env in ((f'proxy_url = "{urls[name]}"', {}), ("", {"KUBE_PROXY_URL": urls[name]})):
            if env:
                env.update({"KUBE_HOST": cluster.url, "KUBE_TOKEN": cluster.admin["token"],
                            "KUBE_CLUSTER_CA_CERT_DATA": cluster.text("ca.pem")})
            stage.configure(block if env else by_token(cluster, cluster.admin) + block)
            proxy.seen.clear()
            cluster.requests()
            stage.apply(env=env)
            check_equal(set(proxy.seen), {(target, proxy.credential[0])}, f"what {name} saw")
            check_equal({r["user"] for r in cluster.requests()}, {"admin"}, "who asked")
    # The environment's proxy looks the name up, which nobody here could; loopback and NO_PROXY pass it by.
    environment_block = by_token(cluster, cluster.admin).replace(target, named)
    web.seen.clear()
    stage.configure(environment_block)
    stage.apply(env={"HTTPS_PROXY": urls["web"], "ALL_PROXY": "http://127.0.0.1:1"})
    check_equal(set(web.seen), {(named, "alice")}, "what the environment's proxy saw")
    web.seen.clear()
    stage.expect_error(stage.plan(env={"HTTPS_PROXY": urls["web"], "NO_PROXY": ".svc"}), "kubernetes.default.svc", count=2)
    stage.configure(by_token(cluster, cluster.admin))
    stage.expect_empty_plan(env={"HTTPS_PROXY": urls["web"], "HTTP_PROXY": urls["web"]})
    check_equal(web.seen, [], "what the environment's proxy saw of loopback")

    for url, *parts in [(urls["web"].replace("alice", "mallory"), "does not accept the user name and password", web.address),
                        (urls["socks"].replace("bob", "mallory"), socks.address),
                        ("http://127.0.0.1:1", "proxy", "127.0.0.1:1"),
                        ("ftp://127.0.0.1:21", "proxy_url")]:
        stage.configure(by_token(cluster, cluster.admin) + f'proxy_url = "{url}"\nmax_retries = 0', JWKS)
        stage.expect_refused(*parts)
    # The server behind the proxy is verified as ever.
    cluster.fault(tls="other-ca")
    stage.configure(by_token(cluster, cluster.admin) + f'proxy_url = "{urls["web"]}"', JWKS)
    stage.expect_refused("issued by", "another CA")
    for proxy in (web, socks):
        proxy.stop()


class Plain(http.server.BaseHTTPRequestHandler):
    """What `kubectl proxy` is: plain HTTP on loopback, to a server that it asks on its own account."""

    documents, seen = {}, []

    def do_GET(self):  # pylint: disable=invalid-name
        self.seen.append({name.lower() for name in self.headers})
        body = self.documents[self.path].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


@scenario
def a_server_without_tls(stage):
    """It is read, with a warning, and nothing that speaks for the user is ever sent to it."""
    cluster = stage.cluster("p256")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"',
                    BOTH + 'output "raw" {\n  value = [data.k8soidc_issuer.it.raw, data.k8soidc_jwks.it.raw]\n}\n')
    stage.apply()
    issuer, keys = stage.outputs()["raw"]
    Plain.documents.update({"/.well-known/openid-configuration": issuer, "/openid/v1/jwks": keys})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Plain)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    file = stage.folder / "kubeconfig-plain"
    text = cluster.text("kubeconfig")
    ca_line = next(line for line in text.splitlines() if "certificate-authority-data" in line)
    file.write_text(text.replace(cluster.url, url).replace(ca_line + "\n", ""))
    for block in (f'config_path = "{file}"', f'config_path = "{file}"\nconfig_context = "admin-token"', f'host = "{url}"'):
        Plain.seen.clear()
        stage.configure(block)
        result = stage.plan()
        check(result.code in (0, 2), f"the plan failed\n{result}")
        forbidden = {"authorization", "cookie", "proxy-authorization", "impersonate-user"}
        check(Plain.seen and not any(names & forbidden for names in Plain.seen), f"sent in the clear: {Plain.seen}")
        warnings = [sentence(w) for w in result.warnings()]
        check(any(url in w and "http" in w for w in warnings), f"nothing warns\n{result}")
    Plain.seen.clear()
    stage.configure(f'host = "{url}"\nimpersonate {{\n  user = "admin"\n}}', JWKS)
    stage.expect_refused("impersonat", "http")
    check_equal(Plain.seen, [], "requests")
    server.shutdown()
    server.server_close()
