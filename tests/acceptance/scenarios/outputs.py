"""What the data sources say about a cluster or an issuer: every attribute, filter and source."""

import base64
import hashlib
import json

from harness import BOTH, ISSUER, JWKS, REQUIRED, check, check_equal, jwks_with, sha256

from .registry import scenario

ISSUER_URL = "https://kubernetes.default.svc.cluster.local"


@scenario(core=True)
def issuer_attributes(stage):
    cluster = stage.cluster()
    body = 'data "k8soidc_issuer" "it" {}\noutput "it" {\n  value = data.k8soidc_issuer.it\n}\n'
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', body)
    stage.apply()
    it = stage.outputs()["it"]
    check_equal(it["issuer"], ISSUER_URL, "issuer")
    check_equal(it["id"], ISSUER_URL, "id")
    check_equal(it["issuer_host_path"], "kubernetes.default.svc.cluster.local", "issuer_host_path")
    check_equal(it["jwks_uri"], cluster.url + "/openid/v1/jwks", "jwks_uri")
    check_equal(it["response_types_supported"], ["id_token"], "response_types_supported")
    check_equal(it["subject_types_supported"], ["public"], "subject_types_supported")
    check_equal(it["id_token_signing_alg_values_supported"], ["ES256", "RS256"], "algorithms")
    check_equal(json.loads(it["raw"])["issuer"], ISSUER_URL, "issuer in raw")
    # Byte-exact: the slash that AKS has stays, and a path is kept.
    for url in ("https://example.com/tenant/id/", "https://example.com", "https://EXAMPLE.com:8443/A%20b"):
        cluster.tell("set", issuer=url)
        stage.apply()
        it = stage.outputs()["it"]
        check_equal(it["issuer"], url, "issuer")
        check_equal(it["issuer_host_path"], url.removeprefix("https://"), "issuer_host_path")
    # The address of the keys is only passed on; when it is no URL, as on an old AKS, there is a warning.
    cluster.tell("set", jwks_uri='https://"host":443/openid/v1/jwks')
    result = stage.apply()
    check_equal(stage.outputs()["it"]["jwks_uri"], 'https://"host":443/openid/v1/jwks', "jwks_uri")
    check(any("jwks_uri" in w["summary"] + w["detail"] for w in result.warnings()), f"there is no warning\n{result}")


