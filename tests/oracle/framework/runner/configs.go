package main

// full is a valid configuration of each resource in which as much as possible is set, for the generator to change.
var full = map[string]string{
	"twin_scalars": `{"name": "n", "bool": true, "string": "s", "number": 1.5, "int32": 2, "int64": 9007199254740993, "float32": 0.5, "float64": 0.1,
		"plain": "p", "secret": "x", "deprecated": "d", "choice": "a", "fraction": 0.25, "partner": "p",
		"free": "f", "string_default": "sd", "bool_default": false, "int_default": 1, "float_default": 2.5, "number_default": 3}`,
	"twin_collections": `{"name": "n", "list": ["a", "b"], "set": ["a", "b"], "map": {"k": "v", "l": "w"}, "object": {"left": "l", "right": 1},
		"lists": [[1, 2], []], "sets": [[true], [false, true]], "maps": {"a": {"b": 1.5}}, "objects": [{"left": "a", "right": 1}, {"left": null, "right": 2}],
		"pairs": [{"left": "a", "right": 1}, {"left": "b", "right": 2}], "few": ["a", "b"], "words": ["ab", "cd"], "keyed": {"a": "b"},
		"free": ["f"], "list_default": ["l"], "set_default": ["s"], "map_default": {"m": "n"}}`,
	"twin_nested": `{"name": "n", "single": {"key": "k", "note": "o", "free": "f", "count": 2, "leaves": [{"key": "a", "note": "b"}, {"key": "c"}]},
		"list": [{"key": "a", "note": "b"}, {"key": "c", "free": "f", "count": 3}], "set": [{"key": "a", "note": "b"}, {"key": "c"}],
		"map": {"x": {"key": "a"}, "y": {"key": "b", "note": "c"}}, "must": {"key": "k", "note": "o", "replaces": "r"}}`,
	"twin_blocks": `{"name": "n", "rule": [{"key": "a", "note": "b", "inner": [{"key": "c"}, {"key": "d", "note": "e"}]}, {"key": "f", "free": "g", "count": 4}],
		"member": [{"key": "a"}, {"key": "b", "note": "c"}], "only": {"note": "o", "plain": "p"}, "fixed": [{"key": "k", "replaces": "r"}]}`,
	"twin_planned":    `{"name": "n", "region": "r", "zone": "z", "kept_zone": "k", "kinds": ["a", "b"], "size": 5}`,
	"twin_identity":   `{"name": "n", "region": "r", "note": "o"}`,
	"twin_versioned":  `{"name": "n", "tags": ["a", "b"]}`,
	"twin_write_only": `{"name": "n", "password": "secret", "version": 1, "login": [{"user": "u", "pin": "1234"}, {"user": "v"}]}`,
	"twin_semantic":   `{"name": "n", "text": "Abc", "free": "Def", "exact": "Ghi", "texts": ["Jkl", "mno"], "line": [{"text": "Pqr"}]}`,
	"twin_dynamic":    `{"name": "n", "any": {"a": [1, "b"], "c": null}, "must": "text", "free": [true]}`,
	"twin_failing":    `{"name": "n", "how": "fine"}`,
}

var fullData = map[string]string{
	"twin_echo": `{"name": "n", "bool": true, "number": 1e30, "int32": 1, "int64": 9007199254740993, "float32": 0.5, "float64": 0.1, "list": ["a", "b"], "set": [2, 1],
		"map": {"k": "v"}, "object": {"left": "l", "right": 1}, "any": [1, "a", {"b": true}], "mode": "a", "secret": "x", "old": "o", "free": "f"}`,
	"twin_sections": `{"name": "n", "rule": [{"key": "a", "note": "b"}, {"key": "c"}], "member": [{"key": "a"}, {"key": "b", "note": "c"}], "only": {"note": "o"}}`,
	"twin_lookup":   `{"name": "n", "single": {"key": "k", "note": "o"}, "list": [{"key": "a"}, {"key": "b", "note": "c"}], "map": {"x": {"key": "a"}, "y": {"key": "b"}}}`,
	"twin_trouble":  `{"how": "fine"}`,
}

