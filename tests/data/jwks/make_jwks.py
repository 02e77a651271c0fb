#!/usr/bin/env python3
"""Writes the JWK Sets in this directory, each with the canonical bytes it must give.

The keys are throwaway ones, made from a fixed seed, so that a second run writes the same files; their private halves
are never stored. The canonical form is written here a second time, from the numbers of the keys rather than from their
JSON, so that it is a second opinion and not a recording. Key identifiers are checked against the recipe that
kube-apiserver follows, with the openssl command.

Needs Python 3 with the package `cryptography`, and `openssl` on PATH. Run it in this directory.
"""

import base64
import hashlib
import json
import math
import pathlib
import random
import subprocess

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

HERE = pathlib.Path(__file__).parent
RANDOM = random.Random("k8soidc test keys, not for use")
SMALL_PRIMES = [p for p in range(3, 65536, 2) if all(p % d for d in range(3, math.isqrt(p) + 1, 2))]


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, width=None):
    return value.to_bytes(width or (value.bit_length() + 7) // 8, "big")


# --- keys ---------------------------------------------------------------------------------------------------------


def is_prime(n):
    if any(n % p == 0 for p in SMALL_PRIMES[:500]):
        return False
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(8):
        x = pow(RANDOM.randrange(2, n - 1), odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def prime(bits):
    while True:
        n = RANDOM.getrandbits(bits) | 1 | (3 << (bits - 2))
        if is_prime(n):
            return n


def modulus(bits, primes=2):
    """A product of exactly `bits` bits; more than two primes are quicker to find, and nothing can tell."""
    n = math.prod(prime(bits // primes) for _ in range(primes - 1))
    while True:
        p = RANDOM.randrange(2 ** (bits - 1) // n + 1, 2**bits // n) | 1
        if is_prime(p):
            return n * p


def roca_modulus(bits):
    """Both primes are k*M + 65537^a mod M, as CVE-2017-15361 describes."""
    m = 2 * math.prod(SMALL_PRIMES[:125])
    while True:
        factors = []
        while len(factors) < 2:
            p = RANDOM.getrandbits(bits // 2 - m.bit_length()) * m + pow(65537, RANDOM.getrandbits(64), m)
            if p.bit_length() == bits // 2 and is_prime(p):
                factors.append(p)
        if (factors[0] * factors[1]).bit_length() == bits:
            return factors[0] * factors[1]


def spki(public):
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


class Key:
    """A public key: `material` is its members in canonical form, `public` what OpenSSL makes of its numbers."""

    def __init__(self, kty, bits, material, public):
        self.kty, self.bits, self.material, self.public = kty, bits, material, public

    def der(self):
        return spki(self.public)

    def kid(self):
        """What kube-apiserver calls this key; openssl must agree."""
        kid = b64(hashlib.sha256(self.der()).digest())
        pem = self.public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=pem, capture_output=True, check=True)
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-binary"], input=der.stdout, capture_output=True, check=True)
        assert kid == b64(digest.stdout), "openssl derives another kid"
        return kid

    def thumbprint(self):
        return b64(hashlib.sha256(dump({**self.material, "kty": self.kty})).digest())

    def jwk(self, **members):
        return {"kty": self.kty, **self.material, **members}


def rsa_key(bits, primes=2, n=None):
    n = n or modulus(bits, primes)
    return Key("RSA", bits, {"n": b64(number(n)), "e": "AQAB"}, rsa.RSAPublicNumbers(65537, n).public_key())


def ec_key(curve, crv, want_short_x=False):
    width = (curve.key_size + 7) // 8
    while True:
        private = ec.derive_private_key(RANDOM.getrandbits(curve.key_size - 8) + 1, curve)
        at = private.public_key().public_numbers()
        if want_short_x and at.x.bit_length() > 8 * (width - 1):
            continue
        material = {"crv": crv, "x": b64(number(at.x, width)), "y": b64(number(at.y, width))}
        return Key("EC", curve.key_size, material, private.public_key())


def ed25519_key():
    public = ed25519.Ed25519PrivateKey.from_private_bytes(RANDOM.randbytes(32)).public_key()
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return Key("OKP", 256, {"crv": "Ed25519", "x": b64(raw)}, public)


# --- files --------------------------------------------------------------------------------------------------------


def dump(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def canonical(jwks):
    """`jwks` must hold nothing but members that are kept, in canonical form, no key twice."""

    def order(jwk):
        required = {"RSA": "e kty n", "EC": "crv kty x y", "OKP": "crv kty x", "AKP": "alg kty pub"}.get(jwk["kty"])
        print_ = b64(hashlib.sha256(dump({m: jwk[m] for m in required.split()})).digest()) if required else ""
        return ("kid" in jwk, jwk.get("kid", "").encode(), print_, dump(jwk))

    return b'{"keys":[' + b",".join(dump(jwk) for jwk in sorted(jwks, key=order)) + b"]}"


def write(name, served, kept):
    """`served` is the text of a server, or a document; `kept` the keys that must come out."""
    text = served if isinstance(served, str) else json.dumps(served)
    (HERE / f"{name}.json").write_bytes(text.encode())
    (HERE / f"{name}.canonical.json").write_bytes(canonical(kept))


def write_refused(name, jwk):
    (HERE / "refused" / f"{name}.json").write_bytes(json.dumps({"keys": [{"kid": name, **jwk}]}).encode())


def main():
    rsa_a, rsa_b = rsa_key(2048), rsa_key(2048)
    rsa_3072, rsa_4096, rsa_16384 = rsa_key(3072), rsa_key(4096), rsa_key(16384, primes=16)
    p256, p384, p521 = ec_key(ec.SECP256R1(), "P-256"), ec_key(ec.SECP384R1(), "P-384"), ec_key(ec.SECP521R1(), "P-521")
    short = ec_key(ec.SECP256R1(), "P-256", want_short_x=True)
    ed = ed25519_key()
    akp = {"kty": "AKP", "alg": "ML-DSA-44", "pub": b64(RANDOM.randbytes(1312))}

    # kube-apiserver: the key it signs with first, then an elder one that sorts before it.
    by_kid = sorted([rsa_a, rsa_b], key=lambda key: key.kid(), reverse=True)
    served = [{"use": "sig", "kty": "RSA", "kid": k.kid(), "alg": "RS256", **k.material} for k in by_kid]
    write("kube_apiserver_rsa", {"keys": served}, served)
    served = [{"use": "sig", "kty": "EC", "kid": k.kid(), "alg": alg, **k.material}
              for k, alg in [(p521, "ES512"), (p256, "ES256"), (p384, "ES384")]]
    write("kube_apiserver_ec", {"keys": served}, served)

    # Every type and size, with what other issuers add, and some white space.
    keys = [("rsa-2048", rsa_a), ("rsa-3072", rsa_3072), ("rsa-4096", rsa_4096), ("rsa-16384", rsa_16384),
            ("p-256", p256), ("p-384", p384), ("p-521", p521), ("ed25519", ed), (p384.kid(), p384), (None, rsa_b)]
    named = [key.jwk(**({"kid": kid} if kid else {})) for kid, key in keys]
    decorated = [{"x5t": "AAAA", "status": "ACTIVE", "nbf": 1700000000, **jwk, "x5c": []} for jwk in named]
    write("all_types", json.dumps({"keys": decorated, "cacheHeader": "max-age=300"}, indent=4) + "\n", named)
    facts = [{"kid": kid, "kty": key.kty, "bits": key.bits, "thumbprint": key.thumbprint(),
              "spki_sha256": hashlib.sha256(key.der()).hexdigest(),
              "pem": key.public.public_bytes(serialization.Encoding.PEM,
                                             serialization.PublicFormat.SubjectPublicKeyInfo).decode(),
              "kid_derivation": "missing" if kid is None else "kubernetes" if kid == key.kid() else "other"}
             for kid, key in keys]
    (HERE / "all_types.facts.json").write_text(json.dumps(facts, indent=1) + "\n")

    # Numbers as sloppy encoders write them.
    n = base64.urlsafe_b64decode(rsa_a.material["n"] + "==")
    x = base64.urlsafe_b64decode(short.material["x"] + "==")
    sloppy = [
        rsa_a.jwk(kid="zero", n=b64(b"\0" + n), e="AAEAAQ"),
        rsa_a.jwk(kid="padded", n=base64.urlsafe_b64encode(n).decode(), e=base64.urlsafe_b64encode(b"\0\1\0\1").decode()),
        short.jwk(kid="short", x=b64(x.lstrip(b"\0"))),
        short.jwk(kid="long", x=b64(b"\0\0\0" + x)),
        short.jwk(kid="padded-ec", x=short.material["x"] + "="),
        ed.jwk(kid="padded-ed", x=ed.material["x"] + "="),
    ]
    write("sloppy_numbers", {"keys": sloppy},
          [rsa_a.jwk(kid="zero"), rsa_a.jwk(kid="padded"), short.jwk(kid="short"), short.jwk(kid="long"),
           short.jwk(kid="padded-ec"), ed.jwk(kid="padded-ed")])

    # Kids: none; the same key with and without one (the EKS webhook's trick); with two; with two algorithms.
    kids = [rsa_a.jwk(kid="b"), rsa_a.jwk(), rsa_b.jwk(), rsa_a.jwk(kid="a"), rsa_a.jwk(kid="a", alg="RS256"),
            rsa_a.jwk(kid="a", alg="PS256")]
    write("kids", {"keys": kids + [kids[0], kids[1]]}, kids)
    strange = [rsa_a.jwk(kid=kid) for kid in
               ["\u00e9", "e\u0301", "z", "Z", "~", "\"\\/", "\U0001F511", "\uffe5", "k" * 256, "<&>"]]
    write("strange_kids", {"keys": strange}, strange)

    # Issuers by name.
    enc = rsa_b.jwk(kid="enc", use="enc", alg="RSA-OAEP")
    sig = rsa_a.jwk(kid="sig", use="sig", alg="RS256")
    write("keycloak", {"keys": [enc, {**sig, "x5c": ["MIIC"], "x5t": "AA", "x5t#S256": "AA"}]}, [sig])
    entra = rsa_a.jwk(kid="e", use="sig")
    write("entra", {"keys": [{**entra, "x5t": "e", "x5c": ["MIIC"], "cloud_instance_name": "microsoftonline.com",
                              "issuer": "https://login.example/v2.0"}]}, [entra])
    gke = rsa_a.jwk(kid="g", use="sig", alg="RS256")
    write("gke", {"keys": [{**gke, "crv": "", "x": "", "y": ""}], "cacheHeader": {"directives": ["max-age=1"], "k": 1}}, [gke])
    spire = [p256.jwk(kid="s1"), rsa_a.jwk(kid="s2")]
    write("spire", {"keys": spire}, spire)
    spiffe = [p256.jwk(use="x509-svid"), p384.jwk(use="jwt-svid", kid="j")]
    write("spiffe_bundle", {"keys": spiffe, "spiffe_sequence": 12, "spiffe_refresh_hint": 2419200}, spiffe)
    nulls = rsa_a.jwk(kid="nulls")
    write("null_members", {"keys": [{**nulls, "alg": None, "use": None, "key_ops": None, "x": None, "x5c": None}]}, [nulls])
    operations = [rsa_a.jwk(kid="o", key_ops=["sign", "verify"])]
    write("key_ops", {"keys": [{**operations[0], "key_ops": ["verify", "sign", "verify"]},
                               rsa_b.jwk(kid="w", key_ops=["wrapKey", "encrypt"])]}, operations)

    # A type we do not know keeps what it came with.
    future = {**akp, "kid": "m", "use": "sig", "note": "caf\u00e9 \u2028 \u0001 / <", "nested": {"b": [1, 2.5, None], "a": {}}}
    other = {"kty": "X-LATTICE", "kid": "l", "seedless": True, "x": "not+base64/at all="}
    write("unknown_types", {"keys": [{**future, "x5c": ["MIIC"], "x5u": "https://certs.example"}, other,
                                     rsa_a.jwk(kid="r")]}, [future, other, rsa_a.jwk(kid="r")])
    write("only_unknown", {"keys": [akp]}, [akp])

    # With extra_members.
    extra = rsa_a.jwk(kid="x", x5t="AA", x5c=["MIIC"], nbf=1, note={"b": 1.5, "a": [None, "\u00fc"]})
    write("extra_members", {"keys": [extra], "dropped": True}, [extra])

    # Keys that are none.
    n = modulus(2048)
    write_refused("rsa_even", {"kty": "RSA", "n": b64(number(n - 1)), "e": "AQAB"})
    for p in (3, 257, 65521):
        m = n - n % p
        m = m if m % 2 else m + p
        write_refused(f"rsa_factor_{p}", {"kty": "RSA", "n": b64(number(m)), "e": "AQAB"})
    write_refused("rsa_roca", {"kty": "RSA", "n": b64(number(roca_modulus(2048))), "e": "AQAB"})
    write_refused("rsa_1024", {"kty": "RSA", "n": b64(number(modulus(1024))), "e": "AQAB"})
    write_refused("rsa_2047", {"kty": "RSA", "n": b64(number(modulus(2047))), "e": "AQAB"})
    write_refused("rsa_16385", {"kty": "RSA", "n": b64(number(1 << 16384 | 1)), "e": "AQAB"})
    y = int.from_bytes(base64.urlsafe_b64decode(p256.material["y"] + "=="), "big")
    write_refused("p256_off_curve", {**p256.jwk(), "y": b64(number(y ^ 1, 32))})
    write_refused("p256_zero", {**p256.jwk(), "x": b64(bytes(32)), "y": b64(bytes(32))})
    write_refused("p256_numbers_as_p384", {**p256.jwk(), "crv": "P-384"})
    write_refused("p384_numbers_as_p256", {**p384.jwk(), "crv": "P-256"})
    k256 = ec_key(ec.SECP256K1(), "secp256k1")
    write_refused("secp256k1", k256.jwk())
    write_refused("secp256k1_as_p256", {**k256.jwk(), "crv": "P-256"})
    at = p521.public.public_numbers()
    write_refused("p521_x_plus_p", {**p521.jwk(), "x": b64(number(at.x + 2**521 - 1, 66))})

    # Edwards25519: the eight points of low order, in every encoding of y that some decoder takes; then no point at all.
    p = 2**255 - 19
    d = -121665 * pow(121666, -1, p) % p
    root = pow(2, (p - 1) // 4, p)

    def sqrt(a):
        r = pow(a, (p + 3) // 8, p)
        r = r if r * r % p == a else r * root % p
        return r if r * r % p == a else None

    eighth = next(y for y in (sqrt(t) for t in
                              [(1 + s * sqrt((1 + d) % p)) * pow(-d, -1, p) % p for s in (1, -1) if sqrt((1 + d) % p)])
                  if y) if sqrt((1 + d) % p) else None
    low = {0, 1, p - 1, p, p + 1}
    if eighth:
        low |= {eighth, p - eighth}
    low_encodings = sorted(b64((y | sign << 255).to_bytes(32, "little")) for y in low for sign in (0, 1))
    assert eighth and len(low_encodings) == 14
    (HERE / "refused" / "ed25519_low_order_points.json").write_text(json.dumps(low_encodings, indent=1) + "\n")
    undecodable = next(y for y in range(2, 100) if sqrt((y * y - 1) * pow(d * y * y + 1, -1, p) % p) is None)
    write_refused("ed25519_no_point", {"kty": "OKP", "crv": "Ed25519", "x": b64(undecodable.to_bytes(32, "little"))})
    write_refused("ed25519_y_above_p", {"kty": "OKP", "crv": "Ed25519", "x": b64((p + 3).to_bytes(32, "little"))})
    write_refused("ed25519_31_bytes", {"kty": "OKP", "crv": "Ed25519", "x": b64(bytes(range(1, 32)))})
    write_refused("x25519", {"kty": "OKP", "crv": "X25519", "x": ed.material["x"]})


main()
