#pragma once

// Messages to and from the library's own types. tfplugin5 and tfplugin6 generate different C++ types with the
// same accessors, so each conversion is a template over them; what really differs is asked of a traits type
// P.

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/json.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/path.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk::protocol {

template <class Message>
void EmitPath(const Path& path, Message* message) {
  for (const Path::Step& step : path.steps()) {
    auto* out = message->add_steps();
    if (const auto* attribute = std::get_if<Path::Attribute>(&step)) out->set_attribute_name(attribute->name);
    if (const auto* index = std::get_if<Path::Index>(&step)) out->set_element_key_int(index->index);
    if (const auto* key = std::get_if<Path::Key>(&step)) out->set_element_key_string(key->key);
  }
}

template <class Message>
void EmitDiagnostic(const Diagnostic& diagnostic, Message* message) {
  message->set_severity(diagnostic.severity == Severity::kError ? Message::ERROR : Message::WARNING);
  message->set_summary(diagnostic.summary);
  message->set_detail(diagnostic.detail);
  // Left out for the whole configuration, not sent empty.
  if (!diagnostic.path.empty()) EmitPath(diagnostic.path, message->mutable_attribute());
}

template <class Repeated>
void EmitDiagnostics(const Diagnostics& diagnostics, Repeated* out) {
  for (const Diagnostic& diagnostic : diagnostics.all()) EmitDiagnostic(diagnostic, out->Add());
}

// Hosts send msgpack; the protocol allows JSON as well, and an empty message means null.
template <class DynamicValue>
absl::StatusOr<Value> ReadValue(const DynamicValue& message, const Type& type) {
  if (message.msgpack().empty() && !message.json().empty()) return DecodeJson(message.json(), type);
  return DecodeMsgpack(message.msgpack(), type);
}

template <class DynamicValue>
void EmitValue(const Value& value, const Type& type, DynamicValue* out) {
  out->set_msgpack(EncodeMsgpack(value, type));
}

template <class P>
void EmitAttribute(const Attribute& attribute, typename P::Attribute* out) {
  out->set_name(attribute.name);
  out->set_description(attribute.description);
  out->set_description_kind(attribute.description_kind == TextKind::kPlain ? P::kPlain : P::kMarkdown);
  out->set_required(attribute.mode == Mode::kRequired);
  out->set_optional(attribute.mode == Mode::kOptional || attribute.mode == Mode::kOptionalComputed);
  out->set_computed(attribute.mode == Mode::kComputed || attribute.mode == Mode::kOptionalComputed);
  out->set_sensitive(attribute.sensitive);
  out->set_write_only(attribute.write_only);
  out->set_deprecated(!attribute.deprecation.empty());
  out->set_deprecation_message(attribute.deprecation);
  if constexpr (P::kNestedAttributes) {
    if (attribute.nested != nullptr) {
      auto* nested = out->mutable_nested_type();
      nested->set_nesting(P::ObjectNesting(attribute.nested->nesting));
      for (const Attribute& inner : attribute.nested->attributes)
        EmitAttribute<P>(inner, nested->add_attributes());
      return;
    }
  }
  out->set_type(EncodeTypeJson(attribute.type));
}

template <class P>
void EmitBlock(const Schema& schema, typename P::Block* out) {
  out->set_description(schema.description);
  out->set_description_kind(schema.description_kind == TextKind::kPlain ? P::kPlain : P::kMarkdown);
  out->set_deprecated(!schema.deprecation.empty());
  out->set_deprecation_message(schema.deprecation);
  for (const Attribute& attribute : schema.attributes) EmitAttribute<P>(attribute, out->add_attributes());
  for (const Block& block : schema.blocks) {
    auto* nested = out->add_block_types();
    nested->set_type_name(block.name);
    nested->set_nesting(P::BlockNesting(block.nesting));
    if (block.nesting == Nesting::kSingle) {
      // A single block has no limits but "there" or "may be there".
      nested->set_min_items(block.min_items);
      nested->set_max_items(block.min_items);
    } else {
      nested->set_min_items(block.min_items);
      nested->set_max_items(block.max_items);
    }
    EmitBlock<P>(block.schema, nested->mutable_block());
  }
}

template <class Message>
void EmitIdentitySchema(const Schema& schema, Message* out) {
  out->set_version(schema.version);
  for (const Attribute& attribute : schema.attributes) {
    auto* identity = out->add_identity_attributes();
    identity->set_name(attribute.name);
    identity->set_type(EncodeTypeJson(attribute.type));
    identity->set_required_for_import(attribute.mode == Mode::kRequired);
    identity->set_optional_for_import(attribute.mode != Mode::kRequired);
    identity->set_description(attribute.description);
  }
}

// Always with a block, even an empty one: the host crashes without.
template <class P>
void EmitSchema(const Schema& schema, typename P::Schema* out) {
  out->set_version(schema.version);
  EmitBlock<P>(schema, out->mutable_block());
}

}  // namespace tfsdk::protocol
