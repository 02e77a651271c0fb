#include "tfsdk/engine/functions.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/engine/validate.h"

namespace tfsdk {
namespace {

constexpr char kSummary[] = "Error in function call";

Path ArgumentPath(size_t position) { return Path().AtIndex(static_cast<int64_t>(position)); }

bool HasValidators(const FunctionSignature& signature) {
  const auto has = [](const FunctionParameter& parameter) { return !parameter.attribute.validators.empty(); };
  return std::any_of(signature.parameters.begin(), signature.parameters.end(), has) ||
         (signature.variadic.has_value() && has(*signature.variadic));
}

// The arguments by name, for rules that look at more than one.
Value ByName(const FunctionSignature& signature, absl::Span<const Value> arguments) {
  std::map<std::string, Value> named;
  const size_t fixed = signature.parameters.size();
  for (size_t i = 0; i < fixed; ++i) named.emplace(signature.parameters[i].attribute.name, arguments[i]);
  if (signature.variadic.has_value()) {
    std::vector<Value> rest(arguments.begin() + static_cast<std::ptrdiff_t>(fixed), arguments.end());
    std::vector<Type> types;
    for (const Value& argument : rest) types.push_back(argument.type());
    named.emplace(signature.variadic->attribute.name, Value::Sequence(Type::Tuple(types), std::move(rest)));
  }
  std::map<std::string, Type> types;
  std::vector<Value> values;
  for (auto& [name, value] : named) {
    types.emplace(name, value.type());
    values.push_back(value);
  }
  return Value::Object(Type::Object(types), std::move(values));
}

void Validate(Context& context, const FunctionSignature& signature, absl::Span<const Value> arguments) {
  if (!HasValidators(signature)) return;
  const Value root = ByName(signature, arguments);
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Path path = ArgumentPath(i);
    for (const Validator& validator : signature.ParameterAt(i)->attribute.validators) {
      context.diagnostics().AddStatus(kSummary, Inside(path, validator(arguments[i], {root, root, path})));
    }
  }
}

}  // namespace

bool TakesArguments(Context& context, const AnyFunction& function, size_t count) {
  const FunctionSignature& signature = function.signature();
  const size_t fixed = signature.parameters.size();
  if (count == fixed || (count > fixed && signature.variadic.has_value())) return true;
  context.diagnostics().AddError(
      kSummary, absl::StrCat("The function takes ", signature.variadic.has_value() ? "at least " : "", fixed,
                             fixed == 1 ? " argument" : " arguments", ", but was given ", count, "."));
  return false;
}

std::optional<Value> CallFunction(Context& context, const AnyFunction& function,
                                  absl::Span<const Value> arguments) {
  const FunctionSignature& signature = function.signature();
  bool all_known = true;
  bool may_call = true;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const FunctionParameter& parameter = *signature.ParameterAt(i);
    if (arguments[i].IsNull() && !parameter.allows_null) {
      context.diagnostics().AddError(
          kSummary, absl::StrCat("A value for ", parameter.attribute.name, " is required: it was null."),
          ArgumentPath(i));
    }
    if (arguments[i].IsWhollyKnown()) continue;
    all_known = false;
    may_call &= parameter.allows_unknown;
  }
  if (context.diagnostics().HasErrors()) return std::nullopt;
  if (!may_call) return Value::Unknown(signature.result);
  Validate(context, signature, arguments);
  if (context.diagnostics().HasErrors()) return std::nullopt;
  absl::StatusOr<Value> result = function.CallAny(context, arguments);
  context.diagnostics().AddStatus(kSummary, result.status());
  if (!result.ok() || context.diagnostics().HasErrors()) return std::nullopt;
  if (all_known && !result->IsWhollyKnown()) {
    context.diagnostics().AddError(kSummary,
                                   "The function left its result unknown although all arguments are known. "
                                   "This is a mistake in the provider: report it.");
    return std::nullopt;
  }
  return *std::move(result);
}

FunctionError ToFunctionError(const Diagnostics& diagnostics, size_t count) {
  FunctionError error;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (diagnostic.severity != Severity::kError) continue;
    const std::vector<Path::Step>& steps = diagnostic.path.steps();
    std::optional<int64_t> argument;
    Path inside;
    for (size_t i = 0; i < steps.size(); ++i) {
      const auto* index = std::get_if<Path::Index>(&steps[i]);
      if (i == 0 && index != nullptr && index->index >= 0 && static_cast<size_t>(index->index) < count) {
        argument = index->index;
      } else if (index != nullptr) {
        inside = inside.AtIndex(index->index);
      } else if (const auto* attribute = std::get_if<Path::Attribute>(&steps[i])) {
        inside = inside.At(attribute->name);
      } else {
        inside = inside.AtKey(std::get<Path::Key>(steps[i]).key);
      }
    }
    // The host names one argument and shows no path: the text says the rest.
    std::string place;
    if (argument.has_value() && error.argument.has_value() && argument != error.argument) {
      place = absl::StrCat("argument ", *argument + 1);
    }
    absl::StrAppend(&place, place.empty() || inside.empty() ? "" : " ", inside.ToString());
    if (!error.argument.has_value()) error.argument = argument;
    absl::StrAppend(&error.text, error.text.empty() ? "" : "\n", place, place.empty() ? "" : ": ",
                    diagnostic.detail);
  }
  return error;
}

}  // namespace tfsdk
