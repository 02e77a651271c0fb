package main

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctymsgpack "github.com/zclconf/go-cty/cty/msgpack"
)

const stricter = "go-cty takes it; we refuse on purpose: "

// invalidRows are bytes that must be refused. Error is go-cty's, absent where Note says that go-cty takes them.
func invalidRows() []row {
	list := &invalidList{}
	list.wrongTokens()
	list.truncated()
	list.byHand()
	list.stricter()
	return list.rows
}

type invalidList struct{ rows []row }

// add takes the row only when go-cty refuses it, and not for an extension of another type: all are unknowns to us.
func (l *invalidList) add(name string, ty cty.Type, bytes []byte) bool {
	if exhaustsMemory(bytes) {
		return false
	}
	value, err := decode(bytes, ty)
	if err == nil {
		_, err = encode(value, ty)
	}
	if err == nil || strings.Contains(err.Error(), "unsupported extension type") {
		return false
	}
	text := err.Error()
	if len(text) > 100 {
		text = text[:100]
	}
	l.rows = append(l.rows, row{Name: name, Type: typeJSON(ty), Msgpack: hex.EncodeToString(bytes), Error: strings.ToValidUTF8(text, "?")})
	return true
}

func (l *invalidList) mustAdd(name string, ty cty.Type, text string) {
	bytes, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	must(err)
	if !l.add(name, ty, bytes) {
		panic("go-cty takes the row: " + name)
	}
}

var (
	objectType = cty.Object(map[string]cty.Type{"a": cty.String, "b": cty.Number})
	tupleType  = cty.Tuple([]cty.Type{cty.String, cty.Bool})
)

// wrongTokens tries every kind of token for every kind of type, alone and as an element.
func (l *invalidList) wrongTokens() {
	tokens := []struct{ name, bytes string }{
		{"bool", "c3"}, {"int", "05"}, {"negative int", "ff"}, {"double", "cb3ff8000000000000"}, {"str", "a161"}, {"number in str", "a131"},
		{"bin", "c40161"}, {"empty array", "90"}, {"array of one", "9101"}, {"array of two", "9201c3"}, {"array of three", "93a161c3c0"}, {"empty map", "80"},
		{"map of one", "81a16101"}, {"map of two", "82a161a178a16202"}, {"map with int key", "81010203"}, {"never used code", "c1"},
	}
	types := []cty.Type{
		cty.Bool, cty.Number, cty.String, cty.List(cty.Bool), cty.Set(cty.Bool), cty.Map(cty.Bool), objectType, tupleType, cty.DynamicPseudoType, cty.EmptyObject, cty.EmptyTuple,
	}
	for _, ty := range types {
		for _, token := range tokens {
			bytes, err := hex.DecodeString(token.bytes)
			must(err)
			l.add(token.name+" as "+ty.FriendlyName(), ty, bytes)
			l.add(token.name+" as element, "+ty.FriendlyName(), cty.List(ty), append([]byte{0x91}, bytes...))
			l.add(token.name+" as attribute, "+ty.FriendlyName(), cty.Object(map[string]cty.Type{"x": ty}), append([]byte{0x81, 0xa1, 'x'}, bytes...))
		}
	}
}

// truncated are good values that end too early, at every length but nothing at all (which means null).
func (l *invalidList) truncated() {
	values := []cty.Value{
		cty.StringVal("issuer"), cty.NumberIntVal(300), cty.NumberIntVal(-70000), cty.NumberFloatVal(1.5), cty.MustParseNumberVal("0.1"), cty.NumberIntVal(1 << 40),
		cty.StringVal(strings.Repeat("s", 40)), cty.ListVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b")}), cty.MapVal(map[string]cty.Value{"k": cty.True, "l": cty.False}),
		cty.ObjectVal(map[string]cty.Value{"a": cty.StringVal("x"), "b": cty.NumberIntVal(1000)}), cty.TupleVal([]cty.Value{cty.StringVal("x"), cty.True}),
		cty.UnknownVal(cty.String), cty.UnknownVal(cty.String).Refine().NotNull().StringPrefixFull("https://").NewValue(),
		cty.UnknownVal(cty.Number).Refine().NumberRangeInclusive(cty.Zero, cty.NumberFloatVal(0.5)).NewValue(),
		cty.UnknownVal(cty.List(cty.String)).Refine().CollectionLengthLowerBound(3).NewValue(),
	}
	for _, value := range values {
		for _, ty := range []cty.Type{value.Type(), cty.DynamicPseudoType} {
			bytes, err := ctymsgpack.Marshal(value, ty)
			must(err)
			for n := 1; n < len(bytes); n++ {
				l.add(fmt.Sprintf("%s as %s, cut at %d", value.Type().FriendlyName(), ty.FriendlyName(), n), ty, bytes[:n])
			}
		}
	}
	for _, code := range []string{"c4", "c5", "c6", "c7", "c8", "c9", "ca", "cb", "cc", "cd", "ce", "cf", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "da", "db", "dc", "dd", "de", "df"} {
		for _, ty := range []cty.Type{cty.String, cty.Number, cty.List(cty.String), cty.Map(cty.String)} {
			for _, tail := range []string{"", "ff", "ffffffff", "7fffffff"} {
				bytes, err := hex.DecodeString(code + tail)
				must(err)
				l.add(fmt.Sprintf("%s %s as %s, and nothing more", code, tail, ty.FriendlyName()), ty, bytes)
			}
		}
	}
}

