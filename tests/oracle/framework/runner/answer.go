package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	ctymsgpack "github.com/zclconf/go-cty/cty/msgpack"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// texts prints all diagnostics while they are read, for whoever looks into a difference.
var texts bool

// kinds are the types of the values in an answer.
type kinds struct{ state, identity cty.Type }

// readable is `message` as maps, slices and text, in which equal means the same to Terraform: values are decoded, texts
// of diagnostics are left out, and what has a name is not in any order.
func readable(message protoreflect.Message, of kinds) map[string]any {
	tree := map[string]any{}
	fields := message.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		name, value := string(field.Name()), message.Get(field)
		switch {
		case field.Message() != nil && !field.IsList() && !field.IsMap() && field.Message().Name() == "DynamicValue":
			tree[name] = readableValue(decode(value.Message(), name, of))
		case !message.Has(field):
		case field.IsMap():
			entries := map[string]any{}
			value.Map().Range(func(key protoreflect.MapKey, entry protoreflect.Value) bool {
				entries[key.String()] = readable(entry.Message(), of)
				return true
			})
			tree[name] = entries
		case name == "diagnostics":
			tree[name] = readableDiagnostics(value.List())
		case name == "requires_replace":
			paths := []any{}
			for j := range value.List().Len() {
				paths = append(paths, readablePath(value.List().Get(j).Message()))
			}
			tree[name] = paths
		case field.IsList():
			tree[name] = readableList(value.List(), of)
		case name == "error" && field.Message() != nil: // of a function
			at := "no argument"
			argument := field.Message().Fields().ByName("function_argument")
			if value.Message().Has(argument) {
				at = fmt.Sprintf("argument %d", value.Message().Get(argument).Int())
			}
			tree[name] = at + silence(get(value.Message(), "text").String())
		case field.Message() != nil:
			tree[name] = readable(value.Message(), of)
		case strings.Contains(name, "private"):
			tree[name] = readablePrivate(value.Bytes())
		case field.Kind() == protoreflect.BytesKind:
			tree[name] = string(value.Bytes())
		case field.Kind() == protoreflect.EnumKind:
			tree[name] = string(field.Enum().Values().ByNumber(value.Enum()).Name())
		default:
			tree[name] = fmt.Sprint(value.Interface())
		}
	}
	return tree
}

// decisive is an answer without what Terraform does not look at: after an error that is everything else, but for the
// state that an apply may have left.
func decisive(rpc string, tree map[string]any) map[string]any {
	lines, _ := tree["diagnostics"].([]any)
	failed := false
	for _, line := range lines {
		failed = failed || strings.HasPrefix(line.(string), "error")
	}
	switch {
	case failed && rpc != "ApplyResourceChange":
		return map[string]any{"diagnostics": tree["diagnostics"]}
	case rpc == "CallFunction" && tree["error"] != nil:
		return map[string]any{"error": tree["error"]}
	}
	return tree
}

// What has a name is compared by it. The parameters of a function are in an order.
func readableList(values protoreflect.List, of kinds) any {
	named, ordered := map[string]any{}, []any{}
	for i := range values.Len() {
		element := values.Get(i).Message()
		tree := readable(element, of)
		ordered = append(ordered, tree)
		if element.Descriptor().Name() == "Parameter" {
			continue
		}
		if name, is := tree["name"].(string); is {
			named[name] = tree
		} else if name, is := tree["type_name"].(string); is && element.Descriptor().Name() != "ImportedResource" {
			named[name] = tree
		}
	}
	if len(named) == len(ordered) {
		return named
	}
	return ordered
}

func silence(text string) string {
	if strings.TrimSpace(text) == "" {
		return ", and says nothing"
	}
	return ""
}

func readableDiagnostics(diagnostics protoreflect.List) any {
	lines := []string{}
	for i := range diagnostics.Len() {
		m := diagnostics.Get(i).Message()
		if texts {
			fmt.Printf("  %s: %s (at %q)\n", get(m, "summary").String(), get(m, "detail").String(), readablePath(get(m, "attribute").Message()))
		}
		line := fmt.Sprintf("%s at %q", []string{"INVALID", "error", "warning"}[get(m, "severity").Enum()], readablePath(get(m, "attribute").Message()))
		lines = append(lines, line+silence(get(m, "summary").String())+silence(get(m, "detail").String()))
	}
	sort.Strings(lines)
	tree := []any{}
	for _, line := range lines {
		tree = append(tree, line)
	}
	return tree
}

