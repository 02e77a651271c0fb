#pragma once

// Rules for lists, sets and maps, and for their elements. See tfsdk/validators.h.
//
// Elements that are not known yet count as one element each; a set with one in it may still become smaller, so
// its least size is only held against what is certain.

#include <cstdint>
#include <string>
#include <vector>

#include "tfsdk/validator.h"

namespace tfsdk {

// The number of elements, both ends allowed.
Validator SizeBetween(int64_t least, int64_t most);
Validator SizeAtLeast(int64_t least);
Validator SizeAtMost(int64_t most);
// A string, list, set or map with something in it.
Validator NotEmpty();

// No element of the list is there twice. In linear time.
Validator UniqueValues();
// No element is null.
Validator NoNullValues();

// Each element keeps to all of `rules`. In them, path expressions start from the collection's attribute.
Validator Each(std::vector<Validator> rules);
// Each key of the map does, as a string.
Validator EachKey(std::vector<Validator> rules);
// A list or set whose strings are each one of `allowed`; not empty.
Validator EachOneOf(std::vector<std::string> allowed);

}  // namespace tfsdk
