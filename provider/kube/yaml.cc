#include "kube/yaml.h"

#include <yaml.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "json/quote.h"
#include "kube/yaml_scalar.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

using Kind = YamlNode::Kind;

absl::string_view TextOf(const yaml_char_t* text) {
  return text == nullptr ? absl::string_view() : absl::string_view(reinterpret_cast<const char*>(text));
}

YamlPosition PositionOf(const yaml_mark_t& mark) {
  return {.line = mark.line + 1, .column = mark.column + 1};
}

absl::Status ErrorAt(YamlPosition position, absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat("line ", position.line, ", column ", position.column, ": ", message));
}

absl::Status TooMuch(YamlPosition position, absl::string_view what) {
  return absl::ResourceExhaustedError(
      absl::StrCat("line ", position.line, ", column ", position.column, ": ", what));
}

class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&event_); }
  yaml_event_t* get() { return &event_; }
  const yaml_event_t* operator->() const { return &event_; }

 private:
  yaml_event_t event_ = {};
};

// Builds the tree of the first document from libyaml's events, by recursive descent.
class Composer {
 public:
  explicit Composer(absl::string_view text) {
    ready_ = yaml_parser_initialize(&parser_) == 1;
    if (!ready_) return;
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Composer(const Composer&) = delete;
  Composer& operator=(const Composer&) = delete;
  ~Composer() {
    if (ready_) yaml_parser_delete(&parser_);
  }

  absl::StatusOr<YamlNode> ComposeDocument();

 private:
  struct Anchor {
    size_t serial = 0;
    bool is_complete = false;  // An alias within the very thing it names finds it incomplete.
    YamlNode node;
    size_t depth = 0;  // Of collections in it.
  };
  // A mapping under construction.
  struct Member {
    size_t index = 0;        // In YamlNode::members.
    bool is_merged = false;  // Came through `<<`; a key of the mapping itself may still follow.
    YamlPosition key_position;
  };
  using Members = std::unordered_map<std::string, Member>;

  absl::Status Next(Event& event);
  absl::StatusOr<YamlNode> Compose(const Event& event, size_t depth);
  absl::StatusOr<YamlNode> ComposeScalar(const Event& event);
  absl::StatusOr<YamlNode> ComposeAlias(const Event& event, size_t depth);
  absl::Status ComposeSequence(size_t depth, YamlNode& sequence);
  absl::Status ComposeMapping(size_t depth, YamlNode& mapping);
  absl::Status ComposeMember(const Event& key_event, size_t depth, YamlNode& mapping, Members& members);
  absl::Status Merge(YamlNode source, YamlNode& mapping, Members& members);
  absl::Status MergeMembers(YamlNode source, YamlNode& mapping, Members& members);
  absl::Status SpendNode(YamlPosition position, size_t bytes);
  absl::Status SpendTree(const YamlNode& node);
  size_t Announce(absl::string_view anchor);
  absl::Status Remember(absl::string_view anchor, size_t serial, const YamlNode& node);

  yaml_parser_t parser_ = {};
  bool ready_ = false;
  size_t nodes_ = 0;
  size_t bytes_ = 0;
  size_t announced_ = 0;
  std::unordered_map<std::string, Anchor> anchors_;
};

size_t DepthOf(const YamlNode& node) {
  if (node.kind != Kind::kSequence && node.kind != Kind::kMapping) return 0;
  size_t depth = 0;
  for (const YamlNode& item : node.items) depth = std::max(depth, DepthOf(item));
  for (const auto& [name, value] : node.members) depth = std::max(depth, DepthOf(value));
  return depth + 1;
}

absl::Status Composer::Next(Event& event) {
  if (yaml_parser_parse(&parser_, event.get()) == 1) return absl::OkStatus();
  switch (parser_.error) {
    case YAML_MEMORY_ERROR:
      return absl::ResourceExhaustedError("not enough memory to parse it");
    case YAML_READER_ERROR:
      return absl::InvalidArgumentError(
          absl::StrCat("byte ", parser_.problem_offset + 1, ": ",
                       parser_.problem == nullptr ? "not text" : parser_.problem));
    default:
      // libyaml's words are constants of its own; none quotes the text.
      return ErrorAt(PositionOf(parser_.problem_mark),
                     absl::StrCat(parser_.context == nullptr ? "" : parser_.context,
                                  parser_.context == nullptr ? "" : ", ",
                                  parser_.problem == nullptr ? "not YAML" : parser_.problem));
  }
}

absl::Status Composer::SpendNode(YamlPosition position, size_t bytes) {
  bytes_ += bytes;
  if (++nodes_ > kYamlMaxNodes) {
    return TooMuch(position, absl::StrCat("more than ", kYamlMaxNodes,
                                          " values, counting each alias as what it stands for"));
  }
  if (bytes_ > kYamlMaxExpanded) {
    return TooMuch(position, absl::StrCat("more than ", kYamlMaxExpanded >> 20,
                                          " MiB of text, counting each alias as what it stands for"));
  }
  return absl::OkStatus();
}

absl::Status Composer::SpendTree(const YamlNode& node) {
  TFSDK_RETURN_IF_ERROR(SpendNode(node.position, node.text.size()));
  for (const YamlNode& item : node.items) TFSDK_RETURN_IF_ERROR(SpendTree(item));
  for (const auto& [name, value] : node.members) {
    bytes_ += name.size();
    TFSDK_RETURN_IF_ERROR(SpendTree(value));
  }
  return absl::OkStatus();
}

// An anchor hides an older one of its name from where it stands, not from where what it names ends.
size_t Composer::Announce(absl::string_view anchor) {
  if (anchor.empty()) return 0;
  anchors_[std::string(anchor)] = {.serial = ++announced_, .is_complete = false, .node = {}, .depth = 0};
  return announced_;
}

absl::Status Composer::Remember(absl::string_view anchor, size_t serial, const YamlNode& node) {
  if (anchor.empty()) return absl::OkStatus();
  Anchor& known = anchors_[std::string(anchor)];
  if (known.serial != serial) return absl::OkStatus();
  TFSDK_RETURN_IF_ERROR(SpendTree(node));
  known = {.serial = serial, .is_complete = true, .node = node, .depth = DepthOf(node)};
  return absl::OkStatus();
}

absl::StatusOr<YamlNode> Composer::ComposeDocument() {
  if (!ready_) return absl::ResourceExhaustedError("not enough memory to parse it");
  Event start;
  TFSDK_RETURN_IF_ERROR(Next(start));  // The stream itself.
  Event document;
  TFSDK_RETURN_IF_ERROR(Next(document));
  if (document->type != YAML_DOCUMENT_START_EVENT) return YamlNode();
  const yaml_version_directive_t* version = document->data.document_start.version_directive;
  if (version != nullptr && (version->major != 1 || version->minor != 1)) {
    return ErrorAt(PositionOf(document->start_mark), "a %YAML directive other than 1.1: remove that line");
  }
  Event root;
  TFSDK_RETURN_IF_ERROR(Next(root));
  TFSDK_ASSIGN_OR_RETURN(YamlNode node, Compose(root, 0));
  Event end;
  TFSDK_RETURN_IF_ERROR(Next(end));
  return node;
}

absl::StatusOr<YamlNode> Composer::Compose(const Event& event, size_t depth) {
  const YamlPosition position = PositionOf(event->start_mark);
  if (event->type == YAML_SCALAR_EVENT) return ComposeScalar(event);
  if (event->type == YAML_ALIAS_EVENT) return ComposeAlias(event, depth);
  if (depth == kYamlMaxDepth)
    return TooMuch(position, absl::StrCat("more than ", kYamlMaxDepth, " levels deep"));
  TFSDK_RETURN_IF_ERROR(SpendNode(position, 0));
  const bool is_mapping = event->type == YAML_MAPPING_START_EVENT;
  const std::string anchor(
      TextOf(is_mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor));
  const size_t serial = Announce(anchor);
  YamlNode node;
  node.kind = is_mapping ? Kind::kMapping : Kind::kSequence;
  node.position = position;
  TFSDK_RETURN_IF_ERROR(is_mapping ? ComposeMapping(depth, node) : ComposeSequence(depth, node));
  TFSDK_RETURN_IF_ERROR(Remember(anchor, serial, node));
  return node;
}

absl::StatusOr<YamlNode> Composer::ComposeScalar(const Event& event) {
  const auto& scalar = event->data.scalar;
  YamlNode node;
  node.position = PositionOf(event->start_mark);
  TFSDK_RETURN_IF_ERROR(SpendNode(node.position, scalar.length));
  const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.plain_implicit != 0;
  const absl::Status typed =
      SetScalar(TextOf(scalar.tag), plain,
                std::string(reinterpret_cast<const char*>(scalar.value), scalar.length), node);
  if (!typed.ok()) return ErrorAt(node.position, typed.message());
  TFSDK_RETURN_IF_ERROR(Remember(TextOf(scalar.anchor), Announce(TextOf(scalar.anchor)), node));
  return node;
}

absl::StatusOr<YamlNode> Composer::ComposeAlias(const Event& event, size_t depth) {
  const YamlPosition position = PositionOf(event->start_mark);
  const auto found = anchors_.find(std::string(TextOf(event->data.alias.anchor)));
  if (found == anchors_.end() || !found->second.is_complete) {
    return ErrorAt(position,
                   "an alias to an anchor that is not defined before it, or that contains the alias");
  }
  if (depth + found->second.depth > kYamlMaxDepth) {
    return TooMuch(position, absl::StrCat("more than ", kYamlMaxDepth, " levels deep"));
  }
  TFSDK_RETURN_IF_ERROR(SpendTree(found->second.node));
  return found->second.node;
}

absl::Status Composer::ComposeSequence(size_t depth, YamlNode& sequence) {
  while (true) {
    Event event;
    TFSDK_RETURN_IF_ERROR(Next(event));
    if (event->type == YAML_SEQUENCE_END_EVENT) return absl::OkStatus();
    TFSDK_ASSIGN_OR_RETURN(YamlNode item, Compose(event, depth + 1));
    sequence.items.push_back(std::move(item));
  }
}

absl::Status Composer::ComposeMapping(size_t depth, YamlNode& mapping) {
  Members members;
  while (true) {
    Event event;
    TFSDK_RETURN_IF_ERROR(Next(event));
    if (event->type == YAML_MAPPING_END_EVENT) return absl::OkStatus();
    TFSDK_RETURN_IF_ERROR(ComposeMember(event, depth + 1, mapping, members));
  }
}

bool IsMergeKey(const Event& event) {
  if (event->type != YAML_SCALAR_EVENT) return false;
  const auto& scalar = event->data.scalar;
  if (absl::string_view(reinterpret_cast<const char*>(scalar.value), scalar.length) != "<<") return false;
  return TextOf(scalar.tag) == "tag:yaml.org,2002:merge" ||
         (scalar.tag == nullptr && scalar.plain_implicit != 0 && scalar.style == YAML_PLAIN_SCALAR_STYLE);
}

absl::Status Composer::ComposeMember(const Event& key_event, size_t depth, YamlNode& mapping,
                                     Members& members) {
  const YamlPosition position = PositionOf(key_event->start_mark);
  const bool is_merge = IsMergeKey(key_event);
  TFSDK_ASSIGN_OR_RETURN(YamlNode key, Compose(key_event, depth));
  if (key.kind == Kind::kNull) return ErrorAt(position, "a key that is null or empty");
  if (key.kind == Kind::kSequence || key.kind == Kind::kMapping) {
    return ErrorAt(position, absl::StrCat("a key that is ", KindName(key.kind)));
  }
  std::string name = key.kind == Kind::kBool ? (key.boolean ? "true" : "false") : std::move(key.text);
  // A merge key shares no name with a quoted "<<", which is an ordinary key.
  const std::string unique_name = absl::StrCat(is_merge ? "merge " : "key ", name);
  const auto [place, is_new] = members.insert(
      {unique_name, {.index = mapping.members.size(), .is_merged = false, .key_position = position}});
  Member& member = place->second;
  if (!is_new && !member.is_merged) {
    return ErrorAt(position,
                   absl::StrCat("the key ", json::Quoted(name, 60), " is already there on line ",
                                member.key_position.line, " of the same mapping: remove one of the two"));
  }
  Event value_event;
  TFSDK_RETURN_IF_ERROR(Next(value_event));
  TFSDK_ASSIGN_OR_RETURN(YamlNode value, Compose(value_event, depth));
  if (is_merge) return Merge(std::move(value), mapping, members);
  if (is_new) {
    member.index = mapping.members.size();
    mapping.members.emplace_back(std::move(name), std::move(value));
  } else {
    mapping.members[member.index].second = std::move(value);
    member = {.index = member.index, .is_merged = false, .key_position = position};
  }
  return absl::OkStatus();
}

absl::Status Composer::Merge(YamlNode source, YamlNode& mapping, Members& members) {
  if (source.kind == Kind::kMapping) return MergeMembers(std::move(source), mapping, members);
  if (source.kind != Kind::kSequence) {
    return ErrorAt(source.position,
                   absl::StrCat("a merge key (<<) needs a mapping or a list of mappings, and this is ",
                                KindName(source.kind)));
  }
  // Of several the first has the last word.
  for (auto item = source.items.rbegin(); item != source.items.rend(); ++item) {
    if (item->kind != Kind::kMapping) {
      return ErrorAt(item->position,
                     absl::StrCat("a merge key (<<) needs mappings, and this is ", KindName(item->kind)));
    }
    TFSDK_RETURN_IF_ERROR(MergeMembers(std::move(*item), mapping, members));
  }
  return absl::OkStatus();
}

absl::Status Composer::MergeMembers(YamlNode source, YamlNode& mapping, Members& members) {
  for (auto& [name, value] : source.members) {
    const auto [place, is_new] = members.insert(
        {absl::StrCat("key ", name),
         {.index = mapping.members.size(), .is_merged = true, .key_position = value.position}});
    if (is_new) {
      mapping.members.emplace_back(std::move(name), std::move(value));
    } else {
      mapping.members[place->second.index].second = std::move(value);
    }
  }
  return absl::OkStatus();
}

}  // namespace

const YamlNode* YamlNode::Find(absl::string_view name) const {
  for (const auto& [member_name, value] : members) {
    if (member_name == name) return &value;
  }
  return nullptr;
}

absl::string_view KindName(YamlNode::Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "a boolean";
    case Kind::kNumber:
      return "a number";
    case Kind::kString:
      return "a string";
    case Kind::kSequence:
      return "a list";
    case Kind::kMapping:
      return "a mapping";
  }
  return "something else";
}

absl::StatusOr<YamlNode> ParseYaml(absl::string_view text) {
  if (text.size() > kYamlMaxBytes) {
    return absl::ResourceExhaustedError(absl::StrCat("larger than ", kYamlMaxBytes >> 20, " MiB"));
  }
  return Composer(text).ComposeDocument();
}

}  // namespace k8soidc::kube
