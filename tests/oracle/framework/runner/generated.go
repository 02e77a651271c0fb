package main

import (
	"fmt"
	"sort"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// position is a place in a value of a schema.
type position struct {
	path               cty.Path
	name               string
	ofBlock            bool // a block, or all its repetitions
	settable, computed bool // by the user; by the provider
}

// positions are all places in `value` that one can put something else.
func (b block) positions(value cty.Value) []position {
	found := []position{}
	b.walk(value, nil, &found)
	return found
}

func (b block) walk(object cty.Value, at cty.Path, found *[]position) {
	if object.IsNull() || !object.IsKnown() {
		return
	}
	for _, name := range sorted(b.attributes) {
		attribute, path, inner := b.attributes[name], at.Copy().GetAttr(name), object.GetAttr(name)
		settable := attribute.optional || !attribute.computed
		*found = append(*found, position{path, shownPath(path), false, settable, attribute.computed})
		if attribute.nested != nil {
			attribute.nested.walkRepeated(inner, path, attribute.nesting, false, settable, found)
		} else if !inner.IsNull() && inner.IsKnown() && inner.CanIterateElements() {
			inside := []position{}
			_ = cty.Walk(inner, func(deeper cty.Path, _ cty.Value) (bool, error) {
				if len(deeper) > 0 {
					whole := append(path.Copy(), deeper...)
					inside = append(inside, position{whole, shownPath(whole), false, settable, attribute.computed})
				}
				return true, nil
			})
			*found = append(*found, inside...)
		}
	}
	for _, name := range sorted(b.blocks) {
		path := at.Copy().GetAttr(name)
		*found = append(*found, position{path, shownPath(path), true, true, false})
		b.blocks[name].walkRepeated(object.GetAttr(name), path, b.blocks[name].nesting, true, true, found)
	}
}

func (b block) walkRepeated(value cty.Value, at cty.Path, nesting int, ofBlock, settable bool, found *[]position) {
	if value.IsNull() || !value.IsKnown() {
		return
	}
	if nesting == single {
		b.walk(value, at, found)
		return
	}
	for it := value.ElementIterator(); it.Next(); {
		key, element := it.Element()
		path := at.Copy().Index(key)
		if !ofBlock {
			*found = append(*found, position{path, shownPath(path), false, settable, false})
		}
		b.walk(element, path, found)
	}
}

func sorted[T any](entries map[string]T) []string {
	names := []string{}
	for name := range entries {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func shownPath(path cty.Path) string {
	text := ""
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			text += "." + step.Name
		case cty.IndexStep:
			if step.Key.Type() == cty.String || step.Key.Type() == cty.Number {
				text += "[" + readableValue(step.Key, nil).(string) + "]"
			} else {
				text += "[an element]"
			}
		}
	}
	return text[1:]
}

// with is `value` with what `change` makes of the value at `path`.
func with(value cty.Value, path cty.Path, change func(cty.Value) cty.Value) cty.Value {
	changed, err := cty.Transform(value, func(at cty.Path, inner cty.Value) (cty.Value, error) {
		if at.Equals(path) {
			return change(inner), nil
		}
		return inner, nil
	})
	if err != nil {
		panic(err)
	}
	return changed
}

func null(value cty.Value) cty.Value    { return cty.NullVal(value.Type()) }
func unknown(value cty.Value) cty.Value { return cty.UnknownVal(value.Type()) }

// other is another value of the type, or the same when there is none so near.
func other(value cty.Value) cty.Value {
	kind := value.Type()
	switch {
	case kind == cty.String && (value.IsNull() || !value.RawEquals(cty.StringVal("other"))):
		return cty.StringVal("other")
	case kind == cty.Number:
		return cty.NumberIntVal(4)
	case kind == cty.Bool && !value.IsNull():
		return value.Not()
	case kind == cty.Bool:
		return cty.True
	case kind.IsCollectionType() && !value.IsNull() && value.LengthInt() > 0:
		return empty(kind)
	}
	return value
}

// generated are tests with null, the unknown and something else in every place of a resource's configuration, of its
// prior state and of what Terraform proposes.
func generated(t *talk) []test {
	tests := []test{}
	for _, resource := range sorted(t.schemas.resources) {
		schema := t.schemas.resources[resource]
		if full[resource] == "" {
			panic("there is no full configuration of " + resource)
		}
		config := schema.value(full[resource])
		prior := created(t, resource, config)
		for _, at := range schema.positions(config) {
			tests = append(tests, configTests(t, resource, config, prior, at)...)
		}
		for _, at := range schema.positions(prior.state) {
			tests = append(tests, priorTests(resource, config, prior, at)...)
		}
	}
	for _, source := range sorted(t.schemas.dataSources) {
		schema := t.schemas.dataSources[source]
		config := schema.value(fullData[source])
		for _, at := range schema.positions(config) {
			for what, change := range map[string]func(cty.Value) cty.Value{"null": null, "unknown": unknown, "other": other} {
				changed := with(config, at.path, change)
				if changed.RawEquals(config) || at.ofBlock && what == "null" {
					continue
				}
				tests = append(tests, test{fmt.Sprintf("generated/%s %s %s", source, at.name, what), source, func(t *talk) {
					if !failed(t.validateData("validate", source, changed)) && changed.IsWhollyKnown() {
						t.readData("read", source, changed)
					}
				}})
			}
		}
	}
	sort.SliceStable(tests, func(i, j int) bool { return tests[i].name < tests[j].name })
	return tests
}

// created is the resource as the reference makes it.
func created(t *talk, resource string, config cty.Value) object {
	none := cty.NullVal(config.Type())
	planned, answer := t.plan("plan", resource, object{state: none}, config)
	if failed(answer) {
		panic(fmt.Sprintf("the reference cannot plan %s: %v", resource, t.answers[len(t.answers)-1].tree))
	}
	made, answer := t.apply("apply", resource, none, planned, config)
	if failed(answer) {
		panic(fmt.Sprintf("the reference cannot create %s: %v", resource, t.answers[len(t.answers)-1].tree))
	}
	return made
}

func configTests(t *talk, resource string, config cty.Value, prior object, at position) []test {
	tests := []test{}
	for what, change := range map[string]func(cty.Value) cty.Value{"null": null, "unknown": unknown, "other": other} {
		changed := with(config, at.path, change)
		if changed.RawEquals(config) || at.ofBlock && what == "null" {
			continue
		}
		name := fmt.Sprintf("generated/%s config %s %s", resource, at.name, what)
		tests = append(tests, test{name + " validate", resource, func(t *talk) { t.validate("validate", resource, changed) }})
		// Terraform does not plan what is not valid.
		if !at.settable || failed(t.validate("", resource, changed)) {
			continue
		}
		none := object{state: cty.NullVal(config.Type())}
		for when, before := range map[string]object{"create": none, "update": prior} {
			tests = append(tests, test{name + " " + when, resource, func(t *talk) {
				planned, answer := t.plan("plan", resource, before, changed)
				if !failed(answer) && changed.IsWhollyKnown() {
					t.apply("apply", resource, before.state, planned, changed)
				}
			}})
		}
	}
	return tests
}

func priorTests(resource string, config cty.Value, prior object, at position) []test {
	if at.ofBlock {
		return nil
	}
	tests := []test{}
	for what, change := range map[string]func(cty.Value) cty.Value{"null": null, "other": other} {
		changed := with(prior.state, at.path, change)
		if changed.RawEquals(prior.state) {
			continue
		}
		before := object{changed, prior.private, prior.identity}
		name := fmt.Sprintf("generated/%s prior %s %s", resource, at.name, what)
		tests = append(tests,
			test{name + " plan", resource, func(t *talk) { t.plan("plan", resource, before, config) }},
			test{name + " read", resource, func(t *talk) { t.read("read", resource, before) }},
			test{name + " destroy", resource, func(t *talk) { t.plan("plan", resource, before, cty.NullVal(config.Type())) }},
			test{name + " upgrade", resource, func(t *talk) {
				stored, err := ctyjson.Marshal(changed, t.kinds(resource).state)
				if err != nil {
					panic(err)
				}
				t.ask("upgrade", "UpgradeResourceState", t.kinds(resource), map[string]any{
					"type_name": resource, "version": t.schemas.versions[resource], "raw_state": map[string]any{"json": stored}})
			}})
	}
	// Terraform never proposes anything else than what is configured.
	if configured, err := at.path.Apply(config); at.computed && err == nil && configured.IsNull() {
		for what, change := range map[string]func(cty.Value) cty.Value{"null": null, "unknown": unknown} {
			tests = append(tests, test{fmt.Sprintf("generated/%s proposed %s %s", resource, at.name, what), resource, func(t *talk) {
				proposed := t.schemas.resources[resource].proposed(prior.state, config)
				t.planProposed("plan", resource, prior, config, with(proposed, at.path, change))
			}})
		}
	}
	return tests
}
