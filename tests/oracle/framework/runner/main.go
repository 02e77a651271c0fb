// The runner asks two providers the same, as Terraform would, and says where their answers differ.
//
//	runner -reference GO_TWIN -other CPP_TWIN [-accepted FILE] [-protocol 5] [-only REGEXP] [-show] [-texts]
//
// One line for each difference. Exit code 0 when there are none but the accepted ones, each of which must occur, and when
// enough was asked.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/hashicorp/go-plugin"
)

const (
	fewestTests = 300
	longestText = 400
)

func main() {
	reference := flag.String("reference", "", "the provider that is right")
	other := flag.String("other", "", "the provider that is tested")
	altered := flag.Bool("altered", false, "ask the other provider to answer wrongly")
	acceptedFile := flag.String("accepted", "", "JSON of the differences that are meant to be")
	protocol := flag.Int("protocol", 6, "5 or 6")
	only := flag.String("only", "", "run the tests that match, only")
	show := flag.Bool("show", false, "print all answers of the other provider")
	flag.BoolVar(&texts, "texts", false, "print all diagnostics while they are read")
	flag.Parse()
	code, err := run(*reference, *other, *acceptedFile, *protocol, *only, *altered, *show)
	plugin.CleanupClients()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(code)
}

func run(reference, other, acceptedFile string, protocol int, only string, altered, show bool) (int, error) {
	chosen, err := regexp.Compile(only)
	if err != nil {
		return 0, err
	}
	entries, err := readAccepted(acceptedFile)
	if err != nil {
		return 0, err
	}
	a := &provider{name: "go", program: reference, protocol: protocol, ready: configure}
	b := &provider{name: "cpp", program: other, protocol: protocol, ready: configure}
	if altered {
		b.settings = append(b.settings, "TWIN_ALTERED=1")
	}
	for _, p := range []*provider{a, b} {
		if err := p.start(); err != nil {
			return 0, err
		}
	}
	ours, err := readSchemas(a)
	if err != nil {
		return 0, err
	}
	theirs, err := readSchemas(b)
	if err != nil {
		return 0, err
	}

	setup := &talk{provider: a, schemas: ours}
	tests := append(append(picked(), generated(setup)...), bad(setup)...)
	ran, answers, different, waved := 0, 0, 0, 0
	left := map[string]int{}
	for _, test := range tests {
		if !chosen.MatchString(test.name) || !ours.has(test.about) {
			continue
		}
		if !theirs.has(test.about) {
			left[test.about]++
			continue
		}
		ran++
		as, bs := answersOf(test, a, ours), answersOf(test, b, ours)
		for i, answer := range as {
			answers++
			name := test.name + " " + answer.name
			if show && i < len(bs) {
				fmt.Printf("%s\n  go  %s\n  cpp %s\n", name, shown(answer.tree), shown(bs[i].tree))
			}
			if i >= len(bs) || bs[i].name != answer.name {
				break // a difference in an earlier answer, which was told
			}
			if shown(bs[i].tree["failed"]) == errDied.Error() {
				different++
				fmt.Printf("%s: cpp died; go %s\n", name, cut(shown(answer.tree)))
				continue
			}
			for _, found := range differences("", answer.tree, bs[i].tree) {
				if isAccepted(entries, name, found) {
					waved++
					continue
				}
				different++
				fmt.Printf("%s: %s: go %s, cpp %s\n", name, found.at, cut(found.reference), cut(found.other))
			}
		}
	}
	for about, count := range left {
		different++
		fmt.Printf("%s: cpp does not have it: %d tests are left out\n", about, count)
	}
	for i, entry := range entries {
		if entry.used == 0 && only == "" && (entry.Protocol == 0 || entry.Protocol == protocol) {
			different++
			fmt.Printf("accepted difference %d does not occur (%s)\n", i+1, entry.Reason)
		}
	}
	fmt.Printf("protocol %d: %d tests, %d answers, %d differences, %d accepted ones\n", protocol, ran, answers, different, waved)
	if only == "" && ran < fewestTests {
		fmt.Printf("fewer than %d tests ran\n", fewestTests)
		return 1, nil
	}
	return min(different, 1), nil
}

// configure makes a provider ready for everything.
func configure(p *provider) error {
	schemas, err := readSchemas(p)
	if err != nil {
		return err
	}
	config := schemas.provider.value(`{"endpoint": "here"}`)
	_, err = p.call("ConfigureProvider", map[string]any{"terraform_version": "1.13.0", "config": encoded(config, config.Type())})
	return err
}

func cut(text string) string {
	if len(text) > longestText {
		text = text[:longestText] + "…"
	}
	return strings.ReplaceAll(text, "\n", `\n`)
}

func (s *schemas) has(about string) bool {
	_, isResource := s.resources[about]
	_, isSource := s.dataSources[about]
	return about == "" || about == "twin_no_such" || isResource || isSource || s.functions[about] != nil
}

// answersOf runs a test with one provider.
func answersOf(test test, p *provider, ours *schemas) []step {
	t := &talk{provider: p, schemas: ours}
	if test.about == "twin_no_such" {
		with := *ours
		with.resources = map[string]block{"twin_no_such": {}}
		t.schemas = &with
	}
	test.run(t)
	return t.answers
}