func readablePath(path protoreflect.Message) string {
	text := ""
	each(path, "steps", func(step protoreflect.Message) {
		which := step.WhichOneof(step.Descriptor().Oneofs().ByName("selector"))
		switch {
		case which == nil:
			text += ".(nothing)"
		case which.Name() == "attribute_name":
			text += "." + step.Get(which).String()
		case which.Name() == "element_key_string":
			text += fmt.Sprintf("[%q]", step.Get(which).String())
		default:
			text += fmt.Sprintf("[%d]", step.Get(which).Int())
		}
	})
	return strings.TrimPrefix(text, ".")
}

// readablePrivate opens what the framework makes of private data: JSON of names and bytes, which are JSON again.
func readablePrivate(private []byte) any {
	entries := map[string]string{}
	if json.Unmarshal(private, &entries) != nil {
		return string(private)
	}
	tree := map[string]any{}
	for key, encoded := range entries {
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return string(private)
		}
		tree[key] = string(decoded)
	}
	return tree
}

// decode is the value in a DynamicValue, or why there is none.
func decode(message protoreflect.Message, field string, of kinds) (cty.Value, error) {
	kind := of.state
	if field == "identity_data" {
		kind = of.identity
	}
	if kind == cty.NilType {
		return cty.NilVal, fmt.Errorf("a value where none belongs")
	}
	if encoded := get(message, "msgpack").Bytes(); len(encoded) > 0 {
		return ctymsgpack.Unmarshal(encoded, kind)
	}
	if encoded := get(message, "json").Bytes(); len(encoded) > 0 {
		return ctyjson.Unmarshal(encoded, kind)
	}
	return cty.NullVal(kind), nil
}

func readableValue(value cty.Value, err error) any {
	switch {
	case err != nil:
		return "UNREADABLE: " + err.Error()
	case value.IsKnown() && !value.IsNull() && value.Type() == cty.Number:
		// As short as tells it from its neighbours, which is how Terraform compares numbers that are not whole.
		return value.AsBigFloat().Text('g', -1)
	case value.IsNull() || !value.IsKnown() || !value.CanIterateElements():
		return value.GoString()
	case value.Type().IsObjectType() || value.Type().IsMapType():
		tree := map[string]any{}
		for name, inner := range value.AsValueMap() {
			tree[name] = readableValue(inner, nil)
		}
		if len(tree) == 0 {
			return value.GoString()
		}
		return tree
	}
	tree := []any{}
	for _, inner := range value.AsValueSlice() {
		tree = append(tree, readableValue(inner, nil))
	}
	if value.Type().IsSetType() {
		sort.Slice(tree, func(i, j int) bool { return fmt.Sprint(tree[i]) < fmt.Sprint(tree[j]) })
	}
	if len(tree) == 0 {
		return value.GoString()
	}
	return tree
}

// difference is one place where two answers are not the same.
type difference struct{ at, reference, other string }

// differences between two trees, by their places.
func differences(at string, reference, other any) []difference {
	as, areMaps := reference.(map[string]any)
	bs, alsoMaps := other.(map[string]any)
	if areMaps && alsoMaps {
		names := map[string]bool{}
		for name := range as {
			names[name] = true
		}
		for name := range bs {
			names[name] = true
		}
		sorted := []string{}
		for name := range names {
			sorted = append(sorted, name)
		}
		sort.Strings(sorted)
		found := []difference{}
		for _, name := range sorted {
			found = append(found, differences(strings.TrimPrefix(at+"."+name, "."), as[name], bs[name])...)
		}
		return found
	}
	aList, areLists := reference.([]any)
	bList, alsoLists := other.([]any)
	if areLists && alsoLists && len(aList) == len(bList) {
		found := []difference{}
		for i := range aList {
			found = append(found, differences(fmt.Sprintf("%s[%d]", at, i), aList[i], bList[i])...)
		}
		return found
	}
	if shown(reference) == shown(other) {
		return nil
	}
	return []difference{{at, shown(reference), shown(other)}}
}

func shown(tree any) string {
	if tree == nil {
		return "nothing"
	}
	if text, is := tree.(string); is {
		return text
	}
	encoded, _ := json.Marshal(tree)
	return string(encoded)
}
