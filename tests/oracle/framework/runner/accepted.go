package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
)

// accepted is a difference that is meant to be: which answers, where in them, and what both say, as regular expressions
// that must match the whole text.
type accepted struct {
	Reason string `json:"reason"`
	Test   string `json:"test"`
	At     string `json:"at"`
	Go     string `json:"go"`
	Cpp    string `json:"cpp"`
	// The protocol that it must occur in; 0 for both.
	Protocol int `json:"protocol"`

	test, at, reference, other *regexp.Regexp
	used                       int
}

func readAccepted(file string) ([]*accepted, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	entries := []*accepted{}
	if err := json.Unmarshal(text, &entries); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for i, entry := range entries {
		if entry.Reason == "" || entry.Test == "" || entry.At == "" || entry.Go == "" || entry.Cpp == "" {
			return nil, fmt.Errorf("%s: entry %d must have reason, test, at, go and cpp", file, i+1)
		}
		for pattern, compiled := range map[*string]**regexp.Regexp{&entry.Test: &entry.test, &entry.At: &entry.at, &entry.Go: &entry.reference, &entry.Cpp: &entry.other} {
			if *compiled, err = regexp.Compile("^(?s:" + *pattern + ")$"); err != nil {
				return nil, fmt.Errorf("%s: entry %d: %w", file, i+1, err)
			}
		}
	}
	return entries, nil
}

func isAccepted(entries []*accepted, test string, found difference) bool {
	for _, entry := range entries {
		if entry.test.MatchString(test) && entry.at.MatchString(found.at) && entry.reference.MatchString(found.reference) && entry.other.MatchString(found.other) {
			entry.used++
			return true
		}
	}
	return false
}
