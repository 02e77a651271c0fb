package main

import (
	"github.com/zclconf/go-cty/cty"
	ctymsgpack "github.com/zclconf/go-cty/cty/msgpack"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// object is what a provider says of a resource: its state and what belongs to it.
type object struct {
	state    cty.Value
	private  []byte
	identity cty.Value
}

// talk asks one provider about one test, and keeps what it answers.
type talk struct {
	provider *provider
	schemas  *schemas // of the reference
	answers  []step
}

type step struct {
	name string
	tree map[string]any
}

func encoded(value cty.Value, kind cty.Type) []byte {
	if value == cty.NilVal {
		return nil
	}
	bytes, err := ctymsgpack.Marshal(value, kind)
	if err != nil {
		panic(err)
	}
	return bytes
}

// ask makes a call, keeps its answer as the one of `step`, and returns the message; nil when there is none.
func (t *talk) ask(name, rpc string, of kinds, fields map[string]any) protoreflect.Message {
	answer, err := t.provider.call(rpc, fields)
	if err != nil {
		t.answers = append(t.answers, step{name, map[string]any{"failed": err.Error()}})
		return nil
	}
	t.answers = append(t.answers, step{name, decisive(rpc, readable(answer, of))})
	return answer
}

func failed(answer protoreflect.Message) (fails bool) {
	if answer == nil {
		return true
	}
	each(answer, "diagnostics", func(m protoreflect.Message) { fails = fails || get(m, "severity").Enum() == 1 })
	return fails
}

func (t *talk) kinds(resource string) kinds {
	return kinds{t.schemas.resources[resource].implied(), t.schemas.identities[resource]}
}

// value is the DynamicValue called `field` of an answer; null when it cannot be read.
func value(answer protoreflect.Message, field string, kind cty.Type) cty.Value {
	read, err := decode(get(answer, field).Message(), field, kinds{kind, kind})
	if err != nil {
		return cty.NullVal(kind)
	}
	return read
}

func identityOf(answer protoreflect.Message, field string, kind cty.Type) cty.Value {
	if kind == cty.NilType || !answer.Has(answer.Descriptor().Fields().ByName(protoreflect.Name(field))) {
		return cty.NilVal
	}
	return value(get(answer, field).Message(), "identity_data", kind)
}

func sentIdentity(identity cty.Value, kind cty.Type) any {
	if identity == cty.NilVal || identity.IsNull() {
		return nil
	}
	return map[string]any{"identity_data": encoded(identity, kind)}
}

func (t *talk) validate(name, resource string, config cty.Value) protoreflect.Message {
	fields := map[string]any{"type_name": resource, "config": encoded(config, t.kinds(resource).state)}
	fields["client_capabilities"] = map[string]any{"write_only_attributes_allowed": true}
	return t.ask(name, "ValidateResourceConfig", t.kinds(resource), fields)
}

// plan asks for the plan from `prior` to `config`; null is for what is not there.
func (t *talk) plan(name, resource string, prior object, config cty.Value) (object, protoreflect.Message) {
	schema := t.schemas.resources[resource]
	before := prior.state
	if before.IsNull() {
		before = schema.nothing()
	}
	return t.planProposed(name, resource, prior, config, schema.proposed(before, config))
}

func (t *talk) planProposed(name, resource string, prior object, config, proposed cty.Value) (object, protoreflect.Message) {
	of := t.kinds(resource)
	answer := t.ask(name, "PlanResourceChange", of, map[string]any{
		"type_name": resource, "prior_state": encoded(prior.state, of.state), "proposed_new_state": encoded(proposed, of.state),
		"config": encoded(config, of.state), "prior_private": prior.private, "prior_identity": sentIdentity(prior.identity, of.identity),
	})
	if answer == nil {
		return object{state: cty.NullVal(of.state)}, nil
	}
	return object{value(answer, "planned_state", of.state), get(answer, "planned_private").Bytes(),
		identityOf(answer, "planned_identity", of.identity)}, answer
}

func (t *talk) apply(name, resource string, prior cty.Value, planned object, config cty.Value) (object, protoreflect.Message) {
	of := t.kinds(resource)
	answer := t.ask(name, "ApplyResourceChange", of, map[string]any{
		"type_name": resource, "prior_state": encoded(prior, of.state), "planned_state": encoded(planned.state, of.state),
		"config": encoded(config, of.state), "planned_private": planned.private, "planned_identity": sentIdentity(planned.identity, of.identity),
	})
	if answer == nil {
		return object{state: prior}, nil
	}
	return object{value(answer, "new_state", of.state), get(answer, "private").Bytes(), identityOf(answer, "new_identity", of.identity)}, answer
}

func (t *talk) read(name, resource string, current object) (object, protoreflect.Message) {
	of := t.kinds(resource)
	answer := t.ask(name, "ReadResource", of, map[string]any{
		"type_name": resource, "current_state": encoded(current.state, of.state), "private": current.private,
		"current_identity": sentIdentity(current.identity, of.identity),
	})
	if answer == nil {
		return current, nil
	}
	return object{value(answer, "new_state", of.state), get(answer, "private").Bytes(), identityOf(answer, "new_identity", of.identity)}, answer
}

// importState asks for an import by `id`, or by `identity` when that is not NilVal.
func (t *talk) importState(name, resource, id string, identity cty.Value) (object, bool) {
	of := t.kinds(resource)
	answer := t.ask(name, "ImportResourceState", of, map[string]any{"type_name": resource, "id": id, "identity": sentIdentity(identity, of.identity)})
	if failed(answer) || get(answer, "imported_resources").List().Len() != 1 {
		return object{}, false
	}
	imported := get(answer, "imported_resources").List().Get(0).Message()
	return object{value(imported, "state", of.state), get(imported, "private").Bytes(), identityOf(imported, "identity", of.identity)}, true
}

func (t *talk) validateData(name, source string, config cty.Value) protoreflect.Message {
	kind := t.schemas.dataSources[source].implied()
	return t.ask(name, "ValidateDataResourceConfig", kinds{}, map[string]any{"type_name": source, "config": encoded(config, kind)})
}

func (t *talk) readData(name, source string, config cty.Value) {
	kind := t.schemas.dataSources[source].implied()
	t.ask(name, "ReadDataSource", kinds{state: kind}, map[string]any{"type_name": source, "config": encoded(config, kind)})
}

// nothing is the state before there is one: everything null, and no blocks.
func (b block) nothing() cty.Value { return b.fromJSON(map[string]any{}) }
