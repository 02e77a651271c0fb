package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/big"
	"sort"
	"strconv"

	"github.com/zclconf/go-cty/cty"
	ctymsgpack "github.com/zclconf/go-cty/cty/msgpack"
)

// wideBytes is `value` in msgpack, with `choose(n)` deciding at each token between the n forms that it may
// legally have, the shortest first.
func wideBytes(value cty.Value, ty cty.Type, choose func(int) int) []byte {
	w := &wideWriter{choose: choose}
	w.value(value, ty)
	return w.out.Bytes()
}

type wideWriter struct {
	out    bytes.Buffer
	choose func(int) int
}

func (w *wideWriter) value(value cty.Value, ty cty.Type) {
	switch {
	case ty == cty.DynamicPseudoType && value.Type() != cty.DynamicPseudoType:
		w.header(2, 0x90, 16, []byte{0xdc, 0xdd}, 2)
		w.text(string(typeJSON(value.Type())))
		w.value(value, value.Type())
	case !value.IsKnown():
		w.unknown(value, ty)
	case value.IsNull():
		w.out.WriteByte(0xc0)
	case ty == cty.Bool:
		w.out.WriteByte(map[bool]byte{false: 0xc2, true: 0xc3}[value.True()])
	case ty == cty.String:
		w.text(value.AsString())
	case ty == cty.Number:
		w.number(value.AsBigFloat())
	case ty.IsListType(), ty.IsSetType(), ty.IsTupleType():
		w.header(value.LengthInt(), 0x90, 16, []byte{0xdc, 0xdd}, 2)
		i := 0
		for it := value.ElementIterator(); it.Next(); i++ {
			_, element := it.Element()
			if ty.IsTupleType() {
				w.value(element, ty.TupleElementType(i))
			} else {
				w.value(element, ty.ElementType())
			}
		}
	case ty.IsMapType():
		w.header(value.LengthInt(), 0x80, 16, []byte{0xde, 0xdf}, 2)
		for it := value.ElementIterator(); it.Next(); {
			key, element := it.Element()
			w.text(key.AsString())
			w.value(element, ty.ElementType())
		}
	case ty.IsObjectType():
		names := sortedNames(ty)
		if w.choose(3) == 1 { // the order of attributes is free
			for i := len(names) - 1; i > 0; i-- {
				j := w.choose(i + 1)
				names[i], names[j] = names[j], names[i]
			}
		}
		w.header(len(names), 0x80, 16, []byte{0xde, 0xdf}, 2)
		for _, name := range names {
			w.text(name)
			w.value(value.GetAttr(name), ty.AttributeType(name))
		}
	}
}

// header writes a length: in one byte below `limit`, or behind one of `codes`, whose lengths have `width`
// bytes, then twice as many, and so on.
func (w *wideWriter) header(n int, fixed byte, limit int, codes []byte, width int) {
	var forms [][]byte
	if n < limit {
		forms = append(forms, []byte{fixed | byte(n)})
	}
	for _, code := range codes {
		if uint64(n)>>(8*width) == 0 {
			var full [8]byte
			binary.BigEndian.PutUint64(full[:], uint64(n))
			forms = append(forms, append([]byte{code}, full[8-width:]...))
		}
		width *= 2
	}
	w.out.Write(forms[w.choose(len(forms))])
}

// text is a string in a str or bin form.
func (w *wideWriter) text(text string) {
	if w.choose(3) == 2 {
		w.header(len(text), 0, 0, []byte{0xc4, 0xc5, 0xc6}, 1)
	} else {
		w.header(len(text), 0xa0, 32, []byte{0xd9, 0xda, 0xdb}, 1)
	}
	w.out.WriteString(text)
}

func (w *wideWriter) number(number *big.Float) {
	forms := numberForms(number)
	text := number.Text('f', -1)
	choices := len(forms)
	// The digits that tell one double from the next are another number than the double itself.
	if len(forms) == 0 || cty.MustParseNumberVal(text).AsBigFloat().Cmp(number) == 0 {
		choices++
	}
	if at := w.choose(choices); at < len(forms) {
		w.out.Write(forms[at])
	} else {
		w.text(text)
	}
}

// numberForms are the binary forms that hold `number` exactly.
func numberForms(number *big.Float) [][]byte {
	var forms [][]byte
	add := func(code byte, width int, bits uint64) {
		var full [8]byte
		binary.BigEndian.PutUint64(full[:], bits)
		forms = append(forms, append([]byte{code}, full[8-width:]...))
	}
	if n, accuracy := number.Int64(); accuracy == big.Exact {
		if n >= -32 && n <= 127 {
			forms = append(forms, []byte{byte(n)})
		}
		for i, width := range []int{1, 2, 4, 8} {
			if shift := 64 - 8*width; n<<shift>>shift == n {
				add(0xd0+byte(i), width, uint64(n))
			}
		}
	}
	// The same digits as go-cty's text: it shortens those of a number that was a double.
	if n, accuracy := number.Uint64(); accuracy == big.Exact && number.Text('f', -1) == strconv.FormatUint(n, 10) {
		for i, width := range []int{1, 2, 4, 8} {
			if width == 8 || n>>(8*width) == 0 {
				add(0xcc+byte(i), width, n)
			}
		}
	}
	// Whole numbers beyond int64 have no binary form here: go-cty reads a double of 2^63 exactly, and then writes
	// the shortest decimal that is nearest to it, which is another whole number.
	_, fits := number.Int64()
	if f, accuracy := number.Float64(); accuracy == big.Exact && (fits == big.Exact || !number.IsInt()) {
		add(0xcb, 8, math.Float64bits(f))
		if float64(float32(f)) == f {
			add(0xca, 4, uint64(math.Float32bits(float32(f))))
		}
	}
	return forms
}

// unknown is an extension: an empty one or one of a byte, whatever its type, where nothing is known; else 12
// with go-cty's payload.
func (w *wideWriter) unknown(value cty.Value, ty cty.Type) {
	canonical, err := ctymsgpack.Marshal(value, ty)
	must(err)
	if bytes.Equal(canonical, []byte{0xd4, 0, 0}) {
		forms := [][]byte{canonical, {0xd4, 12, 0}, {0xd4, 5, 7}, {0xc7, 0, 0}, {0xc7, 0, 12}, {0xc7, 1, 0, 0}, {0xc8, 0, 0, 0}, {0xc8, 0, 1, 0, 0}, {0xc9, 0, 0, 0, 0, 0}, {0xc9, 0, 0, 0, 1, 3, 0}}
		w.out.Write(forms[w.choose(len(forms))])
		return
	}
	payload := canonical[2:]
	if canonical[0] == 0xc7 || canonical[0] == 0xc8 {
		payload = canonical[3+int(canonical[0]-0xc7):]
	}
	if w.choose(3) == 0 {
		w.out.Write(canonical)
		return
	}
	w.header(len(payload), 0, 0, []byte{0xc7, 0xc8, 0xc9}, 1)
	w.out.WriteByte(12)
	w.out.Write(payload)
}

func sortedNames(ty cty.Type) []string {
	names := make([]string, 0)
	for name := range ty.AttributeTypes() {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
