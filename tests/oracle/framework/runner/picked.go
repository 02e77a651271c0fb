package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"google.golang.org/protobuf/reflect/protoreflect"
)

type parameter = protoreflect.Message

// parsed is JSON whose numbers keep all their digits.
func parsed(text string) (value any) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		panic(fmt.Sprintf("%s: %v", text, err))
	}
	return value
}

// picked are the tests that were thought of one by one.
func picked() []test {
	tests := []test{
		{"schema", "", func(t *talk) { t.ask("all", "GetProviderSchema", kinds{}, nil) }},
		{"metadata", "", func(t *talk) { t.ask("all", "GetMetadata", kinds{}, nil) }},
		{"functions", "", func(t *talk) { t.ask("all", "GetFunctions", kinds{}, nil) }},
		{"identities", "", func(t *talk) { t.ask("all", "GetResourceIdentitySchemas", kinds{}, nil) }},
	}
	for _, name := range []string{"{}", `{"endpoint": "there"}`, `{"endpoint": "?"}`, `{"endpoint": ""}`, `{"endpoint": "nowhere"}`,
		`{"mode": "fast"}`, `{"mode": "else"}`, `{"mode": "?"}`, `{"retries": 3}`, `{"retries": 11}`, `{"retries": -1}`, `{"retries": "?"}`,
		`{"mode": "slow", "retries": 6}`, `{"mode": "slow", "retries": "?"}`, `{"mode": "else", "retries": 11}`, `{"legacy": true}`, `{"legacy": "?"}`, `{"token": "t"}`,
		`{"tags": {"a": "b"}}`, `{"tags": {"a": "?"}}`, `{"tags": {"a": null}}`, `{"limit": [{"what": "w"}]}`, `{"limit": [{"what": "w", "most": 3}, {"what": "?"}]}`,
		`{"limit": [{}]}`, `{"limit": "?"}`, `{"limit": [{"what": "a"}, {"what": "b"}, {"what": "c"}]}`} {
		tests = append(tests, providerConfig(name, name))
	}
	for _, how := range []string{"error", "error_at", "warn", "both", "deep", "fine"} {
		tests = append(tests, dataRead("trouble "+how, "twin_trouble", fmt.Sprintf(`{"how": %q}`, how)))
	}
	for name, configs := range lives {
		for i, life := range configs {
			tests = append(tests, chain(fmt.Sprintf("%s %d", name, i+1), name, life...))
		}
	}
	for _, how := range []string{"create", "create_partly", "warn", "gone", "read", "drift", "invalid", "doubtful", "plan", "plan_warn", "keep", "delete", "unknown"} {
		tests = append(tests, chain("failing "+how, "twin_failing", fmt.Sprintf(`{"name": "n", "how": %q}`, how)))
	}
	for _, how := range []string{"update", "update_partly", "plan", "gone", "keep", "delete"} {
		tests = append(tests, chain("failing later "+how, "twin_failing", `{"name": "n"}`, fmt.Sprintf(`{"name": "m", "how": %q}`, how)))
	}
	tests = append(tests,
		imported("scalars", "twin_scalars", "one", nil), imported("collections", "twin_collections", "one", nil), imported("nested", "twin_nested", "one", nil),
		imported("blocks", "twin_blocks", "one", nil), imported("none", "twin_scalars", "none", nil), imported("not importable", "twin_planned", "one", nil),
		imported("identity by id", "twin_identity", "r/n", nil), imported("identity malformed", "twin_identity", "r", nil),
		imported("no identity", "twin_scalars", "", nil),
		imported("by identity", "twin_identity", "", identified("r", "n", cty.NullVal(cty.Number))),
		imported("by whole identity", "twin_identity", "", identified("r", "n", cty.NumberIntVal(3))),
		imported("unknown type", "twin_no_such", "one", nil),

		upgraded("0", "twin_versioned", 0, `{"id": "i", "title": "t", "tags": "a,b"}`), upgraded("0 of another shape", "twin_versioned", 0, `{"id": {}}`),
		upgraded("1", "twin_versioned", 1, `{"id": "i", "name": "n", "tags": ["b", "a"]}`), upgraded("1 with null", "twin_versioned", 1, `{"id": "i", "name": "n", "tags": null}`),
		upgraded("1 with less", "twin_versioned", 1, `{"id": "i", "name": "n"}`), upgraded("1 with more", "twin_versioned", 1, `{"id": "i", "name": "n", "tags": null, "more": 1}`),
		upgraded("1 of another shape", "twin_versioned", 1, `{"id": "i", "name": ["n"], "tags": null}`), upgraded("1 not JSON", "twin_versioned", 1, `{`),
		upgraded("2", "twin_versioned", 2, `{"id": "i", "name": "n", "tags": ["a"]}`), upgraded("2 with less", "twin_versioned", 2, `{"id": "i", "name": "n"}`),
		upgraded("2 with more", "twin_versioned", 2, `{"id": "i", "name": "n", "tags": null, "more": {"a": [1]}}`),
		upgraded("2 with a number for text", "twin_versioned", 2, `{"id": "i", "name": 5, "tags": null}`), upgraded("2 of another shape", "twin_versioned", 2, `{"id": "i", "name": "n", "tags": {"a": "b"}}`),
		upgraded("2 not an object", "twin_versioned", 2, `[]`), upgraded("2 null", "twin_versioned", 2, `null`), upgraded("2 not JSON", "twin_versioned", 2, `{`),
		upgraded("3", "twin_versioned", 3, `{"id": "i", "name": "n", "tags": null}`), upgraded("no upgrader", "twin_scalars", 1, `{"id": "i", "name": "n"}`),
		upgraded("unknown type", "twin_no_such", 0, `{}`), upgraded("dynamic", "twin_dynamic", 0, `{"id": "i", "name": "n", "must": {"type": "string", "value": "x"}, "any": {"type": ["list", "number"], "value": [1, 2]}, "free": null}`),
		upgraded("empty", "twin_versioned", 2, ``),

		moved("with schema", "example/other", "other_thing", 0, `{"id": "i", "label": "l"}`), moved("another version", "example/other", "other_thing", 1, `{"id": "i", "label": "l"}`),
		moved("another shape", "example/other", "other_thing", 0, `{"id": "i", "label": ["l"]}`), moved("as JSON", "example/raw", "raw_thing", 0, `{"key": "k"}`),
		moved("with more", "example/other", "other_thing", 0, `{"id": "i", "label": "l", "more": 1}`),
		moved("another provider", "example/other", "raw_thing", 0, `{"key": "k"}`), moved("another type", "example/other", "no_such", 0, `{}`), moved("not JSON", "example/raw", "raw_thing", 0, `{`),

		upgradedIdentity("0", 0, `{"path": "r/n"}`), upgradedIdentity("0 of another shape", 0, `{"path": ["r"]}`), upgradedIdentity("1", 1, `{"region": "r", "name": "n", "shard": 1}`),
		upgradedIdentity("1 with less", 1, `{"region": "r"}`), upgradedIdentity("2", 2, `{"region": "r", "name": "n", "shard": null}`), upgradedIdentity("not JSON", 0, `{`),
	)
	tests = append(tests, calls()...)
	sort.SliceStable(tests[4:], func(i, j int) bool { return tests[4+i].name < tests[4+j].name })
	return tests
}

