// The oracle for JWK Sets: go-jose, which kube-apiserver itself writes them with.
//
//	describe   reads a JWK Set on each line of stdin, as a JSON string, and says what go-jose makes of its keys
//	generate   JWK Sets of new keys, one per line, as kube-apiserver writes them and in other shapes
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/go-jose/go-jose/v4"
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := json.NewEncoder(out)
	// go-jose reads no more than 4096 unless told otherwise.
	jose.MaxRSAModulusBits = 16384
	switch command := append(os.Args, "")[1]; command {
	case "describe":
		in := bufio.NewScanner(os.Stdin)
		in.Buffer(nil, 16<<20)
		for in.Scan() {
			var text string
			must(json.Unmarshal(in.Bytes(), &text))
			must(lines.Encode(describe([]byte(text))))
		}
		must(in.Err())
	case "generate":
		for _, set := range generatedSets() {
			must(lines.Encode(set))
		}
	default:
		fmt.Fprintln(os.Stderr, "usage: jose describe|generate")
		os.Exit(2)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
