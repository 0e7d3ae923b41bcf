#include "tui/model/chat_log.h"

#include "crypto/base/ascii.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sotto::tui {

namespace {

bool holds(const LogEntry& entry, std::string_view word) {
    const std::string& text = entry.text.str();
    return entry.kind == LogEntry::Kind::message &&
           std::search(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
               return base::lower_case(a) == base::lower_case(b);
           }) != text.end();
}

}  // namespace

void ChatLog::add(LogEntry entry, bool seen) {
    if (entry.kind == LogEntry::Kind::message && !entry.own && !(seen && unread_ == 0)) {
        if (unread_ == 0) {
            first_unread_ = end();
        }
        ++unread_;
    } else if (entry.own) {
        unread_ = 0;
        first_unread_.reset();  // who answers has read
    }
    entries_.push_back(std::move(entry));
    if (entries_.size() > kMaxEntries) {
        entries_.pop_front();
        ++first_;
        if (first_unread_ && *first_unread_ < first_) {
            first_unread_ = first_;
        }
    }
}

void ChatLog::set_delivery(const client::MessageKey& id, client::Delivery delivery) {
    const auto at = std::find_if(entries_.rbegin(), entries_.rend(), [&](const LogEntry& entry) {
        return entry.own && entry.id == id;
    });
    if (at != entries_.rend()) {
        at->delivery = delivery;
    }
}

void ChatLog::clear() {
    std::deque<LogEntry> kept;
    std::copy_if(entries_.begin(), entries_.end(), std::back_inserter(kept),
                 [](const LogEntry& entry) {
                     return entry.own && (entry.delivery == client::Delivery::waiting ||
                                          entry.delivery == client::Delivery::sent);
                 });
    first_ = end();
    entries_ = std::move(kept);
    unread_ = 0;
    first_unread_.reset();
}

const LogEntry& ChatLog::at(Number number) const {
    return entries_.at(number - first_);
}

std::optional<ChatLog::Number> ChatLog::find_before(std::string_view word, Number from) const {
    for (Number at = std::min(from, end()); at > begin(); --at) {
        if (holds(this->at(at - 1), word)) {
            return at - 1;
        }
    }
    return std::nullopt;
}

std::optional<ChatLog::Number> ChatLog::find_after(std::string_view word, Number from) const {
    for (Number at = std::max(from + 1, begin()); at < end(); ++at) {
        if (holds(this->at(at), word)) {
            return at;
        }
    }
    return std::nullopt;
}

}  // namespace sotto::tui