func identified(region, name string, shard cty.Value) map[string]cty.Value {
	return map[string]cty.Value{"region": cty.StringVal(region), "name": cty.StringVal(name), "shard": shard}
}

func calls() []test {
	return []test{
		called("join", `","`), called("join", `","`, `"a"`), called("join", `","`, `"a"`, `"b"`, `"c"`), called("join", `","`, `"a"`, "null"), called("join", "null", `"a"`),
		called("join", `"?"`), called("join", `","`, `"?"`), called("or_else", "null", `"b"`), called("or_else", `"a"`, `"b"`), called("or_else", `"a"`, "null"), called("or_else", `"?"`, `"b"`),
		called("is_known", `"?"`), called("is_known", "null"), called("is_known", `"a"`),
		called("same", `"a"`), called("same", "1.5"), called("same", "true"), called("same", `["a", 1]`), called("same", `{"a": [true], "b": {"c": null}}`), called("same", "null"), called("same", `[]`), called("same", `{}`),
		called("same", "123456789012345678901234567890.5"),
		called("sum", "[]"), called("sum", "[1, 2, 3]"), called("sum", "null"), called("sum", "[1, null]"), called("sum", "[1.5]"), called("sum", "[1e30]"),
		called("swap", `{"left": "a", "right": 2}`), called("swap", `{"left": null, "right": 2}`), called("swap", `{"left": "a", "right": 2.5}`), called("swap", "null"),
		called("half", "1", "4"), called("half", "1", "5"), called("half", "0", "4"), called("half", "1", "4.5"), called("half", "3e9", "4"), called("half", "3e9", "4.5"), called("half", "1", "1e40"),
		called("lengths"), called("lengths", `["a", "bc"]`), called("lengths", `["a"]`, `["bcd", "e"]`), called("lengths", `[]`), called("lengths", `["a", null]`), called("lengths", "null"),
		{"function/no such", "", func(t *talk) {
			t.ask("call", "CallFunction", kinds{state: cty.String}, map[string]any{"name": "no_such"})
		}},
		{"function/too few", "half", func(t *talk) {
			t.ask("call", "CallFunction", kinds{state: cty.Number}, map[string]any{"name": "half", "arguments": [][]byte{{1}}})
		}},
		{"function/none of two", "half", func(t *talk) {
			t.ask("call", "CallFunction", kinds{state: cty.Number}, map[string]any{"name": "half"})
		}},
		{"function/too many", "half", func(t *talk) {
			t.ask("call", "CallFunction", kinds{state: cty.Number}, map[string]any{"name": "half", "arguments": [][]byte{{1}, {4}, {4}}})
		}},
		{"function/another type", "half", func(t *talk) {
			t.ask("call", "CallFunction", kinds{state: cty.Number}, map[string]any{"name": "half", "arguments": [][]byte{{1}, {0xa1, 'x'}}})
		}},
	}
}
