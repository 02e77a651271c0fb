package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	ctymsgpack "github.com/zclconf/go-cty/cty/msgpack"
)

// row is one value of one type in its wire forms.
type row struct {
	// What the row is about, unique in its file but for rows that differ only in their bytes.
	Name string          `json:"name,omitempty"`
	Type json.RawMessage `json:"type"`
	// Hexadecimal.
	Msgpack string `json:"msgpack,omitempty"`
	// What go-cty writes for the same value, where that is not Msgpack.
	Canonical string `json:"canonical,omitempty"`
	// JSON text, quoted once more so that no reader's idea of numbers gets at its digits.
	JSON string `json:"json,omitempty"`
	// Why go-cty refuses the row.
	Error string `json:"error,omitempty"`
	Note  string `json:"note,omitempty"`
}

// rowOf is the row of `value` as go-cty writes it. Its JSON is that of the bytes, read again: go-cty's own numbers
// carry a precision, which decides on their digits and which no wire form keeps.
func rowOf(name string, ty cty.Type, value cty.Value, note string) row {
	bytes, err := encode(value, ty)
	if err == nil {
		value, err = decode(bytes, ty)
	}
	if err != nil {
		panic(fmt.Sprintf("%s: %v", name, err))
	}
	return row{Name: name, Type: typeJSON(ty), Msgpack: hex.EncodeToString(bytes), JSON: jsonOf(value, ty), Note: note}
}

// jsonOf is empty for a value with unknowns inside, which JSON cannot hold.
func jsonOf(value cty.Value, ty cty.Type) string {
	if !value.IsWhollyKnown() {
		return ""
	}
	text, err := ctyjson.Marshal(value, ty)
	must(err)
	return withoutHTMLEscapes(string(text))
}

func typeJSON(ty cty.Type) json.RawMessage {
	text, err := ctyjson.MarshalType(ty)
	must(err)
	return text
}

// withoutHTMLEscapes undoes what encoding/json does to five characters for the sake of web pages.
func withoutHTMLEscapes(text string) string {
	escapes := map[string]string{`\u003c`: "<", `\u003e`: ">", `\u0026`: "&", `\u2028`: "\u2028", `\u2029`: "\u2029"}
	var out strings.Builder
	for i := 0; i < len(text); {
		size := 1
		if text[i] == '\\' {
			size = 2
			if text[i+1] == 'u' {
				size = 6
			}
		}
		piece := text[i : i+size]
		if plain, ok := escapes[piece]; ok {
			piece = plain
		}
		out.WriteString(piece)
		i += size
	}
	return out.String()
}

// decode reads `bytes` as Terraform does: go-cty, and then the check that the result is of the type that was
// asked for. go-cty panics on some inputs; that is an error here.
func decode(bytes []byte, ty cty.Type) (value cty.Value, err error) {
	defer notePanic(&err)
	value, err = ctymsgpack.Unmarshal(bytes, ty)
	if err != nil {
		return value, err
	}
	return value, conforms(value, ty)
}

func decodeJSON(text []byte, ty cty.Type) (value cty.Value, err error) {
	defer notePanic(&err)
	value, err = ctyjson.Unmarshal(text, ty)
	if err != nil {
		return value, err
	}
	return value, conforms(value, ty)
}

func conforms(value cty.Value, ty cty.Type) error {
	// The errors themselves come in the random order of a Go map.
	if errs := value.Type().TestConformance(ty); len(errs) != 0 {
		return fmt.Errorf("does not conform to the type, in %d places", len(errs))
	}
	return nil
}

func notePanic(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("panics: %v", cause)
	}
}

// encode is Marshal with its panics as errors.
func encode(value cty.Value, ty cty.Type) (bytes []byte, err error) {
	defer notePanic(&err)
	return ctymsgpack.Marshal(value, ty)
}
