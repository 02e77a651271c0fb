"""What the server says instead of an answer: each row of status, framing, size and time."""

import socket
import threading
import time

from harness import ISSUER, JWKS, check, check_equal, sentence

from .registry import scenario


def configure(stage, cluster, body=JWKS, more="", context="admin"):
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"\nconfig_context = "{context}"\n{more}', body)


@scenario(core=True)
def status_401_names_the_credential(stage):
    cluster = stage.cluster("p256")
    stage.configure(f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
                    'token = "not-the-token"', JWKS)
    errors = stage.expect_refused(f"{cluster.url}/openid/v1/jwks answered with status 401 Unauthorized.",
                                  "the credential in token", "get a new one")
    check("not-the-token" not in sentence(errors[0]), "the token is in the error")
    cluster.tell("set", anonymous="off")
    stage.configure(f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")', JWKS)
    stage.expect_refused("answered with status 401 Unauthorized. No credential was sent", "Give a token, a client "
                         "certificate or an exec plugin.")
    # A client certificate of another cluster.
    other = stage.cluster("p256")
    stage.configure(f'host = "{cluster.url}"\ncluster_ca_certificate = file("{cluster.path("ca.pem")}")\n'
                    f'client_certificate = file("{other.path("admin.crt")}")\n'
                    f'client_key = file("{other.path("admin.key")}")', JWKS)
    stage.expect_refused("401 Unauthorized", "the client certificate in client_certificate")
    check_equal({r["status"] for r in cluster.requests()}, {401}, "status seen by the cluster")


@scenario(core=True)
def status_403_has_the_command(stage):
    cluster = stage.cluster("p256")
    configure(stage, cluster, context="plain")
    stage.expect_refused(
        f"{cluster.url}/openid/v1/jwks answered with status 403 Forbidden.", "plain",
        "kubectl create clusterrolebinding k8soidc-issuer-discovery "
        "--clusterrole=system:service-account-issuer-discovery --user='plain'")
    configure(stage, cluster, body=ISSUER, context="plain")
    stage.expect_refused(f"{cluster.url}/.well-known/openid-configuration answered with status 403 Forbidden.",
                         "--user='plain'")
    seen = cluster.requests()
    check_equal([r["status"] for r in seen], [403, 403], "a 403 is asked for once")
    # A proxy's own 403 names nobody.
    cluster.fault("html", status=403)
    stage.expect_refused("403 Forbidden", "--clusterrole=system:service-account-issuer-discovery --user=NAME")


@scenario
def other_statuses(stage):
    cluster = stage.cluster("p256")
    configure(stage, cluster, more="max_retries = 0")
    url = f"{cluster.url}/openid/v1/jwks"
    for status, parts in [
        (404, ["404 Not Found", "service-account issuer is an https URL", "--service-account-issuer"]),
        (406, ["406 Not Acceptable", "Accept header"]),
        (400, ["status 400"]),
        (418, ["status 418"]),
        (204, ["status 204"]),
        (206, ["status 206"]),
        (500, ["status 500", "in trouble"]),
        (502, ["status 502"]),
        (504, ["status 504"]),
    ]:
        cluster.fault("html" if status != 204 else "empty", status=status)
        errors = stage.expect_refused(f"{url} answered with status {status}", *parts)
        check("<" not in errors[0]["detail"], f"the body is in the error\n{errors}")
        check_equal(len(cluster.requests()), 1, f"requests for status {status}")


@scenario
def redirects_are_not_followed(stage):
    cluster, other = stage.cluster("p256"), stage.cluster("p256")
    configure(stage, cluster)
    cluster.fault(redirect=other.url + "/public/keys?session=abc")
    errors = stage.expect_refused("answered with status 302", f"It redirects to {other.url}/public/keys",
                                  "which is not followed")
    check("abc" not in sentence(errors[0]), "the query of the target is in the error")
    check_equal(other.requests(), [], "requests to the target")


@scenario
def trouble_that_passes(stage):
    """Retried until it works, within the number of tries and the time there is."""
    cluster = stage.cluster("p256")
    configure(stage, cluster)
    stage.init()
    for fault in ({"status": 503}, {"status": 429, "header": "Retry-After: 1"}, {"status": 502}, {"close": 1},
                  {"truncate": 20}):
        cluster.fault(times=2, **fault)
        cluster.requests()
        result = stage.plan(expect=2)
        check_equal(result.errors(), [], f"errors after {fault}")
        check_equal(len(cluster.requests()), 3, f"requests for {fault}")
    cluster.fault(tls="close", times=2)
    stage.plan(expect=2)


@scenario
def trouble_that_stays(stage):
    cluster = stage.cluster("p256")
    configure(stage, cluster)
    cluster.fault(status=503)
    stage.expect_refused("answered with status 503", "3 attempts in")
    check_equal(len(cluster.requests()), 3, "requests")
    cluster.fault(close=1)
    stage.expect_refused(cluster.url, "closed the connection without an answer")
    # More patience than there is time for is not shown.
    configure(stage, cluster, more='request_timeout = "3s"')
    cluster.fault(status=429, header="Retry-After: 600")
    start = time.monotonic()
    stage.expect_refused("answered with status 429 and asks to wait 10m", "allow more time")
    check(time.monotonic() - start < 60, "waited for the server's ten minutes")


@scenario(core=True)
def bodies_that_are_no_answer(stage):
    cluster = stage.cluster("p256")
    configure(stage, cluster, more="max_retries = 0")
    url = f"{cluster.url}/openid/v1/jwks"
    for fault, parts in [
        (dict(body="html"), ["this is an HTML page, perhaps a login page, instead of JSON"]),
        (dict(body="empty"), ["the text is empty"]),
        (dict(truncate=100), ["the answer was cut off after 100 bytes of body"]),
        (dict(size=1048577), ["the body is larger than the 1048576 bytes that are read at most"]),
        (dict(size=5000000, chunked=1), ["the body is larger than the 1048576 bytes that are read at most"]),
        (dict(encoding="gzip"), ["the body is compressed (Content-Encoding"]),
        (dict(body="deep"), ["nested deeper than 32 levels"]),
        (dict(body="very-deep"), ["nested deeper than 32 levels"]),
        (dict(body="not-utf8"), ["the text is not UTF-8"]),
        (dict(body="not-json"), ["not valid JSON"]),
        (dict(body="cut"), ["the text ends in the middle of the document"]),
        (dict(body="trailing"), ["more text after the end of the document"]),
        (dict(body="bom"), ["the text starts with a byte order mark"]),
        (dict(body="duplicate-member"), ['member "kid" appears twice in one object']),
    ]:
        cluster.fault(**fault)
        errors = stage.expect_refused(url, *parts)
        for foreign in ("<!DOCTYPE", "password", "upstream", "eyJ"):
            check(foreign not in sentence(errors[0]), f"the body is in the error\n{errors}")
    # At the limit, and in pieces, it is fine.
    for fault in (dict(size=1048576), dict(chunked=1), dict(drip=1), dict(encoding="identity"),
                  dict(type="text/plain")):
        cluster.fault(**fault)
        check_equal(stage.plan(expect=2).errors(), [], f"errors with {fault}")


@scenario
def discovery_that_is_no_answer(stage):
    cluster = stage.cluster("p256")
    configure(stage, cluster, body=ISSUER)
    url = f"{cluster.url}/.well-known/openid-configuration"
    stage.init()
    for fault, parts in [
        (dict(body="html"), ["the answer is a web page (perhaps a login page"]),
        (dict(body="empty"), ["the answer is empty"]),
        (dict(body="array"), ["not a discovery document: it is no JSON object"]),
        (dict(body="no-issuer"), ["not a discovery document: it has no issuer"]),
        (dict(body="issuer-number"), ["its issuer is no string"]),
        (dict(body="very-deep"), ["nested deeper than 32 levels"]),
        (dict(body="not-utf8"), ["the text is not UTF-8"]),
        (dict(body='{"issuer":"https://a","issuer":"https://b"}'), ['member "issuer" appears twice']),
        (dict(body='{"issuer":"http://plain.example"}'), ["plain.example", "does not start with https://"]),
        (dict(body='{"issuer":"not a url"}'), ["does not start with https://"]),
        (dict(body='{"issuer":"https://a.example?x=1"}'), ["has a query"]),
        (dict(body='{"issuer":""}'), ["is empty"]),
        (dict(body='{"issuer":"https://a.example","jwks_uri":7}'), ["its jwks_uri is no string"]),
        (dict(body='{"issuer":"https://a.example","response_types_supported":"x"}'),
         ["its response_types_supported is no list"]),
        (dict(size=1048577), ["larger than the 1048576 bytes"]),
    ]:
        cluster.fault(**fault)
        stage.expect_refused(url, *parts)
    # Unknown and null members are fine.
    cluster.fault('{"issuer":"https://a.example","x":null,"authorization_endpoint":"urn:kubernetes:none","y":[1,{}]}')
    stage.apply()
    check_equal(stage.outputs()["issuer"], "https://a.example", "the issuer")


@scenario
def slow_servers(stage):
    cluster = stage.cluster("p256")
    configure(stage, cluster, more='request_timeout = "1s"')
    stage.init()
    for fault, part in [
        (dict(delay=60000), "the request was sent, but no answer came within 1s"),
        (dict(drip=2000), "the answer was not whole within 1s"),
    ]:
        cluster.fault(**fault)
        start = time.monotonic()
        stage.expect_refused(cluster.url, part, "allow more time")
        check(time.monotonic() - start < 15, "took far longer than request_timeout")
    configure(stage, cluster, more='connect_timeout = "500ms"\nmax_retries = 0')
    cluster.fault(tls="stall")
    stage.expect_refused(cluster.url.removeprefix("https://"), "the TLS handshake did not end within")


@scenario(core=True)
def nobody_there(stage):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stage.configure(f'host = "https://127.0.0.1:{port}"\ntoken = "x"\nmax_retries = 0', JWKS)
    stage.expect_refused(f"https://127.0.0.1:{port}/openid/v1/jwks", "connection refused", "nothing listens at",
                         "Check host and port")
    stage.configure('host = "https://no-such-host.invalid"\ntoken = "x"\nmax_retries = 0', JWKS)
    stage.expect_refused("https://no-such-host.invalid/openid/v1/jwks", "cannot be found in DNS")


class PlainServer(threading.Thread):
    """Answers every connection with the same bytes, without TLS."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.answer = answer
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                connection.recv(4096)
                connection.sendall(self.answer)

    def close(self):
        self.socket.close()


@scenario
def servers_that_speak_something_else(stage):
    server = PlainServer(b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n")
    stage.configure(f'host = "https://127.0.0.1:{server.port}"\ntoken = "x"\nmax_retries = 0', JWKS)
    stage.expect_refused(f"https://127.0.0.1:{server.port}", "does not speak TLS on this port")
    server.close()


@scenario
def too_many_keys(stage):
    cluster = stage.cluster("p256")
    configure(stage, cluster)
    cluster.fault("many-keys")
    stage.expect_refused("1001 keys, more than 1000")
    cluster.fault("most-keys")
    stage.apply()
    check_equal(len(stage.outputs()["key_ids"]), 1000, "keys")
    stage.expect_empty_plan()
