// The oracle for Terraform's values: go-cty, which Terraform itself encodes and decodes them with.
//
//	golden | widths | invalid | json_input   rows for tests/data/values, the same at every run
//	generate N SEED                          N random rows in the form of golden
//	mutate N SEED                            N random rows with a few bytes changed, most of them invalid
//	check                                    reads rows on stdin, says what go-cty makes of each
//
// Rows are JSON objects, one per line. The members are described in tests/data/values/README.md.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

func main() {
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	defer out.Flush()
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	write := func(rows []row) {
		for _, r := range rows {
			must(lines.Encode(r))
		}
	}

	args := append(os.Args[1:], "", "", "")
	switch args[0] {
	case "golden":
		write(goldenRows())
	case "widths":
		write(widthRows())
	case "invalid":
		write(invalidRows())
	case "json_input":
		write(jsonInputRows())
	case "generate":
		count, seed := countAndSeed(args[1:])
		write(generatedRows(count, seed, true))
	case "mutate":
		count, seed := countAndSeed(args[1:])
		write(mutatedRows(count, seed))
	case "check":
		must(check(os.Stdin, lines, out))
	default:
		fmt.Fprintln(os.Stderr, "usage: cty golden|widths|invalid|json_input|check|generate N SEED|mutate N SEED")
		os.Exit(2)
	}
}

func countAndSeed(args []string) (int, uint64) {
	count, err := strconv.Atoi(args[0])
	must(err)
	seed, err := strconv.ParseUint(args[1], 10, 64)
	must(err)
	return count, seed
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
