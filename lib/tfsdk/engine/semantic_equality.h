#pragma once

#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// `now` with the prior bytes put back wherever the schema says that the two mean the same: what a server, or a
// user, wrote in another way is no change. Both are objects of the schema's type, or null.
//
// Walks both in step: objects by attribute, lists and tuples by index, maps by key. An element of a set is put
// back when it means the same as a whole; each prior element is used once, and elements that are equal to the
// byte go first. What is null or not known on either side, or of another type, stays as it is in `now`.
//
// Linear in the size of the values. The one exception are sets with SameMeaning() but no canonical form: after
// 1,000,000 pairs of one set that do not mean the same, what is left stays as it is in `now`.
Value KeepSameMeaning(const Schema& schema, const Value& prior, const Value& now);

}  // namespace tfsdk
