package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Numbers as text, each for a reason: the ends of the integer forms, what a double holds and what not, and
// the lengths at which something changes.
var numberTexts = []string{
	"0", "-0", "1", "-1", "31", "-31", "-32", "-33", "127", "128", "-127", "-128", "-129", "255", "256", "32767", "32768",
	"-32768", "-32769", "65535", "65536", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296",
	"9007199254740991", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
	"-9223372036854775809", "18446744073709551615", "18446744073709551616", "1e18", "1e19", "1e23", "-1e23", "1e100", "1e150",
	"0.1", "0.2", "0.3", "-0.1", "0.5", "1.5", "-1.5", "2.25", "0.125", "1e-7", "1.0", "1.10", "3.14159265358979",
	"0.1234567890123456789", "123456789.123456789", "-0.000001", "1e-10", "5e-324", "2.2250738585072014e-308", "1e308",
	"1.7976931348623157e308", "1e309", "1e-400", "1e1000", "-1e1000", "1e-1000", "1.5e300", "0.3333333333333333333333333333",
	"4503599627370496.5", "9007199254740992.5", "18014398509481984.5",
	strings.Repeat("1234567890", 10), "-" + strings.Repeat("9", 100), "0." + strings.Repeat("1234567890", 10),
	strings.Repeat("7", 50) + "." + strings.Repeat("3", 50), "1" + strings.Repeat("0", 150), "1e-100",
}

type goldenList struct{ rows []row }

func (g *goldenList) add(name string, ty cty.Type, value cty.Value, note string) {
	g.rows = append(g.rows, rowOf(name, ty, value, note))
}

// goldenRows are values of every kind as go-cty writes them, chosen by hand, and then some random ones.
func goldenRows() []row {
	g := &goldenList{}
	g.primitives()
	g.collections()
	g.structures()
	g.dynamics()
	g.unknowns()
	return append(g.rows, generatedRows(150, 20260101, false)...)
}

func (g *goldenList) primitives() {
	for _, ty := range []cty.Type{cty.Bool, cty.Number, cty.String, cty.DynamicPseudoType} {
		g.add("null "+ty.FriendlyName(), ty, cty.NullVal(ty), "")
		g.add("unknown "+ty.FriendlyName(), ty, cty.UnknownVal(ty), "")
	}
	g.add("true", cty.Bool, cty.True, "")
	g.add("false", cty.Bool, cty.False, "")
	for _, text := range numberTexts {
		g.add("number "+shortened(text), cty.Number, cty.MustParseNumberVal(text), "parsed from decimal text")
	}
	for _, f := range []float64{0.1, 0.5, 1.5, -2.75, 1e23, 1e308, math.MaxFloat64, math.Pi, math.Copysign(0, -1), 1 << 62, 1 << 63} {
		g.add(fmt.Sprintf("double %v", f), cty.Number, cty.NumberFloatVal(f), "made from a double")
	}
	subnormal := rowOf("smallest double", cty.Number, cty.NumberFloatVal(5e-324), "without its JSON: go-cty writes 16 digits where one would do")
	subnormal.JSON = ""
	g.rows = append(g.rows, subnormal)
	g.add("largest uint64", cty.Number, cty.NumberUIntVal(math.MaxUint64), "made from a uint64")
	for _, text := range []string{
		"", "a", "issuer", "é", "\u00c5ngstr\u00f6m", "日本語", "\U0001f600", "\u1112\u1161\u11ab", "e\u0301", "\u212b",
		"null", "true", "12", " leading and trailing ", "tab\tnewline\nreturn\r", "\x00", "a\x00b", "\x01\x1f\x7f", "quote\" backslash\\ slash/",
		"<b>&amp;</b>", "line\u2028paragraph\u2029", "\ufeffmark", "\ufffd", "{\"keys\":[]}", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
	} {
		g.add(fmt.Sprintf("string %+q", text), cty.String, cty.StringVal(text), "")
	}
	for _, n := range []int{31, 32, 255, 256, 257, 1000, 5000} {
		g.add(fmt.Sprintf("string of %d bytes", n), cty.String, cty.StringVal(strings.Repeat("k", n)), "")
	}
}