// lives are configurations of resources, one after the other.
var lives = map[string][][]string{
	"twin_scalars": {
		{`{"name": "n"}`, `{"name": "n", "string": "s"}`, `{"name": "m"}`, `{"name": "m", "string_default": "x", "int_default": 8}`, `{"name": "m"}`},
		{`{"name": "n", "free": "mine"}`, `{"name": "n"}`, `{"name": "n", "free": "other"}`},
		{`{"name": "?"}`, `{"name": "n"}`, `{"name": "?"}`, `{"name": "n", "free": "?"}`, `{"name": "n", "string": "?", "bool": "?"}`},
		{`{"name": "n", "number": 0.1}`, `{"name": "n", "number": 1e-7}`, `{"name": "n", "number": 123456789012345678901234567890}`},
		{`{"name": "n", "choice": "a", "bounded": 1}`, `{"name": "n", "choice": "c", "bounded": 6}`, `{"name": "n", "partner": "p"}`, `{"name": "n", "fraction": 1.5}`, `{"name": "n", "choice": "?", "bounded": 1}`,
			`{"name": "n", "choice": "c", "bounded": "?"}`, `{"name": "n", "choice": "?", "partner": "p"}`, `{"name": "n", "partner": "?"}`},
		{`{"name": "n", "int32": 2147483647, "int64": 9223372036854775807}`, `{"name": "n", "int32": 2147483648}`, `{"name": "n", "int64": 9223372036854775808}`, `{"name": "n", "int64": 1.5}`,
			`{"name": "n", "float32": 1e39}`, `{"name": "n", "float64": 1e309}`, `{"name": "n", "float32": 0.1}`, `{"name": "n", "float64": 0.12345678901234567890123}`},
		{`{"string": "s"}`, `{"name": null}`},
		{`{"name": "ünïcode ☃", "string": "", "secret": "two\nlines"}`},
	},
	"twin_collections": {
		{`{"name": "n"}`, full["twin_collections"], `{"name": "n"}`},
		{`{"name": "n", "list": [], "set": [], "map": {}, "lists": [], "objects": []}`, `{"name": "n", "list": ["a"], "set": ["b", "a"], "map": {"a": "b"}}`, `{"name": "n", "list": ["a"], "set": ["a", "b"], "map": {"a": "b"}}`},
		{`{"name": "n", "list": ["a", "?"], "set": ["a", "?"], "map": {"a": "?"}, "object": {"left": "?", "right": 1}}`, `{"name": "n", "list": "?", "set": "?", "map": "?", "object": "?"}`},
		{`{"name": "n", "list": ["a", null]}`, `{"name": "n", "set": ["a", null]}`, `{"name": "n", "map": {"a": null}}`, `{"name": "n", "object": {"left": null, "right": null}}`},
		{`{"name": "n", "few": []}`, `{"name": "n", "few": ["a", "b", "c"]}`, `{"name": "n", "few": ["a", "a"]}`, `{"name": "n", "few": ["a", "?"]}`, `{"name": "n", "few": ["a", "?", "c"]}`, `{"name": "n", "words": ["a", "bc"]}`,
			`{"name": "n", "keyed": {"long": "v"}}`, `{"name": "n", "few": "?", "words": "?", "keyed": "?"}`},
		{`{"name": "n", "free": ["mine"]}`, `{"name": "n"}`, `{"name": "m"}`, `{"name": "m", "free": []}`},
		{`{"name": "n", "list_default": [], "set_default": [], "map_default": {"a": "b"}}`, `{"name": "n"}`},
	},
	"twin_nested": {
		{`{"name": "n", "must": {"key": "k"}}`, full["twin_nested"], `{"name": "n", "must": {"key": "k"}}`},
		{`{"name": "n", "must": {"key": "k"}, "list": [{"key": "a"}, {"key": "b"}]}`, `{"name": "n", "must": {"key": "k"}, "list": [{"key": "b"}]}`, `{"name": "n", "must": {"key": "k"}, "list": [{"key": "b"}, {"key": "c", "free": "f"}]}`,
			`{"name": "n", "must": {"key": "k"}, "list": []}`},
		{`{"name": "n", "must": {"key": "k"}, "map": {"a": {"key": "a"}}}`, `{"name": "n", "must": {"key": "k"}, "map": {"b": {"key": "a"}, "a": {"key": "a"}}}`},
		{`{"name": "n", "must": {"key": "k"}, "set": [{"key": "a"}]}`, `{"name": "n", "must": {"key": "k"}, "set": [{"key": "b"}, {"key": "a"}]}`},
		{`{"name": "n", "must": {"key": "k", "replaces": "a"}}`, `{"name": "n", "must": {"key": "k", "replaces": "b"}}`, `{"name": "n", "must": {"key": "l", "replaces": "b"}}`, `{"name": "n", "must": {"key": "l"}}`},
		{`{"name": "n"}`, `{"name": "n", "must": {}}`, `{"name": "n", "must": {"key": "k"}, "list": [{"note": "o"}]}`, `{"name": "n", "must": {"key": "k"}, "map": {"a": {}}}`, `{"name": "n", "must": {"key": "k"}, "set": [{}]}`,
			`{"name": "n", "must": {"key": "k"}, "single": {"key": ""}}`, `{"name": "n", "must": {"key": "k"}, "list": [{"key": "a"}, {"key": ""}]}`, `{"name": "n", "must": {"key": "k"}, "map": {"a": {"key": ""}}}`,
			`{"name": "n", "must": {"key": "k"}, "list": [{"key": "a"}, {"key": "b"}, {"key": "c"}, {"key": "d"}]}`},
		{`{"name": "n", "must": "?"}`, `{"name": "n", "must": {"key": "?"}}`, `{"name": "n", "must": {"key": "k"}, "list": "?"}`, `{"name": "n", "must": {"key": "k"}, "list": ["?"]}`, `{"name": "n", "must": {"key": "k"}, "set": [{"key": "?"}]}`,
			`{"name": "n", "must": {"key": "k"}, "map": {"a": "?"}}`},
	},
	"twin_blocks": {
		{`{"name": "n", "rule": [{"key": "a"}]}`, full["twin_blocks"], `{"name": "n", "rule": [{"key": "a"}]}`},
		{`{"name": "n"}`, `{"name": "n", "rule": [{"key": "a"}, {"key": "b"}, {"key": "c"}, {"key": "d"}]}`, `{"name": "n", "rule": [{"key": "a"}], "member": [{"key": "a"}, {"key": "b"}, {"key": "c"}]}`,
			`{"name": "n", "rule": [{"key": "a"}, {"key": ""}]}`, `{"name": "n", "rule": [{"note": "a"}]}`, `{"name": "n", "rule": [{"key": "a", "inner": [{}]}]}`},
		{`{"name": "n", "rule": "?"}`, `{"name": "n", "rule": ["?"]}`, `{"name": "n", "rule": [{"key": "?"}], "member": [{"key": "?"}], "only": {"note": "?"}}`, `{"name": "n", "rule": [{"key": "a"}], "member": "?"}`},
		{`{"name": "n", "rule": [{"key": "a"}, {"key": "b"}]}`, `{"name": "n", "rule": [{"key": "b"}]}`, `{"name": "n", "rule": [{"key": "b", "free": "f"}, {"key": "c", "count": 9}]}`},
		{`{"name": "n", "rule": [{"key": "a"}], "fixed": [{"key": "a", "replaces": "x"}]}`, `{"name": "n", "rule": [{"key": "a"}], "fixed": [{"key": "a", "replaces": "y"}]}`, `{"name": "n", "rule": [{"key": "a"}]}`},
		{`{"name": "n", "rule": [{"key": "a"}], "only": {}}`, `{"name": "n", "rule": [{"key": "a"}], "only": {"note": "o"}}`, `{"name": "n", "rule": [{"key": "a"}]}`},
	},
	"twin_planned": {
		{`{"name": "n"}`, `{"name": "m"}`, `{"name": "m", "size": 3}`, `{"name": "m", "size": 2}`, `{"name": "m", "size": 4}`, `{"name": "m"}`},
		{`{"name": "n", "region": "a"}`, `{"name": "n", "region": "b"}`, `{"name": "n"}`, `{"name": "n", "region": "?"}`, `{"name": "n", "region": "c"}`},
		{`{"name": "n", "zone": "a"}`, `{"name": "n", "zone": "b"}`, `{"name": "n"}`, `{"name": "m"}`, `{"name": "m", "zone": "?"}`},
		{`{"name": "n", "kept_zone": "a"}`, `{"name": "n"}`, `{"name": "n", "kept_zone": "b"}`, `{"name": "m"}`},
		{`{"name": "n", "kinds": ["a"]}`, `{"name": "n", "kinds": ["a", "b"]}`, `{"name": "n", "kinds": ["b", "?"]}`},
		{`{"name": "n", "region": "a", "zone": "b", "kept_zone": "c", "kinds": ["d"], "size": 2}`, `{"name": "n", "region": "b", "zone": "c", "kept_zone": "d", "kinds": ["e"], "size": 1}`},
		{`{"name": "forbidden"}`, `{"name": "n"}`, `{"name": "forbidden"}`, `{"name": "?"}`, `{"name": "keep"}`},
	},
	"twin_identity": {
		{`{"name": "n", "region": "r"}`, `{"name": "n", "region": "r", "note": "o"}`, `{"name": "n", "region": "s"}`, `{"name": "?", "region": "s"}`},
		{`{"name": "n", "region": "r"}`, `{"name": "m", "region": "r"}`},
	},
	"twin_versioned": {{`{"name": "n"}`, `{"name": "n", "tags": ["a"]}`}},
	"twin_write_only": {
		{`{"name": "n", "password": "abc", "version": 1}`, `{"name": "n", "password": "abcd", "version": 1}`, `{"name": "n", "password": "abcd", "version": 2}`, `{"name": "n"}`},
		{`{"name": "n", "password": "?"}`, `{"name": "n", "login": [{"user": "u", "pin": "1"}]}`, `{"name": "n", "login": [{"user": "u", "pin": "2"}]}`, `{"name": "n", "login": [{"user": "v", "pin": "?"}]}`},
	},
	"twin_semantic": {
		{`{"name": "n", "text": "abc"}`, `{"name": "n", "text": "ABC"}`, `{"name": "n", "text": "abcd"}`, `{"name": "n", "exact": "e"}`, `{"name": "n", "exact": "E"}`},
		{`{"name": "n", "free": "abc"}`, `{"name": "n"}`, `{"name": "m"}`},
		{`{"name": "n", "texts": ["a", "B"]}`, `{"name": "n", "texts": ["A", "b"]}`, `{"name": "n", "texts": ["A"]}`},
		{`{"name": "n", "line": [{"text": "a"}, {"text": "B"}]}`, `{"name": "n", "line": [{"text": "A"}]}`},
	},
	"twin_dynamic": {
		{`{"name": "n", "must": "a"}`, `{"name": "n", "must": 1}`, `{"name": "n", "must": ["a", 1]}`, `{"name": "n", "must": {"a": {"b": [true]}}, "any": "x"}`, `{"name": "n", "must": "a", "free": 1}`, `{"name": "n", "must": "a"}`},
		{`{"name": "n"}`, `{"name": "n", "must": "?"}`, `{"name": "n", "must": ["a", "?"]}`, `{"name": "n", "must": "a", "any": "?"}`, `{"name": "n", "must": [], "any": {}}`},
		{`{"name": "n", "must": 123456789012345678901234567890}`, `{"name": "n", "must": 0.1}`},
	},
}
