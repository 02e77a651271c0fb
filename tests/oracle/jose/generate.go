package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

type generatedSet struct {
	Name string `json:"name"`
	Jwks string `json:"jwks"`
	// Whether the set must be refused.
	Refused bool `json:"refused"`
}

// generatedSets are made of keys that are new at every run, so that over the runs coordinates and moduli of every
// shape occur; many of the cheap kinds, so that leading zero bytes are sure to.
func generatedSets() []generatedSet {
	var rsaKeys, others []jose.JSONWebKey
	for _, size := range []int{2048, 2048, 2049, 2056, 2560, 3072, 4096} {
		key, err := rsa.GenerateKey(rand.Reader, size)
		must(err)
		rsaKeys = append(rsaKeys, jwk(key, key.Public(), "RS256"))
	}
	for curve, alg := range map[elliptic.Curve]string{elliptic.P256(): "ES256", elliptic.P384(): "ES384", elliptic.P521(): "ES512"} {
		for range 200 {
			key, err := ecdsa.GenerateKey(curve, rand.Reader)
			must(err)
			others = append(others, jwk(key, key.Public(), alg))
		}
	}
	for range 100 {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		must(err)
		others = append(others, jwk(private, public, "EdDSA"))
	}

	// As kube-apiserver serves them: public halves, the signing key first.
	sets := []generatedSet{setOf("RSA", public(rsaKeys)), setOf("EC and Ed25519", public(others))}
	// With other names and without what may be missing.
	bare := public(append(append([]jose.JSONWebKey{}, rsaKeys...), others...))
	for i := range bare {
		bare[i].KeyID, bare[i].Algorithm = fmt.Sprintf("key %d", i), ""
		if i%2 == 0 {
			bare[i].Use = ""
		}
	}
	sets = append(sets, setOf("all, with numbers for kids", bare))
	// A private key among public ones.
	for i, key := range []jose.JSONWebKey{rsaKeys[0], others[0], others[len(others)-1]} {
		leaked := setOf(fmt.Sprintf("private key %d", i), append(public(rsaKeys[1:3]), key))
		leaked.Refused = true
		sets = append(sets, leaked)
	}
	return sets
}

// jwk is a private key, named as kube-apiserver names its public half.
func jwk(private any, public any, alg string) jose.JSONWebKey {
	return jose.JSONWebKey{Key: private, KeyID: kubernetesKid(public), Algorithm: alg, Use: "sig"}
}

func public(keys []jose.JSONWebKey) []jose.JSONWebKey {
	var halves []jose.JSONWebKey
	for _, key := range keys {
		halves = append(halves, key.Public())
	}
	return halves
}

func setOf(name string, keys []jose.JSONWebKey) generatedSet {
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: keys})
	must(err)
	return generatedSet{Name: name, Jwks: string(text)}
}