func (g *goldenList) collections() {
	texts := func(n int) (values []cty.Value) {
		for i := range n {
			values = append(values, cty.StringVal(fmt.Sprintf("v%03d", i)))
		}
		return values
	}
	named := func(n int) map[string]cty.Value {
		values := map[string]cty.Value{}
		for i := range n {
			values[fmt.Sprintf("key %03d", i*7%n)] = cty.NumberIntVal(int64(i))
		}
		return values
	}
	for _, ty := range []cty.Type{cty.List(cty.String), cty.Set(cty.String), cty.Map(cty.String), cty.List(cty.DynamicPseudoType), cty.Map(cty.DynamicPseudoType)} {
		name := ty.FriendlyName()
		g.add("null "+name, ty, cty.NullVal(ty), "")
		g.add("unknown "+name, ty, cty.UnknownVal(ty), "")
		g.add("empty "+name, ty, emptyCollection(ty), "empty is not null")
	}
	for _, n := range []int{1, 2, 15, 16, 17, 300} {
		g.add(fmt.Sprintf("list of %d", n), cty.List(cty.String), cty.ListVal(texts(n)), "")
		g.add(fmt.Sprintf("set of %d", n), cty.Set(cty.String), cty.SetVal(texts(n)), "")
		g.add(fmt.Sprintf("map of %d", n), cty.Map(cty.Number), cty.MapVal(named(n)), "keys in order of bytes")
	}
	null, unknown := cty.NullVal(cty.String), cty.UnknownVal(cty.String)
	a, b := cty.StringVal("a"), cty.StringVal("b")
	g.add("list with null and unknown", cty.List(cty.String), cty.ListVal([]cty.Value{a, null, unknown, a}), "")
	g.add("list with null", cty.List(cty.String), cty.ListVal([]cty.Value{null, a, null}), "")
	g.add("set with null", cty.Set(cty.String), cty.SetVal([]cty.Value{null, b, a}), "null sorts last")
	g.add("set with unknown", cty.Set(cty.String), cty.SetVal([]cty.Value{unknown, b, null}), "unknown sorts last of all")
	g.add("set with two unknowns", cty.Set(cty.String), cty.SetVal([]cty.Value{unknown, b, unknown}),
		"two unknown elements may become different values, so both stay")
	g.add("map with null and unknown", cty.Map(cty.String), cty.MapVal(map[string]cty.Value{"a": null, "b": unknown, "c": a}), "")
	g.add("map with odd keys", cty.Map(cty.Bool), cty.MapVal(map[string]cty.Value{"": cty.True, "é": cty.False, "a\"b": cty.True, "Z": cty.False, "z": cty.True, "\x00": cty.True, "日": cty.True}), "")
	numbers := []cty.Value{cty.NumberIntVal(10), cty.NumberIntVal(9), cty.NumberFloatVal(-1.5), cty.MustParseNumberVal("0.1"), cty.MustParseNumberVal("1e30"), cty.NumberIntVal(9)}
	g.add("set of numbers", cty.Set(cty.Number), cty.SetVal(numbers), "ascending")
	g.add("list of numbers", cty.List(cty.Number), cty.ListVal(numbers), "")
	g.add("set of bools", cty.Set(cty.Bool), cty.SetVal([]cty.Value{cty.True, cty.False}), "")
	key := func(kid string, n int64) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"kid": cty.StringVal(kid), "bits": cty.NumberIntVal(n)})
	}
	keys := []cty.Value{key("b", 2048), key("a", 4096), key("b", 2048), key("", 0)}
	g.add("list of objects", cty.List(keys[0].Type()), cty.ListVal(keys), "")
	g.add("set of objects", cty.Set(keys[0].Type()), cty.SetVal(keys), "in the order of go-cty's hash")
	lists := []cty.Value{cty.ListVal([]cty.Value{b}), cty.ListVal([]cty.Value{a, b}), cty.ListValEmpty(cty.String)}
	g.add("set of lists", cty.Set(cty.List(cty.String)), cty.SetVal(lists), "")
	g.add("set of sets", cty.Set(cty.Set(cty.String)), cty.SetVal([]cty.Value{cty.SetVal([]cty.Value{b, a}), cty.SetVal([]cty.Value{a})}), "")
	g.add("list of lists", cty.List(cty.List(cty.String)), cty.ListVal(lists), "")
	g.add("map of maps", cty.Map(cty.Map(cty.Number)), cty.MapVal(map[string]cty.Value{"x": cty.MapVal(named(2)), "w": cty.MapValEmpty(cty.Number)}), "")
	g.add("list of tuples", cty.List(cty.Tuple([]cty.Type{cty.String, cty.Bool})), cty.ListVal([]cty.Value{cty.TupleVal([]cty.Value{a, cty.True})}), "")

	deep, deepType := cty.StringVal("bottom"), cty.String
	for range 30 {
		deep, deepType = cty.ListVal([]cty.Value{deep}), cty.List(deepType)
	}
	g.add("30 lists deep", deepType, deep, "")
	deepObject, deepObjectType := cty.NullVal(cty.Bool), cty.Bool
	for range 30 {
		deepObjectType = cty.Object(map[string]cty.Type{"next": deepObjectType})
		deepObject = cty.ObjectVal(map[string]cty.Value{"next": deepObject})
	}
	g.add("30 objects deep", deepObjectType, deepObject, "")
}

