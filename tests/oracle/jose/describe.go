package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"

	"github.com/go-jose/go-jose/v4"
)

// facts are what go-jose and Go's own crypto say of one key.
type facts struct {
	Kid        string `json:"kid"`
	Kty        string `json:"kty"`
	Alg        string `json:"alg"`
	Use        string `json:"use"`
	Crv        string `json:"crv"`
	N          string `json:"n"`
	E          string `json:"e"`
	X          string `json:"x"`
	Y          string `json:"y"`
	Bits       int    `json:"bits"`
	Thumbprint string `json:"thumbprint"`
	SpkiSha256 string `json:"spki_sha256"`
	Pem        string `json:"pem"`
	// What kube-apiserver derives the kid of this key as.
	KubernetesKid string `json:"kubernetes_kid"`
	Private       bool   `json:"private"`
	// Why go-jose refuses the key; then there is nothing else.
	Error string `json:"error,omitempty"`
}

type description struct {
	Keys  []facts `json:"keys"`
	Error string  `json:"error,omitempty"`
}

// describe reads the keys one by one, because go-jose refuses a set for one key that it does not know.
func describe(text []byte) description {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &set); err != nil {
		return description{Error: err.Error()}
	}
	keys := []facts{}
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		if err := key.UnmarshalJSON(raw); err != nil {
			keys = append(keys, facts{Error: err.Error()})
			continue
		}
		keys = append(keys, factsOf(key))
	}
	return description{Keys: keys}
}

func factsOf(key jose.JSONWebKey) facts {
	public := key.Public()
	if !public.Valid() {
		return facts{Error: "not a public key"}
	}
	// go-jose's own idea of the members.
	text, err := public.MarshalJSON()
	must(err)
	var f facts
	must(json.Unmarshal(text, &f))
	thumbprint, err := public.Thumbprint(crypto.SHA256)
	must(err)
	spki, err := x509.MarshalPKIXPublicKey(public.Key)
	must(err)
	digest := sha256.Sum256(spki)
	f.Thumbprint = base64.RawURLEncoding.EncodeToString(thumbprint)
	f.SpkiSha256 = hex.EncodeToString(digest[:])
	f.KubernetesKid = kubernetesKid(public.Key)
	f.Pem = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
	f.Bits = bits(public.Key)
	f.Private = !key.IsPublic()
	return f
}

// kubernetesKid is kube-apiserver's rule: SHA-256 of the SubjectPublicKeyInfo in DER, in base64url.
func kubernetesKid(public any) string {
	spki, err := x509.MarshalPKIXPublicKey(public)
	must(err)
	digest := sha256.Sum256(spki)
	return base64.RawURLEncoding.EncodeToString(digest[:])
}

func bits(public any) int {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen()
	case *ecdsa.PublicKey:
		return key.Params().BitSize
	case ed25519.PublicKey:
		return 8 * len(key)
	}
	return 0
}
