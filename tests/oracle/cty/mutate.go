package main

import "encoding/hex"

// mutatedRows are random rows with one to three bytes changed, removed or put in. Nothing is said about what they
// mean, or whether they mean anything.
func mutatedRows(count int, seed uint64) []row {
	r := &random{seed}
	originals := generatedRows(count/10+1, seed, true)
	rows := make([]row, 0, count)
	for len(rows) < count {
		original := pick(r, originals)
		bytes, err := hex.DecodeString(original.Msgpack)
		must(err)
		for range 1 + r.below(3) {
			bytes = r.changed(bytes)
		}
		if len(bytes) == 0 || exhaustsMemory(bytes) {
			continue
		}
		rows = append(rows, row{Name: "mutant of " + original.Name, Type: original.Type, Msgpack: hex.EncodeToString(bytes)})
	}
	return rows
}

// Bytes that begin something, and are likelier to make sense than others.
var beginnings = []byte{0x00, 0x01, 0x7f, 0x80, 0x81, 0x90, 0x91, 0x92, 0xa0, 0xa1, 0xc0, 0xc2, 0xc3, 0xc4, 0xc7, 0xca, 0xcb, 0xcc, 0xcf, 0xd0, 0xd3, 0xd4, 0xd5, 0xd9, 0xda, 0xdc, 0xde, 0xe0, 0xff}

func (r *random) changed(bytes []byte) []byte {
	if len(bytes) == 0 {
		return bytes
	}
	at := r.below(len(bytes))
	changed := append([]byte{}, bytes...)
	switch r.below(5) {
	case 0:
		changed[at] ^= 1 << r.below(8)
	case 1:
		changed[at] = byte(r.next())
	case 2:
		changed[at] = pick(r, beginnings)
	case 3:
		changed = append(changed[:at], changed[at+1:]...)
	default:
		changed = append(changed[:at], append([]byte{pick(r, beginnings)}, bytes[at:]...)...)
	}
	return changed
}