func (l *invalidList) byHand() {
	text, number, list, dynamic := cty.String, cty.Number, cty.List(cty.String), cty.DynamicPseudoType
	l.mustAdd("not a number, double", number, "cb7ff8000000000001")
	l.mustAdd("not a number, single", number, "ca7fc00000")
	for _, word := range []string{"", "x", "1x", "0x10", "1 ", " 1", "1_000", "--1", "1e", "e1", ".", "1.2.3", "NaN", "1,5", "\u0661"} {
		l.mustAdd(fmt.Sprintf("number from %q", word), number, fmt.Sprintf("%x%x", 0xa0+len(word), word))
	}
	l.mustAdd("missing attribute", objectType, "81 a161 a178")
	l.mustAdd("attribute too many", objectType, "83 a161a178 a16201 a16301")
	l.mustAdd("attribute of another name", objectType, "82 a161a178 a16301")
	l.mustAdd("no attribute at all", objectType, "80")
	l.mustAdd("attribute twice, another missing", objectType, "82 a161a178 a161a178")
	l.mustAdd("name as int", objectType, "82 01a178 a16201")
	l.mustAdd("name as null", objectType, "82 c0a178 a16201")
	l.mustAdd("tuple too short", tupleType, "91 a178")
	l.mustAdd("tuple too long", tupleType, "93 a178 c3 c3")
	l.mustAdd("tuple of nothing", tupleType, "90")
	l.mustAdd("tuple in wrong order", tupleType, "92 c3 a178")
	l.mustAdd("dynamic of one", dynamic, "91 c408 22737472696e6722")
	l.mustAdd("dynamic of three", dynamic, "93 c408 22737472696e6722 a178 a178")
	l.mustAdd("dynamic of another type", dynamic, "92 c408 22737472696e6722 05")
	for _, typeText := range []string{
		"", "string", "\"strings\"", "\"String\"", "null", "1", "{}", "[]", "[\"list\"]", "[\"list\",\"string\",1]", "[\"list\",\"x\"]", "[\"array\",\"string\"]",
		"[\"object\",[]]", "[\"object\",{\"a\":1}]", "[\"tuple\",{}]", "[\"tuple\",\"string\"]", "[\"list\",\"string\"", "\"string\" \"string\"", "[1,2]", "[\"map\",null]x",
	} {
		l.add(fmt.Sprintf("dynamic of type %s", typeText), dynamic, []byte(fmt.Sprintf("\x92\xc4%c%s\xc0", len(typeText), typeText)))
	}
	l.mustAdd("list of dynamic with two types", cty.List(dynamic), "92 92c408 22737472696e6722 a178 92c406 22626f6f6c22 c3")
	l.mustAdd("map of dynamic with two types", cty.Map(dynamic), "82 a161 92c408 22737472696e6722 a178 a162 92c406 22626f6f6c22 c3")
	l.mustAdd("set of dynamic with two types", cty.Set(dynamic), "92 92c408 22737472696e6722 a178 92c406 22626f6f6c22 c3")

	l.mustAdd("refinements over 1 KiB", text, "c8 0401 0c"+strings.Repeat("00", 1025))
	l.mustAdd("refinements that are no map", text, "d5 0c 9101")
	l.mustAdd("refinement key that is text", text, "c7 04 0c 81 a161 c2")
	l.mustAdd("null refinement that is no bool", text, "c7 03 0c 81 01 01")
	l.mustAdd("prefix that is no string", text, "c7 03 0c 81 02 c2")
	l.mustAdd("prefix that is not UTF-8", text, "c7 04 0c 81 02 a1ff")
	l.mustAdd("prefix of a number", number, "c7 04 0c 81 02 a161")
	l.mustAdd("prefix of a list", list, "c7 04 0c 81 02 a161")
	l.mustAdd("number bound of a string", text, "c7 05 0c 81 03 9201c3")
	l.mustAdd("length of a string", text, "c7 03 0c 81 05 01")
	l.mustAdd("length of an object", objectType, "c7 03 0c 81 05 01")
	l.mustAdd("length of a tuple", tupleType, "c7 03 0c 81 06 01")
	l.mustAdd("number bound that is no pair", number, "c7 03 0c 81 03 01")
	l.mustAdd("number bound without bool", number, "c7 05 0c 81 03 920101")
	l.mustAdd("number bound that is null", number, "c7 05 0c 81 03 92c0c3")
	l.mustAdd("number bound that is text", number, "c7 06 0c 81 03 92a178c3")
	l.mustAdd("number bounds that contradict", number, "c7 09 0c 82 03 9205c3 04 9201c3")
	l.mustAdd("number bound that is not a number", number, "c7 0d 0c 81 03 92cb7ff8000000000001c3")
	l.mustAdd("length that is text", list, "c7 04 0c 81 05 a131")
	l.mustAdd("lengths that contradict", list, "c7 05 0c 82 05 05 06 01")
	l.mustAdd("null and not null", text, "c7 05 0c 82 01 c3 01 c2")
	l.mustAdd("refinements cut short", text, "c7 02 0c 82 01")
	l.mustAdd("more refinements than there are", text, "c7 03 0c 82 01 c2")
	l.mustAdd("two attributes wrong", cty.List(objectType), "92 82a161a178a16201 82a16101a162a178")
}

