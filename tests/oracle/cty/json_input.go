package main

import (
	"encoding/hex"
	"fmt"

	"github.com/zclconf/go-cty/cty"
)

// jsonInputRows are JSON texts as stored state may hold them, in forms that go-cty reads and does not write;
// those with Error are refused.
func jsonInputRows() []row {
	object := cty.Object(map[string]cty.Type{"a": cty.String, "b": cty.Number})
	dynamic := cty.DynamicPseudoType
	var rows []row
	for _, input := range []struct {
		name string
		ty   cty.Type
		text string
	}{
		{"string from integer", cty.String, `12`},
		{"string from number with zeros", cty.String, `1.50`},
		{"string from number with exponent", cty.String, `1e5`},
		{"string from minus zero", cty.String, `-0`},
		{"string from long number", cty.String, `123456789012345678901234567890.1234567890`},
		{"string from true", cty.String, `true`},
		{"string from false", cty.String, `false`},
		{"string with escapes", cty.String, `"\u00e9\ud83d\ude00\n\/\u0000"`},
		{"string from array", cty.String, `["a"]`},
		{"string from object", cty.String, `{"a":"b"}`},
		{"number from string", cty.Number, `"12"`},
		{"number from decimal string", cty.Number, `"-0.1"`},
		{"number with exponent", cty.Number, `1E+3`},
		{"number with fraction and exponent", cty.Number, `12.5e-2`},
		{"number of 40 digits", cty.Number, `1234567890123456789012345678901234567890`},
		{"number of 40 decimals", cty.Number, `0.1234567890123456789012345678901234567890`},
		{"number beyond double", cty.Number, `1e400`},
		{"number zero with exponent", cty.Number, `0e5`},
		{"number from word", cty.Number, `"twelve"`},
		{"number from nothing", cty.Number, `""`},
		{"number from bool", cty.Number, `true`},
		{"bool from string", cty.Bool, `"true"`},
		{"bool from 1", cty.Bool, `"1"`},
		{"bool from 0", cty.Bool, `"0"`},
		{"bool from False", cty.Bool, `"False"`},
		{"bool from number", cty.Bool, `1`},
		{"bool from word", cty.Bool, `"yes"`},
		{"missing attribute", object, `{"a":"x"}`},
		{"all attributes missing", object, `{}`},
		{"unsupported attribute", object, `{"a":"x","c":1}`},
		{"attributes in other order", object, `{ "b" : 1.0 , "a" : null }`},
		{"object from array", object, `[]`},
		{"object from string", object, `"x"`},
		{"list from object", cty.List(cty.String), `{}`},
		{"list of mixed primitives", cty.List(cty.String), `["a",1,true,null]`},
		{"set with duplicates", cty.Set(cty.Number), `[2,1,1.0,"2"]`},
		{"map", cty.Map(cty.Number), `{"b":1,"a":"2","":null}`},
		{"tuple", cty.Tuple([]cty.Type{cty.Bool, cty.String}), `[false,"x"]`},
		{"tuple too short", cty.Tuple([]cty.Type{cty.Bool, cty.String}), `[false]`},
		{"tuple too long", cty.Tuple([]cty.Type{cty.Bool}), `[false,true]`},
		{"dynamic", dynamic, `{"value":"x","type":"string"}`},
		{"dynamic, type first", dynamic, `{"type":["list","number"],"value":[1,"2"]}`},
		{"dynamic null", dynamic, `null`},
		{"dynamic typed null", dynamic, `{"value":null,"type":"string"}`},
		{"dynamic without type", dynamic, `{"value":"x"}`},
		{"dynamic without value", dynamic, `{"type":"string"}`},
		{"dynamic with more", dynamic, `{"value":"x","type":"string","more":1}`},
		{"dynamic bare", dynamic, `"x"`},
		{"dynamic of another type", dynamic, `{"value":"x","type":"number"}`},
		{"list of dynamic", cty.List(dynamic), `[{"value":"x","type":"string"},{"value":"y","type":"string"}]`},
		{"list of dynamic with two types", cty.List(dynamic), `[{"value":"x","type":"string"},{"value":1,"type":"number"}]`},
		{"list of dynamic with null", cty.List(dynamic), `[{"value":"x","type":"string"},null]`},
		{"map of dynamic with null", cty.Map(dynamic), `{"a":null,"b":{"value":1,"type":"number"}}`},
		{"not JSON", cty.String, `nul`},
		{"nothing", cty.String, ` `},
		{"cut short", cty.List(cty.Bool), `[true`},
		{"trailing comma", cty.List(cty.Bool), `[true,]`},
		{"missing comma", cty.List(cty.Bool), `[true false]`},
		{"leading plus", cty.Number, `+1`},
		{"bare fraction", cty.Number, `.5`},
		{"not a number", cty.Number, `NaN`},
	} {
		one := row{Name: input.name, Type: typeJSON(input.ty), JSON: input.text}
		value, err := decodeJSON([]byte(input.text), input.ty)
		if err != nil {
			one.Error = err.Error()
		} else {
			bytes, err := encode(value, input.ty)
			must(err)
			one.Msgpack = hex.EncodeToString(bytes)
		}
		rows = append(rows, one)
	}
	for _, input := range []struct {
		name string
		ty   cty.Type
		text string
		why  string
	}{
		{"leading zero", cty.Number, `01`, "JSON has no such number"},
		{"attribute twice", object, `{"a":"x","a":"y"}`, "readers differ in which of the two they take"},
		{"map key twice", cty.Map(cty.String), `{"a":"x","b":"y","a":"z"}`, "readers differ in which of the two they take"},
		{"trailing value", cty.List(cty.Bool), `[true] [false]`, "something was cut or joined wrongly"},
		{"lone surrogate", cty.String, `"\ud800"`, "it is no character"},
		{"number in text with infinity", cty.Number, `"Inf"`, "it cannot be stored"},
	} {
		if _, err := decodeJSON([]byte(input.text), input.ty); err != nil {
			panic(fmt.Sprintf("go-cty refuses %s: %v", input.name, err))
		}
		rows = append(rows, row{Name: input.name, Type: typeJSON(input.ty), JSON: input.text, Note: stricter + input.why})
	}
	return rows
}
