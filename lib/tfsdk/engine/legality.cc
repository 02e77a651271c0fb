#include "tfsdk/engine/legality.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "tfsdk/engine/transform.h"
#include "tfsdk/engine/validate.h"
#include "tfsdk/json.h"
#include "tfsdk/path.h"
#include "tfsdk/status.h"

namespace tfsdk {
namespace {

constexpr size_t kShown = 200;

std::string Shown(const Value& value, bool sensitive) {
  if (sensitive) return "(a sensitive value)";
  if (!value.IsKnown()) return "(known after apply)";
  if (!value.IsWhollyKnown()) return "(partly known after apply)";
  const std::string json = EncodeJson(value, value.type());
  return json.size() > kShown ? absl::StrCat(json.substr(0, kShown), " …") : json;
}

absl::Status Broken(const Path& path, absl::string_view what) {
  return At(path, absl::FailedPreconditionError(
                      absl::StrCat(path.ToString(), path.empty() ? "" : ": ", what,
                                   " This is a mistake in the provider: report it to its authors.")));
}

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Equal, or perhaps equal once Terraform has normalised the text.
bool Same(const Value& a, const Value& b) {
  if (a == b) return true;
  const bool texts = a.HasValue() && b.HasValue() && a.type().kind() == Type::Kind::kString &&
                     b.type().kind() == Type::Kind::kString;
  return texts && !IsAscii(a.AsString()) && !IsAscii(b.AsString());
}

bool IsEmptyOrNull(const Value& value) {
  if (!value.HasValue()) return value.IsKnown();
  switch (value.type().kind()) {
    case Type::Kind::kMap:
      return value.entries().empty();
    case Type::Kind::kList:
    case Type::Kind::kSet:
    case Type::Kind::kTuple:
      return value.elements().empty();
    default:
      return false;
  }
}

Value PartOf(const Value& object, const std::string& name) {
  return object.HasValue()
             ? object.attribute(name)
             : Value::Null(
                   object.type().attributes()[static_cast<size_t>(object.type().IndexOf(name))].second);
}

class PlanChecker {
 public:
  absl::Status Object(const std::vector<Attribute>& attributes, const std::vector<Block>* blocks,
                      const Value& planned, const Value& config, const Value& prior, const Path& path) {
    for (const Attribute& attribute : attributes) {
      TFSDK_RETURN_IF_ERROR(One(attribute, PartOf(planned, attribute.name), PartOf(config, attribute.name),
                                PartOf(prior, attribute.name), path.At(attribute.name)));
    }
    if (blocks == nullptr) return absl::OkStatus();
    for (const Block& block : *blocks) {
      TFSDK_RETURN_IF_ERROR(Repeated(block, PartOf(planned, block.name), PartOf(config, block.name),
                                     PartOf(prior, block.name), path.At(block.name)));
    }
    return absl::OkStatus();
  }

 private:
  static absl::Status One(const Attribute& attribute, const Value& planned, const Value& config,
                          const Value& prior, const Path& path) {
    if (attribute.write_only) {
      if (planned.IsKnown() && planned.IsNull()) return absl::OkStatus();
      return Broken(path, "a write-only attribute must be null in every plan.");
    }
    if (Same(planned, config)) return absl::OkStatus();
    const bool written = !config.IsKnown() || !config.IsNull();
    if (written && prior.HasValue() && Same(planned, prior)) return absl::OkStatus();
    if (!written && attribute.IsComputed()) return absl::OkStatus();
    if (!written) {
      return Broken(
          path, absl::StrCat("planned as ", Shown(planned, attribute.sensitive),
                             ", but it is not set in the configuration, and the attribute is not computed."));
    }
    // The parts of nested objects have rules of their own; Terraform looks into them. What differs is decided there.
    if (attribute.nested != nullptr && planned.HasValue() && config.HasValue()) {
      return Nested(*attribute.nested, planned, config, prior, path);
    }
    return Broken(path,
                  absl::StrCat("planned as ", Shown(planned, attribute.sensitive),
                               ", but the configuration says ", Shown(config, attribute.sensitive),
                               ". What the user sets can only be planned as it is set, or stay as it was."));
  }

