package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// verdict is what go-cty makes of one row.
type verdict struct {
	OK      bool   `json:"ok"`
	Error   string `json:"error,omitempty"`
	JSON    string `json:"json,omitempty"`
	Msgpack string `json:"msgpack,omitempty"`
	// Whether the row's "canonical", where it has one, is the same value to Terraform.
	Same bool `json:"same"`
}

// check answers each row with its verdict: the row's value is in "msgpack", or where there is none in "json".
func check(in io.Reader, lines *json.Encoder, out *bufio.Writer) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	for {
		line, err := reader.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return nil
		}
		if err != nil && err != io.EOF {
			return err
		}
		if err := lines.Encode(judge(line)); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
}

func judge(line []byte) verdict {
	refused := func(err error) verdict { return verdict{Error: err.Error()} }
	var r row
	if err := json.Unmarshal(line, &r); err != nil {
		return refused(err)
	}
	ty, err := ctyjson.UnmarshalType(r.Type)
	if err != nil {
		return refused(err)
	}
	wire, err := hex.DecodeString(r.Msgpack)
	if err != nil {
		return refused(err)
	}
	value, err := decode(wire, ty)
	if r.Msgpack == "" && r.JSON != "" {
		value, err = decodeJSON([]byte(r.JSON), ty)
	}
	if err != nil {
		return refused(err)
	}
	again, err := encode(value, ty)
	if err != nil {
		return refused(err)
	}
	other := again
	if r.Canonical != "" {
		if other, err = hex.DecodeString(r.Canonical); err != nil {
			return refused(err)
		}
	}
	return verdict{OK: true, Msgpack: hex.EncodeToString(again), JSON: jsonOf(value, ty), Same: sameValue(value, again, other, ty)}
}

// sameValue is whether `other` is `value`, whose bytes are `own`: by Terraform's own comparison, which lets numbers
// differ in what only go-cty knows of them, or by the bytes, which let unknowns differ so.
func sameValue(value cty.Value, own []byte, other []byte, ty cty.Type) bool {
	read, err := decode(other, ty)
	if err != nil {
		return false
	}
	again, err := encode(read, ty)
	return err == nil && (bytes.Equal(again, own) || read.RawEquals(value))
}
