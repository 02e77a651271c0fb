"""Who answers: each way a certificate can be wrong has its own sentence."""

from harness import JWKS, check, check_equal

from .registry import scenario


def by_name(cluster, more=""):
    url = cluster.url.replace("127.0.0.1", "localhost") if "localhost" in more else cluster.url
    return (f'host = "{url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
            f'token = "{cluster.admin["token"]}"\nmax_retries = 0\n')


@scenario(core=True)
def certificates_that_are_not_trusted(stage):
    cluster = stage.cluster("p256")
    stage.configure(by_name(cluster), JWKS)
    stage.init()
    for fault, parts in [
        ("other-ca", ["issued by", "another CA", "Is this the right server?"]),
        ("expired", ["the server's certificate expired on", "It must be renewed"]),
        ("not-yet-valid", ["the server's certificate is not valid before", "Check the clock"]),
        ("wrong-name", ['the server\'s certificate is for "other.example", not for "127.0.0.1"']),
        ("fail", ["the server ended the TLS handshake"]),
        ("close", ["closed during the TLS handshake"]),
    ]:
        cluster.fault(tls=fault)
        cluster.requests()
        stage.expect_refused(f"{cluster.url}/openid/v1/jwks", *parts)
        check_equal(cluster.requests(), [], f"requests, with a credential, over a connection with {fault}")
    cluster.fault(tls="cn-only")
    stage.configure(by_name(cluster, "localhost"), JWKS)
    stage.expect_refused("lists no host name or address (subjectAltName), and a Common Name alone is not accepted")


@scenario
def server_name(stage):
    """tls_server_name is what is asked for and what is verified."""
    cluster = stage.cluster("p256")
    cluster.fault(tls="wrong-name")
    stage.configure(by_name(cluster) + 'tls_server_name = "other.example"', JWKS)
    cluster.requests()
    stage.apply()
    check_equal({r["server_name"] for r in cluster.requests()}, {"other.example"}, "the name asked for")
    cluster.clear()
    stage.expect_refused('not for "other.example"')


@scenario
def authorities_replace_the_systems(stage):
    """A certificate that the machine trusts does not do when cluster_ca_certificate names another authority."""
    cluster = stage.cluster("p256")
    stage.configure(by_name(cluster).replace(cluster.path("ca.pem"), cluster.path("other-ca.pem")), JWKS)
    stage.expect_error(stage.plan(env={"SSL_CERT_FILE": cluster.path("ca.pem")}), "devcluster CA",
                       "Is this the right server?")
    # Without one, the system's count.
    stage.configure(f'host = "{cluster.url}"\ntoken = "{cluster.admin["token"]}"', JWKS)
    check_equal(stage.plan(env={"SSL_CERT_FILE": cluster.path("ca.pem")}).errors(), [], "errors")
    stage.expect_error(stage.plan(env={"SSL_CERT_FILE": cluster.path("other-ca.pem")}), "devcluster CA")


@scenario
def unusable_certificates(stage):
    cluster = stage.cluster("p256")
    files = {name: cluster.text(name) for name in ("ca.pem", "admin.crt", "admin.key", "plain.key")}

    def block(ca=files["ca.pem"], crt=files["admin.crt"], key=files["admin.key"]):
        quoted = [text.replace("\n", "\\n") for text in (ca, crt, key)]
        return (f'host = "{cluster.url}"\ncluster_ca_certificate = "{quoted[0]}"\nclient_certificate = "{quoted[1]}"\n'
                f'client_key = "{quoted[2]}"')

    stage.configure(block(), JWKS)
    stage.apply()
    stage.configure(block(key=files["plain.key"]), JWKS)
    stage.expect_refused("key")
    damaged = files["ca.pem"].splitlines()
    damaged[1] = "A" * len(damaged[1])
    stage.configure(block(ca="\n".join(damaged) + "\n"), JWKS)
    errors = stage.expect_refused("certificate")
    check("AAAA" not in errors[0]["detail"], f"the certificate is in the error\n{errors}")
