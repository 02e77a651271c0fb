package main

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// test is what both providers are asked, and what their answers are called.
type test struct {
	name  string
	about string // the resource, data source or function; without it in the other provider, the test is left out
	run   func(*talk)
}

// chain is the life of a resource: created, changed, and destroyed, with every answer of the provider given back to it.
func chain(name, resource string, configs ...string) test {
	return test{"chain/" + name, resource, func(t *talk) {
		schema := t.schemas.resources[resource]
		kind := schema.implied()
		none := cty.NullVal(kind)
		now := object{state: none}
		for i, text := range configs {
			config := schema.value(text)
			at := func(what string) string { return fmt.Sprintf("%d %s", i+1, what) }
			if failed(t.validate(at("validate"), resource, config)) {
				continue
			}
			planned, answer := t.plan(at("plan"), resource, now, config)
			if failed(answer) || !config.IsWhollyKnown() {
				continue
			}
			before := now.state
			if get(answer, "requires_replace").List().Len() > 0 && !before.IsNull() {
				// Terraform plans again, from nothing, and destroys the old one first.
				planned, answer = t.plan(at("plan anew"), resource, object{none, planned.private, planned.identity}, config)
				if failed(answer) {
					continue
				}
				t.apply(at("destroy"), resource, before, object{state: none, private: planned.private}, none)
				before = none
			}
			applied, answer := t.apply(at("apply"), resource, before, planned, config)
			if failed(answer) && applied.state.IsNull() {
				continue
			}
			now = applied
			if failed(answer) || !now.state.IsWhollyKnown() {
				continue
			}
			if now, answer = t.read(at("read"), resource, now); now.state.IsNull() || failed(answer) {
				now = applied
				continue
			}
			t.plan(at("plan nothing"), resource, now, config)
		}
		if now.state.IsNull() || !now.state.IsWhollyKnown() {
			return
		}
		planned, answer := t.plan("plan destroy", resource, now, none)
		if failed(answer) {
			return
		}
		t.apply("destroy", resource, now.state, object{state: none, private: planned.private, identity: planned.identity}, none)
	}}
}

// imported is an import and the read that follows it.
func imported(name, resource, id string, identity map[string]cty.Value) test {
	return test{"import/" + name, resource, func(t *talk) {
		by := cty.NilVal
		if identity != nil {
			by = cty.ObjectVal(identity)
		}
		if found, ok := t.importState("import", resource, id, by); ok {
			t.read("read", resource, found)
		}
	}}
}

// upgraded reads stored state of another version, and then plans nothing with what became of it.
func upgraded(name, resource string, version int, state string) test {
	return test{"upgrade/" + name, resource, func(t *talk) {
		t.ask("upgrade", "UpgradeResourceState", t.kinds(resource), map[string]any{
			"type_name": resource, "version": version, "raw_state": map[string]any{"json": []byte(state)}})
	}}
}

func moved(name, provider, from string, version int, state string) test {
	const to = "twin_versioned"
	return test{"move/" + name, to, func(t *talk) {
		t.ask("move", "MoveResourceState", t.kinds(to), map[string]any{
			"source_provider_address": "registry.terraform.io/" + provider, "source_type_name": from, "source_schema_version": version,
			"source_state": map[string]any{"json": []byte(state)}, "target_type_name": to})
	}}
}

func upgradedIdentity(name string, version int, identity string) test {
	const of = "twin_identity"
	return test{"upgrade identity/" + name, of, func(t *talk) {
		t.ask("upgrade", "UpgradeResourceIdentity", t.kinds(of), map[string]any{
			"type_name": of, "version": version, "raw_identity": map[string]any{"json": []byte(identity)}})
	}}
}

// dataRead validates and reads a data source as configured.
func dataRead(name, source, config string) test {
	return test{"data/" + name, source, func(t *talk) {
		value := t.schemas.dataSources[source].value(config)
		if !failed(t.validateData("validate", source, value)) && value.IsWhollyKnown() {
			t.readData("read", source, value)
		}
	}}
}

// called calls a function. The arguments are JSON by the types of the parameters; "?" is unknown.
func called(name string, arguments ...string) test {
	return test{fmt.Sprintf("function/%s(%s)", name, strings.Join(arguments, ", ")), name, func(t *talk) {
		declared := t.schemas.functions[name]
		parameters := []cty.Type{}
		each(declared, "parameters", func(m parameter) { parameters = append(parameters, typeOf(get(m, "type").Bytes())) })
		sent := [][]byte{}
		for i, argument := range arguments {
			kind := cty.NilType
			if i < len(parameters) {
				kind = parameters[i]
			} else {
				kind = typeOf(get(get(declared, "variadic_parameter").Message(), "type").Bytes())
			}
			sent = append(sent, encoded(fromJSON(parsed(argument), kind), kind))
		}
		returned := typeOf(get(get(declared, "return").Message(), "type").Bytes())
		t.ask("call", "CallFunction", kinds{state: returned}, map[string]any{"name": name, "arguments": sent})
	}}
}

func providerConfig(name, config string) test {
	return test{"provider/" + name, "", func(t *talk) {
		value := t.schemas.provider.value(config)
		fields := map[string]any{"config": encoded(value, value.Type())}
		if failed(t.ask("validate", "ValidateProviderConfig", kinds{state: value.Type()}, fields)) {
			return
		}
		fields["terraform_version"] = "1.13.0"
		t.ask("configure", "ConfigureProvider", kinds{}, fields)
		t.readData("read", "twin_echo", t.schemas.dataSources["twin_echo"].value(`{"name": "n"}`))
		// As it was before, for the tests that follow.
		fields["config"] = encoded(t.schemas.provider.value(`{"endpoint": "here"}`), value.Type())
		t.ask("configure back", "ConfigureProvider", kinds{}, fields)
	}}
}
