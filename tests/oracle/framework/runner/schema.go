package main

import (
	"encoding/json"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Nestings of blocks and of nested attributes, by their numbers in the protocol.
const (
	single = 1
	list   = 2
	set    = 3
	mapped = 4
)

// attribute is what the runner needs to know of an attribute.
type attribute struct {
	optional, computed, writeOnly bool
	kind                          cty.Type
	nested                        *block // nil when it is not made of nested attributes
	nesting                       int
}

// block is the inside of a schema, of a block, or of a nested attribute.
type block struct {
	attributes map[string]attribute
	blocks     map[string]nestedBlock
}

type nestedBlock struct {
	block
	nesting int
}

// schemas are those of a provider.
type schemas struct {
	provider    block
	resources   map[string]block
	versions    map[string]int
	dataSources map[string]block
	identities  map[string]cty.Type
	functions   map[string]protoreflect.Message
}

func get(message protoreflect.Message, name string) protoreflect.Value {
	field := message.Descriptor().Fields().ByName(protoreflect.Name(name))
	if field == nil {
		panic(fmt.Sprintf("%s has no %s", message.Descriptor().FullName(), name))
	}
	return message.Get(field)
}

func each(message protoreflect.Message, name string, do func(protoreflect.Message)) {
	elements := get(message, name).List()
	for i := range elements.Len() {
		do(elements.Get(i).Message())
	}
}

func typeOf(encoded []byte) (kind cty.Type) {
	if err := json.Unmarshal(encoded, &kind); err != nil {
		panic(fmt.Sprintf("a type %q in a schema: %v", encoded, err))
	}
	return kind
}

func readAttributes(message protoreflect.Message) map[string]attribute {
	attributes := map[string]attribute{}
	each(message, "attributes", func(m protoreflect.Message) {
		read := attribute{optional: get(m, "optional").Bool(), computed: get(m, "computed").Bool(), writeOnly: get(m, "write_only").Bool()}
		nested := m.Descriptor().Fields().ByName("nested_type")
		if nested != nil && m.Has(nested) {
			object := m.Get(nested).Message()
			read.nested = &block{attributes: readAttributes(object)}
			read.nesting = int(get(object, "nesting").Enum())
			read.kind = repeated(read.nested.implied(), read.nesting)
		} else {
			read.kind = typeOf(get(m, "type").Bytes())
		}
		attributes[get(m, "name").String()] = read
	})
	return attributes
}

func readBlock(message protoreflect.Message) block {
	read := block{readAttributes(message), map[string]nestedBlock{}}
	each(message, "block_types", func(m protoreflect.Message) {
		read.blocks[get(m, "type_name").String()] = nestedBlock{readBlock(get(m, "block").Message()), int(get(m, "nesting").Enum())}
	})
	return read
}

func repeated(object cty.Type, nesting int) cty.Type {
	switch nesting {
	case list:
		return cty.List(object)
	case set:
		return cty.Set(object)
	case mapped:
		return cty.Map(object)
	}
	return object
}

// implied is the type of the values of `b`.
func (b block) implied() cty.Type {
	kinds := map[string]cty.Type{}
	for name, attribute := range b.attributes {
		kinds[name] = attribute.kind
	}
	for name, inner := range b.blocks {
		kinds[name] = repeated(inner.implied(), inner.nesting)
	}
	return cty.Object(kinds)
}

// readSchemas asks `p` for all its schemas.
func readSchemas(p *provider) (*schemas, error) {
	answer, err := p.call("GetProviderSchema", nil)
	if err != nil {
		return nil, err
	}
	read := schemas{resources: map[string]block{}, versions: map[string]int{}, dataSources: map[string]block{},
		identities: map[string]cty.Type{}, functions: map[string]protoreflect.Message{}}
	read.provider = readBlock(get(get(answer, "provider").Message(), "block").Message())
	get(answer, "resource_schemas").Map().Range(func(name protoreflect.MapKey, schema protoreflect.Value) bool {
		read.resources[name.String()] = readBlock(get(schema.Message(), "block").Message())
		read.versions[name.String()] = int(get(schema.Message(), "version").Int())
		return true
	})
	get(answer, "data_source_schemas").Map().Range(func(name protoreflect.MapKey, schema protoreflect.Value) bool {
		read.dataSources[name.String()] = readBlock(get(schema.Message(), "block").Message())
		return true
	})
	get(answer, "functions").Map().Range(func(name protoreflect.MapKey, function protoreflect.Value) bool {
		read.functions[name.String()] = function.Message()
		return true
	})
	if answer, err = p.call("GetResourceIdentitySchemas", nil); err != nil {
		return &read, nil // a provider without identities need not have the call
	}
	get(answer, "identity_schemas").Map().Range(func(name protoreflect.MapKey, schema protoreflect.Value) bool {
		kinds := map[string]cty.Type{}
		each(schema.Message(), "identity_attributes", func(m protoreflect.Message) {
			kinds[get(m, "name").String()] = typeOf(get(m, "type").Bytes())
		})
		read.identities[name.String()] = cty.Object(kinds)
		return true
	})
	return &read, nil
}

// value is the JSON `text` as a value of `b`: what is left out is null, a block that is left out is empty, and "?" is
// not known.
func (b block) value(text string) cty.Value {
	return b.fromJSON(parsed(text))
}

func (b block) fromJSON(parsed any) cty.Value {
	if parsed == nil {
		return cty.NullVal(b.implied())
	}
	members := parsed.(map[string]any)
	values := map[string]cty.Value{}
	for name, attribute := range b.attributes {
		if attribute.nested != nil {
			values[name] = attribute.nested.repeatedFromJSON(members[name], attribute.nesting, cty.NullVal(attribute.kind))
		} else {
			values[name] = fromJSON(members[name], attribute.kind)
		}
	}
	for name, inner := range b.blocks {
		none := cty.NullVal(inner.implied())
		if inner.nesting != single {
			none = empty(repeated(inner.implied(), inner.nesting))
		}
		values[name] = inner.repeatedFromJSON(members[name], inner.nesting, none)
	}
	for name := range members {
		if _, known := values[name]; !known {
			panic("a case sets " + name + ", which the schema does not have")
		}
	}
	return cty.ObjectVal(values)
}

func (b block) repeatedFromJSON(parsed any, nesting int, none cty.Value) cty.Value {
	kind := repeated(b.implied(), nesting)
	switch parsed := parsed.(type) {
	case nil:
		return none
	case string:
		return cty.UnknownVal(kind)
	case []any:
		elements := []cty.Value{}
		for _, element := range parsed {
			elements = append(elements, b.elementFromJSON(element))
		}
		return collected(kind, elements)
	case map[string]any:
		if nesting == single {
			return b.fromJSON(parsed)
		}
		elements := map[string]cty.Value{}
		for key, element := range parsed {
			elements[key] = b.elementFromJSON(element)
		}
		if len(elements) == 0 {
			return empty(kind)
		}
		return cty.MapVal(elements)
	}
	panic(fmt.Sprintf("%T as nested values", parsed))
}

func (b block) elementFromJSON(parsed any) cty.Value {
	if _, unknown := parsed.(string); unknown {
		return cty.UnknownVal(b.implied())
	}
	return b.fromJSON(parsed)
}

func empty(kind cty.Type) cty.Value {
	switch {
	case kind.IsListType():
		return cty.ListValEmpty(kind.ElementType())
	case kind.IsSetType():
		return cty.SetValEmpty(kind.ElementType())
	default:
		return cty.MapValEmpty(kind.ElementType())
	}
}

func collected(kind cty.Type, elements []cty.Value) cty.Value {
	switch {
	case len(elements) == 0:
		return empty(kind)
	case kind.IsListType():
		return cty.ListVal(elements)
	default:
		return cty.SetVal(elements)
	}
}

// fromJSON is `parsed` as a value of `kind`. For a dynamic one, the JSON says what it is.
func fromJSON(parsed any, kind cty.Type) cty.Value {
	if parsed == nil {
		return cty.NullVal(kind)
	}
	if text, is := parsed.(string); is && text == "?" {
		return cty.UnknownVal(kind)
	}
	encoded, _ := json.Marshal(parsed)
	if kind == cty.DynamicPseudoType {
		implied, err := ctyjson.ImpliedType(encoded)
		if err != nil {
			panic(err)
		}
		kind = implied
	} else if elements, is := parsed.([]any); is && (kind.IsListType() || kind.IsSetType()) {
		values := []cty.Value{}
		for _, element := range elements {
			values = append(values, fromJSON(element, kind.ElementType()))
		}
		return collected(kind, values)
	} else if entries, is := parsed.(map[string]any); is && kind.IsMapType() && len(entries) > 0 {
		values := map[string]cty.Value{}
		for key, element := range entries {
			values[key] = fromJSON(element, kind.ElementType())
		}
		return cty.MapVal(values)
	} else if is && kind.IsObjectType() {
		values := map[string]cty.Value{}
		for name, inner := range kind.AttributeTypes() {
			values[name] = fromJSON(entries[name], inner)
		}
		return cty.ObjectVal(values)
	}
	value, err := ctyjson.Unmarshal(encoded, kind)
	if err != nil {
		panic(fmt.Sprintf("%s as %s: %v", encoded, kind.FriendlyName(), err))
	}
	return value
}