  static absl::Status Nested(const NestedObject& nested, const Value& planned, const Value& config,
                             const Value& prior, const Path& path) {
    if (nested.nesting == Nesting::kSingle) {
      return PlanChecker().Object(nested.attributes, nullptr, planned, config, prior, path);
    }
    return Elements(nested.attributes, nullptr, planned, config, prior, path);
  }

  static absl::Status Repeated(const Block& block, const Value& planned, const Value& config,
                               const Value& prior, const Path& path) {
    if (!config.IsKnown()) {
      return planned.IsKnown() ? Broken(path, "how many blocks there are is not known yet, but was planned.")
                               : absl::OkStatus();
    }
    if (!planned.IsKnown()) return Broken(path, "blocks cannot be unknown; only their attributes can.");
    if (block.nesting == Nesting::kSingle) {
      if (planned.IsNull() != config.IsNull())
        return Broken(path, "planned is not as many blocks as written.");
      if (planned.IsNull()) return absl::OkStatus();
      return PlanChecker().Object(block.schema.attributes, &block.schema.blocks, planned, config, prior,
                                  path);
    }
    if (planned.IsNull())
      return Broken(path, "no blocks are planned as null; they must be planned as empty.");
    return Elements(block.schema.attributes, &block.schema.blocks, planned, config, prior, path);
  }

  static absl::Status Elements(const std::vector<Attribute>& attributes, const std::vector<Block>* blocks,
                               const Value& planned, const Value& config, const Value& prior,
                               const Path& path) {
    if (config.IsNull())
      return IsEmptyOrNull(planned) ? absl::OkStatus() : Broken(path, "more is planned than written.");
    if (planned.type().kind() == Type::Kind::kMap) {
      if (planned.entries().size() != config.entries().size())
        return Counts(planned.entries().size(), config.entries().size(), path);
      for (const auto& [key, element] : planned.entries()) {
        const Value* written = config.entry(key);
        if (written == nullptr)
          return Broken(path, absl::StrCat("the planned key ", key, " is not in the configuration."));
        const Value* was = prior.HasValue() ? prior.entry(key) : nullptr;
        TFSDK_RETURN_IF_ERROR(Element(attributes, blocks, element, *written,
                                      was == nullptr ? Value::Null(element.type()) : *was, path.AtKey(key)));
      }
      return absl::OkStatus();
    }
    const size_t count = planned.elements().size();
    if (count != config.elements().size()) return Counts(count, config.elements().size(), path);
    if (planned.type().kind() == Type::Kind::kSet) {
      const std::vector<int> counterparts = Counterparts(attributes, planned, config);
      const bool all = std::all_of(counterparts.begin(), counterparts.end(), [](int at) { return at >= 0; });
      // Elements that are not known yet cannot be told apart: Terraform is lenient there as well.
      return all || !planned.IsWhollyKnown() || !config.IsWhollyKnown()
                 ? absl::OkStatus()
                 : Broken(path, "an element of the planned set is not as one in the configuration.");
    }
    for (size_t i = 0; i < count; ++i) {
      const Value& element = planned.elements()[i];
      const bool was = prior.HasValue() && i < prior.elements().size();
      TFSDK_RETURN_IF_ERROR(Element(attributes, blocks, element, config.elements()[i],
                                    was ? prior.elements()[i] : Value::Null(element.type()),
                                    path.AtIndex(static_cast<int64_t>(i))));
    }
    return absl::OkStatus();
  }

  static absl::Status Element(const std::vector<Attribute>& attributes, const std::vector<Block>* blocks,
                              const Value& planned, const Value& config, const Value& prior,
                              const Path& path) {
    if (!planned.IsKnown() || !config.IsKnown()) {
      return planned.IsKnown() == config.IsKnown() ? absl::OkStatus()
                                                   : Broken(path, "planned against what is written.");
    }
    if (planned.IsNull() != config.IsNull()) return Broken(path, "planned against what is written.");
    if (planned.IsNull()) return absl::OkStatus();
    return PlanChecker().Object(attributes, blocks, planned, config, prior, path);
  }

