package main

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Pieces of random strings. go-cty brings what is composed of them into normal form C.
var pieces = []string{
	"", "a", "kid", "k8s", "é", "日本", "😀", "e\u0301", "\u1100\u1161", "\"", "\\", "\n", "\t", "\x01", "\x7f", "/", "<&>",
	"\u2028", "\u00a0", "0", "null", "true", " ", "A longer piece with several words in it",
	strings.Repeat("x", 31), strings.Repeat("y", 128),
}

var attributeNames = []string{"a", "b", "c", "kid", "n", "E", "a_b", "a-b", "é", "id", "zz", "10", "9"}

// generatedRows are `count` rows of random types with random values, each checked to come back from go-cty as
// it went in. With `wide`, half of them are in forms that go-cty reads and does not write.
func generatedRows(count int, seed uint64, wide bool) []row {
	r := &random{seed}
	rows := make([]row, 0, count)
	for len(rows) < count {
		ty := r.randomType(4, true)
		value := r.randomValue(ty, 4)
		bytes, err := encode(value, ty)
		if err != nil || len(bytes) > 2000 {
			continue
		}
		back, err := decode(bytes, ty)
		if err != nil {
			continue
		}
		if again, err := encode(back, ty); err != nil || string(again) != string(bytes) {
			continue
		}
		one := rowOf(fmt.Sprintf("generated %d", len(rows)), ty, value, "")
		if wide && r.percent(50) {
			one.Canonical = one.Msgpack
			one.Msgpack = hex.EncodeToString(wideBytes(value, ty, r.below))
		}
		rows = append(rows, one)
	}
	return rows
}

func (r *random) randomType(depth int, dynamic bool) cty.Type {
	simple := []cty.Type{cty.String, cty.String, cty.Number, cty.Number, cty.Bool}
	if dynamic {
		simple = append(simple, cty.DynamicPseudoType)
	}
	if depth == 0 || r.percent(25) {
		return pick(r, simple)
	}
	switch r.below(6) {
	case 0:
		return cty.List(r.randomType(depth-1, dynamic))
	case 1:
		return cty.Set(r.randomType(depth-1, false))
	case 2:
		return cty.Map(r.randomType(depth-1, dynamic))
	case 3:
		types := make([]cty.Type, r.below(4))
		for i := range types {
			types[i] = r.randomType(depth-1, dynamic)
		}
		return cty.Tuple(types)
	default:
		types := map[string]cty.Type{}
		for range r.below(6) {
			types[pick(r, attributeNames)] = r.randomType(depth-1, dynamic)
		}
		return cty.Object(types)
	}
}

// concrete is `ty` with a type chosen for each dynamic inside.
func (r *random) concrete(ty cty.Type) cty.Type {
	switch {
	case ty == cty.DynamicPseudoType:
		return r.randomType(2, false)
	case ty.IsListType():
		return cty.List(r.concrete(ty.ElementType()))
	case ty.IsSetType():
		return cty.Set(r.concrete(ty.ElementType()))
	case ty.IsMapType():
		return cty.Map(r.concrete(ty.ElementType()))
	case ty.IsTupleType():
		types := []cty.Type{}
		for _, element := range ty.TupleElementTypes() {
			types = append(types, r.concrete(element))
		}
		return cty.Tuple(types)
	case ty.IsObjectType():
		types := map[string]cty.Type{}
		for _, name := range sortedNames(ty) {
			types[name] = r.concrete(ty.AttributeType(name))
		}
		return cty.Object(types)
	}
	return ty
}

