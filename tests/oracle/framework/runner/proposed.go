package main

import "github.com/zclconf/go-cty/cty"

// proposed is the state that Terraform suggests to a provider: what is configured, and where nothing is configured but
// the provider may decide, what was there before.
func (b block) proposed(prior, config cty.Value) cty.Value {
	if config.IsNull() || !config.IsKnown() {
		return config
	}
	values := map[string]cty.Value{}
	for name, attribute := range b.attributes {
		before, now := part(prior, name, attribute.kind), config.GetAttr(name)
		switch {
		case attribute.computed && now.IsNull():
			if values[name] = before; attribute.optional && attribute.nested != nil && attribute.hasConfigured(before) {
				values[name] = now
			}
		case attribute.nested != nil:
			values[name] = attribute.nested.proposedRepeated(before, now, attribute.nesting)
		default:
			values[name] = now
		}
	}
	for name, inner := range b.blocks {
		now := config.GetAttr(name)
		values[name] = inner.proposedRepeated(part(prior, name, now.Type()), now, inner.nesting)
	}
	return cty.ObjectVal(values)
}

func part(object cty.Value, name string, kind cty.Type) cty.Value {
	if object.IsNull() || !object.IsKnown() {
		return cty.NullVal(kind)
	}
	return object.GetAttr(name)
}

// hasConfigured says whether `value` has something inside that only a configuration can have set, so that it was not
// the provider's own choice.
func (a attribute) hasConfigured(value cty.Value) bool {
	if value.IsNull() || !value.IsKnown() {
		return false
	}
	if a.nesting != single {
		for it := value.ElementIterator(); it.Next(); {
			_, element := it.Element()
			if a.nested.anyConfigured(element) {
				return true
			}
		}
		return false
	}
	return a.nested.anyConfigured(value)
}

func (b block) anyConfigured(object cty.Value) bool {
	if object.IsNull() || !object.IsKnown() {
		return false
	}
	for name, attribute := range b.attributes {
		value := object.GetAttr(name)
		if !attribute.computed && !value.IsNull() || attribute.nested != nil && attribute.hasConfigured(value) {
			return true
		}
	}
	return false
}

func (b block) proposedRepeated(prior, config cty.Value, nesting int) cty.Value {
	if config.IsNull() || !config.IsKnown() {
		return config
	}
	if nesting == single {
		return b.proposed(prior, config)
	}
	if config.LengthInt() == 0 {
		return config
	}
	usable := !prior.IsNull() && prior.IsKnown()
	none := cty.NullVal(b.implied())
	switch nesting {
	case list:
		elements := []cty.Value{}
		for i, now := range config.AsValueSlice() {
			before := none
			if usable && i < prior.LengthInt() {
				before = prior.Index(cty.NumberIntVal(int64(i)))
			}
			elements = append(elements, b.proposed(before, now))
		}
		return cty.ListVal(elements)
	case mapped:
		elements := map[string]cty.Value{}
		for key, now := range config.AsValueMap() {
			before := none
			if usable && prior.HasIndex(cty.StringVal(key)).True() {
				before = prior.Index(cty.StringVal(key))
			}
			elements[key] = b.proposed(before, now)
		}
		return cty.MapVal(elements)
	}
	var left []cty.Value
	if usable {
		left = prior.AsValueSlice()
	}
	elements := []cty.Value{}
	for _, now := range config.AsValueSlice() {
		before := none
		for i, candidate := range left {
			if b.couldBecome(candidate, now) {
				before = candidate
				left = append(append([]cty.Value{}, left[:i]...), left[i+1:]...)
				break
			}
		}
		elements = append(elements, b.proposed(before, now))
	}
	return cty.SetVal(elements)
}

// couldBecome says whether an element of a set that was `prior` and one that is configured as `config` can be the same:
// they differ at most in what the provider decides.
func (b block) couldBecome(prior, config cty.Value) bool {
	if prior.IsNull() || config.IsNull() || !config.IsKnown() {
		return false
	}
	for name, attribute := range b.attributes {
		before, now := prior.GetAttr(name), config.GetAttr(name)
		if attribute.computed && now.IsNull() {
			continue
		}
		if !before.RawEquals(now) {
			return false
		}
	}
	for name := range b.blocks {
		if !prior.GetAttr(name).RawEquals(config.GetAttr(name)) {
			return false
		}
	}
	return true
}