  static absl::Status Counts(size_t planned, size_t written, const Path& path) {
    return Broken(path, absl::StrCat(planned, " planned, but ", written, " in the configuration."));
  }
};

// The places of sensitive attributes do not depend on values, so a path is enough to find out.
bool IsSensitive(const Schema& schema, const Path& path);

bool IsSensitive(const std::vector<Attribute>& attributes, const Path& path, size_t step) {
  for (; step < path.steps().size(); ++step) {
    const auto* name = std::get_if<Path::Attribute>(&path.steps()[step]);
    if (name == nullptr) continue;
    for (const Attribute& attribute : attributes) {
      if (attribute.name != name->name) continue;
      if (attribute.sensitive) return true;
      return attribute.nested != nullptr && IsSensitive(attribute.nested->attributes, path, step + 1);
    }
    return false;
  }
  return false;
}

bool IsSensitive(const Schema& schema, const Path& path) {
  const Schema* at = &schema;
  for (size_t step = 0; step < path.steps().size(); ++step) {
    const auto* name = std::get_if<Path::Attribute>(&path.steps()[step]);
    if (name == nullptr) continue;
    const auto block = std::find_if(at->blocks.begin(), at->blocks.end(),
                                    [&](const Block& b) { return b.name == name->name; });
    if (block == at->blocks.end()) return IsSensitive(at->attributes, path, step);
    at = &block->schema;
  }
  return false;
}

// The first difference between what was planned and what is, by Terraform's rules.
absl::Status Kept(const Schema& schema, const Value& planned, const Value& actual, const Path& path) {
  if (!planned.IsKnown() || Same(planned, actual)) return absl::OkStatus();
  const auto differs = [&] {
    const bool sensitive = IsSensitive(schema, path);
    return Broken(path, absl::StrCat("planned as ", Shown(planned, sensitive), ", but it is now ",
                                     Shown(actual, sensitive), "."));
  };
  if (planned.IsNull() || !actual.HasValue() || planned.type().kind() != actual.type().kind())
    return differs();
  switch (planned.type().kind()) {
    case Type::Kind::kObject:
      for (const auto& [name, type] : planned.type().attributes()) {
        if (actual.type().IndexOf(name) < 0) return differs();
        TFSDK_RETURN_IF_ERROR(Kept(schema, planned.attribute(name), actual.attribute(name), path.At(name)));
      }
      return absl::OkStatus();
    case Type::Kind::kMap:
      if (planned.entries().size() != actual.entries().size()) return differs();
      for (const auto& [key, element] : planned.entries()) {
        const Value* now = actual.entry(key);
        if (now == nullptr) return differs();
        TFSDK_RETURN_IF_ERROR(Kept(schema, element, *now, path.AtKey(key)));
      }
      return absl::OkStatus();
    case Type::Kind::kList:
    case Type::Kind::kTuple:
      if (planned.elements().size() != actual.elements().size()) return differs();
      for (size_t i = 0; i < planned.elements().size(); ++i) {
        TFSDK_RETURN_IF_ERROR(
            Kept(schema, planned.elements()[i], actual.elements()[i], path.AtIndex(static_cast<int64_t>(i))));
      }
      return absl::OkStatus();
    case Type::Kind::kSet:
      // Elements that were not known cannot be told apart, and may turn out equal.
      if (planned.IsWhollyKnown() || actual.elements().size() > planned.elements().size()) return differs();
      return absl::OkStatus();
    default:
      return differs();
  }
}

}  // namespace

absl::Status CheckPlan(const Schema& schema, const Value& config, const Value& prior, const Value& planned) {
  if (!planned.IsKnown()) return Broken(Path(), "the whole plan is unknown.");
  if (config.IsNull() != planned.IsNull()) {
    return Broken(Path(), config.IsNull() ? "a destruction was planned as a change."
                                          : "the planned state is null, although the object shall be there.");
  }
  if (planned.IsNull()) return absl::OkStatus();
  return PlanChecker().Object(schema.attributes, &schema.blocks, planned, config, prior, Path());
}

absl::Status CheckResult(const Schema& schema, const Value& planned, const Value& actual) {
  if (const std::optional<Path> unknown = FirstUnknown(actual); unknown.has_value()) {
    return Broken(*unknown, "still unknown after the apply.");
  }
  return Kept(schema, planned, actual, Path());
}

}  // namespace tfsdk