func (g *goldenList) structures() {
	g.add("empty tuple", cty.EmptyTuple, cty.EmptyTupleVal, "")
	g.add("null tuple", cty.Tuple([]cty.Type{cty.Bool}), cty.NullVal(cty.Tuple([]cty.Type{cty.Bool})), "")
	g.add("unknown tuple", cty.Tuple([]cty.Type{cty.Bool}), cty.UnknownVal(cty.Tuple([]cty.Type{cty.Bool})), "")
	tuple := cty.TupleVal([]cty.Value{cty.StringVal("a"), cty.NumberIntVal(-5), cty.NullVal(cty.Bool), cty.UnknownVal(cty.List(cty.String)), cty.EmptyTupleVal})
	g.add("tuple", tuple.Type(), tuple, "")
	g.add("empty object", cty.EmptyObject, cty.EmptyObjectVal, "")
	ty := cty.Object(map[string]cty.Type{"id": cty.String, "count": cty.Number, "tags": cty.Map(cty.String), "Z": cty.Bool, "keys": cty.Set(cty.String)})
	g.add("null object", ty, cty.NullVal(ty), "")
	g.add("unknown object", ty, cty.UnknownVal(ty), "")
	full := map[string]cty.Value{
		"id": cty.StringVal("x"), "count": cty.NumberIntVal(3), "Z": cty.True,
		"tags": cty.MapVal(map[string]cty.Value{"b": cty.StringVal("2"), "a": cty.StringVal("1")}), "keys": cty.SetVal([]cty.Value{cty.StringVal("k")}),
	}
	g.add("object", ty, cty.ObjectVal(full), "attributes in order of bytes")
	for _, name := range sortedNames(ty) {
		before := full[name]
		full[name] = cty.NullVal(ty.AttributeType(name))
		g.add("object with null "+name, ty, cty.ObjectVal(full), "")
		full[name] = cty.UnknownVal(ty.AttributeType(name))
		g.add("object with unknown "+name, ty, cty.ObjectVal(full), "")
		full[name] = before
	}
	for _, n := range []int{15, 16, 40} {
		values := map[string]cty.Value{}
		for i := range n {
			values[fmt.Sprintf("attribute_%02d", i)] = cty.NumberIntVal(int64(i) - 3)
		}
		object := cty.ObjectVal(values)
		g.add(fmt.Sprintf("object of %d attributes", n), object.Type(), object, "")
	}
}

func (g *goldenList) dynamics() {
	dynamic := cty.DynamicPseudoType
	object := cty.ObjectVal(map[string]cty.Value{"b": cty.StringVal("x"), "a": cty.ListVal([]cty.Value{cty.Zero})})
	for _, value := range []cty.Value{
		cty.StringVal("str"), cty.NumberIntVal(7), cty.MustParseNumberVal("0.1"), cty.True, object, cty.EmptyObjectVal, cty.EmptyTupleVal,
		cty.TupleVal([]cty.Value{cty.True, object}), cty.ListValEmpty(cty.String), cty.SetVal([]cty.Value{cty.StringVal("b"), cty.StringVal("a")}),
		cty.MapVal(map[string]cty.Value{"k": cty.NullVal(cty.Number)}),
		cty.ObjectVal(map[string]cty.Value{"d": cty.NullVal(dynamic), "e": cty.DynamicVal}),
		cty.ObjectVal(map[string]cty.Value{"quote\"é\n": cty.True}),
	} {
		g.add("dynamic "+value.Type().FriendlyName(), dynamic, value, "the type goes along")
	}
	for _, ty := range []cty.Type{cty.String, cty.List(cty.Number), object.Type()} {
		g.add("dynamic null "+ty.FriendlyName(), dynamic, cty.NullVal(ty), "a null that knows its type")
		g.add("dynamic unknown "+ty.FriendlyName(), dynamic, cty.UnknownVal(ty), "an unknown that knows its type")
	}
	g.add("dynamic refined string", dynamic, cty.UnknownVal(cty.String).RefineNotNull(), "")
	ty := cty.Object(map[string]cty.Type{"any": dynamic, "name": cty.String})
	with := func(value cty.Value) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"any": value, "name": cty.StringVal("n")})
	}
	for _, value := range []cty.Value{cty.NullVal(dynamic), cty.DynamicVal, cty.StringVal("s"), cty.NullVal(cty.String), cty.UnknownVal(cty.Bool), object} {
		g.add("object with dynamic "+value.Type().FriendlyName(), ty, with(value), "")
	}
	s, n := with(cty.StringVal("s")), with(cty.NumberIntVal(1))
	g.add("list of dynamic, all strings", cty.List(dynamic), cty.ListVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b"), cty.NullVal(cty.String)}), "")
	g.add("map of dynamic, all numbers", cty.Map(dynamic), cty.MapVal(map[string]cty.Value{"a": cty.Zero, "b": cty.UnknownVal(cty.Number)}), "")
	g.add("set of dynamic, all bools", cty.Set(dynamic), cty.SetVal([]cty.Value{cty.True, cty.False}), "")
	g.add("list of objects with dynamic", cty.List(ty), cty.ListVal([]cty.Value{s, with(cty.StringVal("t"))}), "one type for all elements")
	g.add("dynamic tuple of two types of object", dynamic, cty.TupleVal([]cty.Value{s, n}), "as a list block with a dynamic attribute arrives")
	g.add("tuple of dynamic", cty.Tuple([]cty.Type{dynamic, dynamic}), cty.TupleVal([]cty.Value{cty.True, cty.NullVal(dynamic)}), "")
}

