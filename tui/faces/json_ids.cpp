#include "tui/faces/json_ids.h"

#include <algorithm>
#include <utility>

namespace sotto::tui {

client::CommandId JsonIds::add(std::optional<std::string> id) {
    return id ? ids_.add(std::move(*id)) : ids_.next();
}

std::optional<std::string> JsonIds::of(const client::Event& event) {
    const std::string* known = ids_.find(event.answers);
    std::optional<std::string> id = known != nullptr ? std::optional(*known) : std::nullopt;
    if (const auto* added = std::get_if<client::event::MessageAdded>(&event.what)) {
        if (id && added->own && texts_.size() < kRemembered) {
            texts_.emplace(added->id, *id);
        }
    } else if (const auto* text = std::get_if<client::event::DeliveryChanged>(&event.what)) {
        const auto at = texts_.find(text->id);
        if (at != texts_.end()) {
            id = id ? id : at->second;
            if (text->delivery == client::Delivery::delivered ||
                text->delivery == client::Delivery::discarded) {
                texts_.erase(at);
            }
        }
    }
    return id;
}

tl::expected<std::optional<std::string>, std::string> take_id(JsonObject& command) {
    const auto at = std::find_if(command.begin(), command.end(),
                                 [](const auto& member) { return member.first == "id"; });
    if (at == command.end()) {
        return std::nullopt;
    }
    const JsonValue id = std::move(at->second);
    command.erase(at);
    if (const auto* number = std::get_if<std::int64_t>(&id)) {
        return std::to_string(*number);
    }
    const auto* text = std::get_if<std::string>(&id);
    if (text == nullptr) {
        return tl::unexpected(std::string("\"id\" is neither a string nor an integer"));
    }
    if (text->empty() || text->size() > JsonIds::kMaxBytes) {
        return tl::unexpected(std::string("\"id\" is not 1 to 64 bytes long"));
    }
    if (client::SafeText::from(*text).str() != *text) {
        return tl::unexpected(std::string("\"id\" holds control or invisible characters"));
    }
    return json_string(*text);
}

}  // namespace sotto::tui
