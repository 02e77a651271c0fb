#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// What becomes of the value of one attribute, given what the user wrote for it (null when nothing).
using AttributeTransform =
    std::function<Value(const Attribute& attribute, const Value& value, const Value& config)>;

// `object`, a value of the schema, with every attribute at any depth of nested objects and blocks replaced by
// what `transform` makes of it; inner ones first. `config` is looked at in step: lists by index, maps by key,
// and elements of sets by what the user wrote in them. Linear in the size of the values; what does not change is
// shared.
Value TransformAttributes(const Schema& schema, const Value& object, const Value& config,
                          const AttributeTransform& transform);

// For each element of `elements`, an unordered collection of described objects, its counterpart in `others`: the
// one whose attributes are the same as far as they are not computed; -1 where there is none. Each counterpart is
// used once. Linear.
std::vector<int> Counterparts(const std::vector<Attribute>& attributes, const Value& elements,
                              const Value& others);

// `now` with the nulls of `before` in attributes of any type: only those know which type they are of.
Value WithTypedNulls(const Schema& schema, const Value& before, const Value& now);

}  // namespace tfsdk