func (r *random) randomValue(ty cty.Type, depth int) cty.Value {
	switch r.below(12) {
	case 0:
		return cty.NullVal(ty)
	case 1:
		return r.randomUnknown(ty)
	}
	size := r.below(4)
	if r.percent(3) {
		size = 14 + r.below(5)
	}
	switch {
	case ty == cty.DynamicPseudoType:
		return r.randomValue(r.randomType(2, depth > 2), depth-1)
	case ty == cty.Bool:
		return cty.BoolVal(r.percent(50))
	case ty == cty.String:
		return cty.StringVal(r.randomText())
	case ty == cty.Number:
		return r.randomNumber()
	case ty.IsTupleType():
		values := []cty.Value{}
		for _, element := range ty.TupleElementTypes() {
			values = append(values, r.randomValue(element, depth))
		}
		return cty.TupleVal(values)
	case ty.IsObjectType():
		values := map[string]cty.Value{}
		for _, name := range sortedNames(ty) {
			values[name] = r.randomValue(ty.AttributeType(name), depth)
		}
		return cty.ObjectVal(values)
	}

	// A collection: its elements must agree on their type.
	element := ty.ElementType()
	if size == 0 {
		return emptyCollection(ty)
	}
	element = r.concrete(element)
	values := make([]cty.Value, size)
	named := map[string]cty.Value{}
	for i := range values {
		values[i] = r.randomValue(element, depth)
		named[r.randomText()] = values[i]
	}
	switch {
	case ty.IsListType():
		return cty.ListVal(values)
	case ty.IsSetType():
		return cty.SetVal(values)
	default:
		return cty.MapVal(named)
	}
}

func emptyCollection(ty cty.Type) cty.Value {
	switch {
	case ty.IsListType():
		return cty.ListValEmpty(ty.ElementType())
	case ty.IsSetType():
		return cty.SetValEmpty(ty.ElementType())
	default:
		return cty.MapValEmpty(ty.ElementType())
	}
}

func (r *random) randomUnknown(ty cty.Type) cty.Value {
	value := cty.UnknownVal(ty)
	if ty == cty.DynamicPseudoType || r.percent(40) {
		return value
	}
	refine := value.Refine()
	if r.percent(50) {
		refine = refine.NotNull()
	}
	switch {
	case ty == cty.String && r.percent(60):
		refine = refine.StringPrefix(r.randomText())
	case ty == cty.Number:
		// Never the same twice: a number between two equal bounds is known.
		low := int64(r.below(1000)) - 500
		if r.percent(60) {
			refine = refine.NumberRangeLowerBound(cty.NumberFloatVal(float64(low)/2), r.percent(50))
		}
		if r.percent(60) {
			refine = refine.NumberRangeUpperBound(cty.NumberIntVal(low+1000), r.percent(50))
		}
	case ty.IsCollectionType():
		low := r.below(5)
		if r.percent(60) {
			refine = refine.CollectionLengthLowerBound(low)
		}
		if r.percent(60) {
			refine = refine.CollectionLengthUpperBound(low + 1 + r.below(300))
		}
	}
	return refine.NewValue()
}

func (r *random) randomText() string {
	var text strings.Builder
	for range r.below(4) {
		text.WriteString(pick(r, pieces))
	}
	return cty.StringVal(text.String()).AsString()
}

// randomNumber is of every kind the wire tells apart: small and large integers, doubles, and decimals of up to
// 150 digits, which is what go-cty keeps exactly.
func (r *random) randomNumber() cty.Value {
	switch r.below(8) {
	case 0:
		return cty.MustParseNumberVal(pick(r, numberTexts))
	case 1, 2:
		return cty.NumberIntVal(int64(r.next()) >> r.below(64))
	case 3:
		return cty.NumberUIntVal(r.next() >> r.below(64))
	case 4:
		return cty.NumberFloatVal(float64(int64(r.next())>>r.below(60)) / float64(uint64(1)<<r.below(20)))
	case 5:
		for {
			if f := math.Float64frombits(r.next()); !math.IsNaN(f) && !math.IsInf(f, 0) && math.Abs(math.Log2(math.Abs(f))) < 200 {
				return cty.NumberFloatVal(f)
			}
		}
	}
	digits := new(big.Int)
	for range 1 + r.below(7) {
		digits.Lsh(digits, 64).Or(digits, new(big.Int).SetUint64(r.next()))
	}
	digits.Rsh(digits, uint(r.below(64)))
	text := digits.String()
	if at := r.below(len(text) + 10); at < len(text) {
		text = text[:at] + "." + text[at:]
	}
	return cty.MustParseNumberVal(pick(r, []string{"", "-"}) + "0" + text)
}