func (g *goldenList) unknowns() {
	list, set, mapping := cty.List(cty.String), cty.Set(cty.Number), cty.Map(cty.Bool)
	object := cty.Object(map[string]cty.Type{"a": cty.String})
	for _, ty := range []cty.Type{cty.Bool, cty.Number, cty.String, list, set, mapping, object, cty.Tuple([]cty.Type{cty.Bool})} {
		g.add("unknown "+ty.FriendlyName()+", not null", ty, cty.UnknownVal(ty).RefineNotNull(), "")
	}
	for _, prefix := range []string{"h", "https://", "é", strings.Repeat("p", 14), strings.Repeat("p", 100), strings.Repeat("p", 256), strings.Repeat("p", 300)} {
		unknown := cty.UnknownVal(cty.String).Refine().StringPrefixFull(prefix)
		g.add(fmt.Sprintf("unknown string, prefix of %d bytes", len(prefix)), cty.String, unknown.NewValue(), "at most 256 bytes of it are sent")
		g.add(fmt.Sprintf("unknown string, not null, prefix of %d bytes", len(prefix)), cty.String, unknown.NotNull().NewValue(), "")
	}
	bounds := []string{"0", "-1", "1.5", "0.1", "9223372036854775808", "-100000"}
	for i, text := range bounds {
		bound, inclusive := cty.MustParseNumberVal(text), i%2 == 0
		for _, inclusive := range []bool{inclusive, !inclusive} {
			g.add(fmt.Sprintf("unknown number, from %s inclusive %v", text, inclusive), cty.Number,
				cty.UnknownVal(cty.Number).Refine().NumberRangeLowerBound(bound, inclusive).NewValue(), "")
		}
		g.add(fmt.Sprintf("unknown number, to %s", text), cty.Number,
			cty.UnknownVal(cty.Number).Refine().NotNull().NumberRangeUpperBound(bound, inclusive).NewValue(), "")
		g.add(fmt.Sprintf("unknown number, around %s", text), cty.Number,
			cty.UnknownVal(cty.Number).Refine().NumberRangeInclusive(bound.Subtract(cty.NumberIntVal(1)), bound.Add(cty.NumberIntVal(1))).NewValue(), "")
	}
	for _, ty := range []cty.Type{list, set, mapping} {
		for _, n := range []int{1, 127, 128, 70000} {
			refine := func() *cty.RefinementBuilder { return cty.UnknownVal(ty).Refine() }
			g.add(fmt.Sprintf("unknown %s, at least %d", ty.FriendlyName(), n), ty, refine().CollectionLengthLowerBound(n).NewValue(), "")
			g.add(fmt.Sprintf("unknown %s, at most %d", ty.FriendlyName(), n), ty, refine().CollectionLengthUpperBound(n).NewValue(), "")
			g.add(fmt.Sprintf("unknown %s, %d to %d", ty.FriendlyName(), n, n+1), ty,
				refine().NotNull().CollectionLengthLowerBound(n).CollectionLengthUpperBound(n+1).NewValue(), "")
		}
	}
	refined := cty.UnknownVal(cty.String).Refine().NotNull().StringPrefix("https://").NewValue()
	all := cty.ObjectVal(map[string]cty.Value{
		"list": cty.ListVal([]cty.Value{refined, cty.StringVal("a")}), "map": cty.MapVal(map[string]cty.Value{"x": refined}),
		"tuple": cty.TupleVal([]cty.Value{refined, cty.UnknownVal(cty.Number)}), "set": cty.SetVal([]cty.Value{refined, cty.StringVal("a")}),
	})
	g.add("refined unknowns inside everything", all.Type(), all, "")
	g.add("refined unknowns inside dynamic", cty.DynamicPseudoType, all, "")
}

// shortened is `text` fit for a name.
func shortened(text string) string {
	if len(text) <= 40 {
		return text
	}
	return fmt.Sprintf("%s… (%d characters)", text[:20], len(text))
}