@scenario(core=True)
def jwks_attributes(stage):
    """Every attribute of every key, against what this test computes by itself."""
    cluster = stage.cluster("rsa2048,rsa4096,p256,p384,p521,ed25519")
    body = 'data "k8soidc_jwks" "it" {}\noutput "it" {\n  value = data.k8soidc_jwks.it\n}\n'
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', body)
    stage.apply()
    it = stage.outputs()["it"]
    check_equal(it["id"], it["sha256"], "id")
    check_equal(it["sha256"], sha256(it["json"]), "sha256")
    check_equal(it["key_count"], 6, "key_count")
    check_equal(it["key_ids"], cluster.kids(), "key_ids")
    check_equal(it["ignored_keys"], [], "ignored_keys")
    check_equal(it["pem_keys"], [key["pem"] for key in it["keys"]], "pem_keys")

    served = {key["kid"]: key for key in json.loads(it["raw"])["keys"]}
    expected = ",".join(json.dumps(served[kid], sort_keys=True, separators=(",", ":")) for kid in sorted(served))
    check_equal(it["json"], '{"keys":[' + expected + "]}", "json")

    members = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}
    bits = {"P-256": 256, "P-384": 384, "P-521": 521, "Ed25519": 255}
    for key in it["keys"]:
        source = served[key["kid"]]
        for name in ("kid", "kty", "alg", "use", "crv", "n", "e", "x", "y"):
            check_equal(key[name] or "", source.get(name, ""), f"{name} of {key['kid']}")
        check_equal(key["jwk"], json.dumps(source, sort_keys=True, separators=(",", ":")), "jwk")
        digest = hashlib.sha256(json.dumps({name: source[name] for name in members[key["kty"]]}, sort_keys=True,
                                           separators=(",", ":")).encode()).digest()
        check_equal(key["thumbprint"], base64.urlsafe_b64encode(digest).decode().rstrip("="), "thumbprint")
        lines = key["pem"].strip().splitlines()
        check_equal((lines[0], lines[-1]), ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"), "frame of pem")
        spki = hashlib.sha256(base64.b64decode("".join(lines[1:-1]))).digest()
        check(key["spki_sha256"] in (spki.hex(), base64.b64encode(spki).decode()), f"spki_sha256 {key['spki_sha256']}")
        check_equal(key["kid"], base64.urlsafe_b64encode(spki).decode().rstrip("="), "kid as Kubernetes derives it")
        check_equal(key["kid_derivation"], "kubernetes", "kid_derivation")
        if key["kty"] == "RSA":
            check(key["bits"] in (2048, 4096), f"bits {key['bits']}")
        else:
            check(key["bits"] in (bits[key["crv"]], 256), f"bits {key['bits']} of {key['crv']}")
    stage.expect_empty_plan()


@scenario
def jwks_filters(stage):
    cluster = stage.cluster("rsa2048,rsa3072,p256,p384,ed25519")

    def kinds(arguments):
        stage.configure(f'config_path = "{cluster.path("kubeconfig")}"',
                        'data "k8soidc_jwks" "it" {\n' + arguments + '\n}\noutput "it" {\n'
                        "  value = data.k8soidc_jwks.it\n}\n")
        stage.apply()
        it = stage.outputs()["it"]
        return sorted(key["alg"] for key in it["keys"]), sorted(key["reason"] for key in it["ignored_keys"])

    check_equal(kinds('key_types = ["RSA", "EC"]'), (["ES256", "ES384", "RS256", "RS256"], ["key_type_filtered"]), "keys")
    check_equal(kinds('key_types = ["OKP"]'), (["EdDSA"], ["key_type_filtered"] * 4), "keys")
    check_equal(kinds('algorithms = ["ES384"]'), (["ES384"], ["algorithm_filtered"] * 4), "keys")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', jwks_with("minimum_rsa_bits = 3072"))
    stage.expect_refused("it is an RSA key of 2048 bits, fewer than minimum_rsa_bits (3072)")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', jwks_with('key_types = ["AKP"]'))
    stage.expect_refused("the set has no usable key; left out: 5 by key_type_filtered")


@scenario
def replicas_that_disagree(stage):
    cluster = stage.cluster("p256")
    cluster.tell("set", replicas=2)
    cluster.tell("rotate", replica=1)
    path = cluster.path("kubeconfig")
    stage.configure(f'config_path = "{path}"', jwks_with("consistency_reads = 2"))
    errors = stage.expect_refused("k8soidc_jwks")
    for kid in cluster.kids():
        check(kid in errors[0]["detail"], f"{kid} is not named\n{errors}")
    stage.configure(f'config_path = "{path}"', jwks_with('consistency_reads = 2\non_disagreement = "union"'))
    stage.apply()
    check_equal(stage.outputs()["key_ids"], cluster.kids(), "the union")
    cluster.tell("set", replicas=0)
    stage.configure(f'config_path = "{path}"', jwks_with("consistency_reads = 3"))
    cluster.requests()
    stage.plan()
    seen = cluster.requests()
    check_equal((len(seen), len({r["connection"] for r in seen})), (3, 3), "reads and connections")


@scenario
def from_a_url(stage):
    """Any issuer, asked anonymously; its own kubeconfig plays no part."""
    cluster = stage.cluster()
    url = cluster.info["public_issuer"]
    arguments = f'  url = "{url}"\n  ca_certificate = file("{cluster.path("ca.pem")}")\n'
    body = BOTH.replace('"it" {}', '"it" {\n' + arguments + "}")
    stage.write(REQUIRED + 'provider "k8soidc" {}\n' + body)
    cluster.requests()
    stage.apply()
    outputs = stage.outputs()
    check_equal(outputs["issuer"], url, "the issuer")
    check_equal(outputs["key_ids"], cluster.kids(), "the key ids")
    check_equal({r["credential"] for r in cluster.requests()}, {"none"}, "credentials sent")
    stage.expect_empty_plan()
    # With the provider pointed at the cluster, no credential of the cluster goes to the URL.
    stage.write(REQUIRED + f'provider "k8soidc" {{\n  config_path = "{cluster.path("kubeconfig")}"\n}}\n' + body)
    stage.apply()
    check_equal({r["credential"] for r in cluster.requests()}, {"none"}, "credentials sent")
    # Another issuer than the one asked for is not taken.
    stage.write(REQUIRED + 'provider "k8soidc" {}\n' + body.replace(url, url + "/"))
    errors = stage.expect_refused("issuer", count=2)
    check(url in errors[0]["detail"], f"the error does not name both\n{errors}")


@scenario
def from_a_url_with_the_systems_authorities(stage):
    cluster = stage.cluster()
    url = cluster.info["public_issuer"]
    stage.write(REQUIRED + 'provider "k8soidc" {}\n' + ISSUER.replace('"it" {}', f'"it" {{\n  url = "{url}"\n}}'))
    stage.apply(env={"SSL_CERT_FILE": cluster.path("ca.pem")})
    stage.expect_error(stage.plan(env={"SSL_CERT_FILE": cluster.path("other-ca.pem")}), "devcluster CA",
                       "Is this the right server?")


@scenario
def extra_members_and_raw(stage):
    cluster = stage.cluster("p256")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', JWKS)
    stage.apply()
    plain = json.loads(stage.outputs()["json"])
    key = dict(plain["keys"][0], x5t="abc", x5c=["MII"], **{"x-note": "hello"})
    cluster.fault(json.dumps({"spiffe_sequence": 1, "keys": [key]}), target="keys")
    stage.apply()
    check_equal(json.loads(stage.outputs()["json"]), plain, "json without extra_members")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', jwks_with("extra_members = true"))
    stage.apply()
    kept = json.loads(stage.outputs()["json"])["keys"][0]
    check_equal(kept.get("x-note"), "hello", "the member kept with extra_members")
