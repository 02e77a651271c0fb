package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctymsgpack "github.com/zclconf/go-cty/cty/msgpack"
)

// widthRows are values in every legal form but the shortest; Canonical is the shortest.
func widthRows() []row {
	var rows []row
	add := func(name string, ty cty.Type, value cty.Value) {
		canonical, err := ctymsgpack.Marshal(value, ty)
		must(err)
		seen := map[string]bool{string(canonical): true}
		for _, wide := range allForms(value, ty) {
			if seen[string(wide)] {
				continue
			}
			seen[string(wide)] = true
			back, err := decode(wide, ty)
			must(err)
			again, err := encode(back, ty)
			must(err)
			if !bytes.Equal(again, canonical) {
				panic(fmt.Sprintf("%s: go-cty reads %x as another value than %x", name, wide, canonical))
			}
			rows = append(rows, row{Name: name, Type: typeJSON(ty), Msgpack: hex.EncodeToString(wide), Canonical: hex.EncodeToString(canonical)})
		}
	}

	for _, text := range numberTexts {
		add("number "+shortened(text), cty.Number, cty.MustParseNumberVal(text))
	}
	for _, text := range []string{"", "a", "é", strings.Repeat("s", 31), strings.Repeat("s", 32), strings.Repeat("s", 255), strings.Repeat("s", 256)} {
		add(fmt.Sprintf("string of %d bytes", len(text)), cty.String, cty.StringVal(text))
	}
	texts := cty.ListVal([]cty.Value{cty.StringVal("a"), cty.NullVal(cty.String)})
	mapping := cty.MapVal(map[string]cty.Value{"k": cty.True, "l": cty.False})
	object := cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal("x"), "n": cty.NumberIntVal(5), "z": cty.NullVal(cty.Bool)})
	tuple := cty.TupleVal([]cty.Value{cty.True, cty.NumberFloatVal(1.5)})
	for _, value := range []cty.Value{
		texts, cty.SetVal([]cty.Value{cty.StringVal("b"), cty.StringVal("a")}), mapping, object, tuple,
		cty.ListValEmpty(cty.String), cty.MapValEmpty(cty.String), cty.EmptyTupleVal, cty.EmptyObjectVal,
	} {
		add(value.Type().FriendlyName(), value.Type(), value)
		add("dynamic "+value.Type().FriendlyName(), cty.DynamicPseudoType, value)
	}
	for _, ty := range []cty.Type{cty.Bool, cty.Number, cty.String, cty.List(cty.String), cty.Map(cty.String), object.Type(), tuple.Type(), cty.DynamicPseudoType} {
		add("unknown "+ty.FriendlyName(), ty, cty.UnknownVal(ty))
	}
	add("unknown string, not null", cty.String, cty.UnknownVal(cty.String).RefineNotNull())
	add("unknown string with prefix", cty.String, cty.UnknownVal(cty.String).Refine().StringPrefixFull("https://").NewValue())
	add("unknown string with long prefix", cty.String, cty.UnknownVal(cty.String).Refine().StringPrefixFull(strings.Repeat("p", 256)).NewValue())
	add("unknown number with bounds", cty.Number, cty.UnknownVal(cty.Number).Refine().NumberRangeInclusive(cty.Zero, cty.NumberIntVal(9)).NewValue())
	return rows
}

// allForms varies one choice at a time over all its forms, with every other choice at the shortest; then all
// choices at once, each at its last form.
func allForms(value cty.Value, ty cty.Type) [][]byte {
	var forms [][]byte
	var sizes []int
	wideBytes(value, ty, func(n int) int { sizes = append(sizes, n); return 0 })
	for at, size := range sizes {
		for form := 1; form < size; form++ {
			index := -1
			forms = append(forms, wideBytes(value, ty, func(n int) int {
				if index++; index == at {
					return min(form, n-1)
				}
				return 0
			}))
			// Where the choice was between families (str or bin), the next choice has other forms.
			for next := 1; next < 4; next++ {
				index = -1
				forms = append(forms, wideBytes(value, ty, func(n int) int {
					switch index++; index {
					case at:
						return min(form, n-1)
					case at + 1:
						return min(next, n-1)
					}
					return 0
				}))
			}
		}
	}
	return append(forms, wideBytes(value, ty, func(n int) int { return n - 1 }))
}