// stricter rows are taken by go-cty, in ways that lose or change something.
func (l *invalidList) stricter() {
	add := func(name string, ty cty.Type, text string, why string) {
		bytes, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
		must(err)
		if _, err := decode(bytes, ty); err != nil {
			panic(fmt.Sprintf("go-cty refuses %s: %v", name, err))
		}
		l.rows = append(l.rows, row{Name: name, Type: typeJSON(ty), Msgpack: hex.EncodeToString(bytes), Note: stricter + why})
	}
	add("trailing byte", cty.String, "a161 00", "something was cut or joined wrongly")
	add("trailing value", cty.List(cty.Bool), "91c3 91c3", "something was cut or joined wrongly")
	add("trailing byte in dynamic", cty.DynamicPseudoType, "92c406 22626f6f6c22 c3 c0", "something was cut or joined wrongly")
	add("map key twice", cty.Map(cty.Bool), "82 a161c3 a161c2", "one of the two values would vanish")
	add("map key that is null", cty.Map(cty.Bool), "81 c0 c3", "null is not the empty key")
	add("text that is not UTF-8", cty.String, "a2 c3 28", "it would change when it is stored")
	add("text with a surrogate", cty.String, "a3 eda080", "it would change when it is stored")
	add("text in overlong UTF-8", cty.String, "a2 c0af", "it would change when it is stored")
	add("key that is not UTF-8", cty.Map(cty.Bool), "81 a1ff c3", "it would change when it is stored")
	add("infinity", cty.Number, "cb7ff0000000000000", "it cannot be stored")
	add("negative infinity, single", cty.Number, "caff800000", "it cannot be stored")
	add("infinity in text", cty.Number, "a3496e66", "it cannot be stored")
	add("binary exponent", cty.Number, "a3317035", "no configuration has it: 1p5 is 32")
	add("exponent beyond a hundred thousand", cty.Number, "a8 3165313030303031", "its plain text would have as many digits")
}

// hugeExponent is a number whose plain digits would fill the memory.
var hugeExponent = regexp.MustCompile(`[0-9.][eEpP][+-]?[0-9]{5}`)

// exhaustsMemory is whether `bytes` may promise a list, map or number so long that go-cty, which believes it, would
// end this process.
func exhaustsMemory(bytes []byte) bool {
	for i, code := range bytes {
		if (code == 0xdd || code == 0xdf) && i+4 < len(bytes) && (bytes[i+1] != 0 || bytes[i+2] >= 0x10) {
			return true
		}
	}
	return hugeExponent.Match(bytes)
}
