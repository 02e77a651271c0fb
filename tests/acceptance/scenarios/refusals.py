"""Key sets that must be refused, and those that only look as if."""

import json

from harness import JWKS, check, check_equal, sentence

from .registry import scenario

REFUSED = [
    ("array", ["this is not a JWK Set", "the document is not an object"]),
    ("no-keys", ["this is not a JWK Set", 'it has no member "keys"']),
    ("keys-null", ["this is not a JWK Set", 'its member "keys" is not an array']),
    ("keys-object", ["this is not a JWK Set", 'its member "keys" is not an array']),
    ("keys-empty", ["the set has no keys"]),
    ("private-key", ['its member "d" is private', "have the issuer replace the key"]),
    ("oct", ['key "shared"', 'its member "k" is private']),
    ("weak-rsa", ["it is an RSA key of 1024 bits, fewer than minimum_rsa_bits (2048)"]),
    ("even-modulus", ["its modulus is even"]),
    ("small-factor", ["its modulus has a factor below 65536"]),
    ("roca", ["CVE-2017-15361"]),
    ("even-exponent", ["its exponent is not an odd number"]),
    ("huge-rsa", ["its modulus is longer than 16384 bits"]),
    ("off-curve", ["its x and y are no point of the curve P-256"]),
    ("wrong-alg", ['its alg "RS256" contradicts the key']),
    ("wrong-crv", ["is refused"]),
    ("kid-number", ["its kid is not a string"]),
    ("kid-empty", ["its kid is empty"]),
    ("kid-long", ["its kid is longer than 256 bytes"]),
    ("kid-control", ["its kid", "has a character that cannot be seen"]),
    ("same-kid", ["two different keys have the kid"]),
    ("enc-only", ["the set has no usable key; left out: 1 by use_enc"]),
    ("standard-alphabet", ['its member "x" is not base64url', "standard base64 alphabet"]),
    ("tail-bits", ['its member "x" is not base64url', "bits that should be zero"]),
]


@scenario(core=True)
def key_sets_that_are_refused(stage):
    cluster = stage.cluster("rsa2048,p256")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', JWKS)
    stage.apply()
    for body, parts in REFUSED:
        cluster.fault(body, target="keys")
        before = stage.state_bytes()
        result = stage.run("apply", "-json", "-input=false", "-auto-approve")
        errors = stage.expect_error(result, f"{cluster.url}/openid/v1/jwks", *parts)
        check_equal(stage.state_bytes(), before, f"the state after {body}")
        check(errors[0]["summary"] == "Cannot read k8soidc_jwks", f"summary {errors[0]['summary']!r}")
        text = sentence(errors[0])
        check(len(text) < 1500 and "\n" not in errors[0]["detail"].strip(), f"the error is no short sentence\n{text}")


@scenario
def private_members_anywhere(stage):
    """Not only in the first key, and not only in keys."""
    cluster = stage.cluster("p256")
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', JWKS)
    stage.apply()
    good = json.loads(stage.outputs()["json"])["keys"][0]
    canary = "Q0FOQVJZLXByaXZhdGUta2V5LW1hdGVyaWFs"
    stage.canaries.append(canary)
    for member in ("d", "p", "q", "dp", "dq", "qi", "k", "priv"):
        cluster.fault(json.dumps({"keys": [good, dict(good, kid="second", **{member: canary})]}))
        stage.expect_refused(f'its member "{member}" is private')
    cluster.fault(json.dumps({"keys": [good, dict(good, kid="second", oth=[{"r": canary}])]}))
    stage.expect_refused('its member "oth" is private')
    cluster.fault(json.dumps({"keys": [good, {"kty": "new", "kid": "n", "priv": canary}]}))
    stage.expect_refused('its member "priv" is private')
    cluster.fault(json.dumps({"keys": [good, {"kty": "oct", "kid": "n"}]}))
    stage.expect_refused("its kty is oct", "must never be published")
    cluster.fault(json.dumps({"keys": [good], "old": {"kty": "RSA", "d": canary}}))
    stage.expect_refused("private")


@scenario(core=True)
def key_sets_that_are_taken(stage):
    cluster = stage.cluster("rsa2048,p256")
    body = 'data "k8soidc_jwks" "it" {}\noutput "it" {\n  value = data.k8soidc_jwks.it\n}\n'
    stage.configure(f'config_path = "{cluster.path("kubeconfig")}"', body)

    def taken(name):
        cluster.fault(name, target="keys")
        result = stage.apply()
        return stage.outputs()["it"], result

    it, result = taken("duplicate-key")
    check_equal((it["key_count"], [k["reason"] for k in it["ignored_keys"]]), (2, ["duplicate"]), "keys, ignored")
    it, result = taken("no-kid")
    check_equal(it["key_count"], 3, "keys")
    check(it["keys"][0]["kid"] in (None, ""), "a key without kid comes first")
    check_equal(it["keys"][0]["kid_derivation"], "missing", "kid_derivation")
    it, result = taken("enc-too")
    check_equal((it["key_count"], [k["reason"] for k in it["ignored_keys"]]), (2, ["use_enc"]), "keys, ignored")
    it, result = taken("unknown-type")
    unknown = next(key for key in it["keys"] if key["kty"] == "AKP")
    check_equal((it["key_count"], unknown["alg"], unknown["kid_derivation"]), (3, "ML-DSA-44", "other"), "AKP")
    check_equal(result.warnings(), [], "warnings")
    it, result = taken("unknown-only")
    check(any("unchecked" in sentence(w) for w in result.warnings()), f"no warning about unknown types\n{result}")
    it, result = taken("padding")
    check_equal((it["key_count"], "=" in it["json"]), (3, False), "keys, padding")
    it, result = taken("backquotes")
    check("\n" not in it["json"], "json has more than one line")
    keys = json.loads(it["json"])["keys"]
    without = [{name: value for name, value in key.items() if name != "kid"} for key in keys]
    cluster.fault(json.dumps({"keys": without}))
    result = stage.apply()
    check(any("no kid" in sentence(w) for w in result.warnings()), f"no warning about missing kids\n{result}")
