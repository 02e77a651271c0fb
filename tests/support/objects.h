#pragma once

// Values of a schema, as few words as possible.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tfsdk/value.h"

namespace tfsdk::testing {

// An object of `type` with these attributes; the others are null, and collections of blocks named in `blocks` empty.
inline Value Obj(const Type& type, const std::map<std::string, Value>& attributes,
                 const std::vector<std::string>& blocks = {}) {
  std::vector<Value> values;
  for (const auto& [name, inner] : type.attributes()) values.push_back(Value::Null(inner));
  Value object = Value::Object(type, std::move(values));
  for (const std::string& name : blocks) {
    object = object.WithAttribute(name, Value::Sequence(object.attribute(name).type(), {}));
  }
  for (const auto& [name, value] : attributes) object = object.WithAttribute(name, value);
  return object;
}

}  // namespace tfsdk::testing
