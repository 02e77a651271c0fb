package main

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"
)

// bad are requests that Terraform would not send.
func bad(t *talk) []test {
	garbage := map[string][]byte{
		"cut off": {0x81, 0xa4}, "a text": {0xa1, 'x'}, "an array": {0x91, 0x01}, "no members": {0x80}, "a member too many": {0x81, 0xa4, 'm', 'o', 'r', 'e', 0x01},
		"reserved byte": {0xc1}, "unknown": {0xd4, 0x00, 0x00}, "null": {0xc0}, "nothing": {},
	}
	tests := []test{}
	for _, resource := range []string{"twin_scalars", "twin_blocks", "twin_no_such"} {
		about := resource
		if resource == "twin_no_such" {
			about = ""
		}
		for what, bytes := range garbage {
			of := kinds{state: cty.DynamicPseudoType}
			if about != "" {
				of = t.kinds(resource)
			}
			ask := func(rpc string, fields map[string]any) {
				fields["type_name"] = resource
				tests = append(tests, test{fmt.Sprintf("bad/%s %s %s", rpc, resource, what), about, func(t *talk) { t.ask("ask", rpc, of, fields) }})
			}
			ask("ValidateResourceConfig", map[string]any{"config": bytes})
			ask("PlanResourceChange", map[string]any{"prior_state": []byte{0xc0}, "config": bytes, "proposed_new_state": bytes})
			ask("ReadResource", map[string]any{"current_state": bytes})
			ask("ApplyResourceChange", map[string]any{"prior_state": []byte{0xc0}, "planned_state": bytes, "config": bytes})
		}
	}
	for _, source := range []string{"twin_echo", "twin_no_such"} {
		about := source
		if source == "twin_no_such" {
			about = ""
		}
		for what, bytes := range garbage {
			of := kinds{state: cty.DynamicPseudoType}
			if about != "" {
				of.state = t.schemas.dataSources[source].implied()
			}
			for _, rpc := range []string{"ValidateDataResourceConfig", "ReadDataSource"} {
				tests = append(tests, test{fmt.Sprintf("bad/%s %s %s", rpc, source, what), about, func(t *talk) {
					t.ask("ask", rpc, of, map[string]any{"type_name": source, "config": bytes})
				}})
			}
		}
	}
	for _, private := range []string{"not JSON", `{"a": 1}`, `{"revision": "eyJuIjo0fQ=="}`, `{"revision": "not base64!"}`, `[]`, `null`, `{"revision": "bm90IEpTT04="}`} {
		tests = append(tests, test{"bad/private " + private, "twin_planned", func(t *talk) {
			schema := t.schemas.resources["twin_planned"]
			state := schema.value(`{"name": "n", "id": "i", "upper": "N", "revision": 1, "kept": 1, "zone": "z", "kept_zone": "k"}`)
			current := object{state: state, private: []byte(private)}
			t.read("read", "twin_planned", current)
			config := schema.value(`{"name": "m"}`)
			planned, answer := t.plan("plan", "twin_planned", current, config)
			if !failed(answer) {
				t.apply("apply", "twin_planned", state, planned, config)
			}
		}})
	}
	return tests
}
