#pragma once

#include "crypto/base/enum.h"

#include <array>
#include <cstdint>

namespace sotto::sim {

/// What a run of many seeds has to meet, or it has tested less than it seems. Told from the
/// outside: by what is on the wire, in events, and by what the simulation itself does.
enum class Moment {
    // asking and ending
    requests_crossed,
    crossed_requests_opened_a_chat,
    accept_crossed_a_cancel,
    ends_crossed,
    request_declined,
    request_cancelled,
    blocked_in_a_chat,
    end_with_texts_under_way,
    chat_lost_by_a_restart,
    quit_in_a_chat,
    // sessions
    handshakes_crossed,
    cut_in_a_handshake,
    session_lost,
    session_came_back,
    rekeyed,
    rekey_under_way_at_an_end,
    verified,
    // texts
    text_delivered,
    text_waited_for_a_session,
    text_repeated_and_shown_once,
    text_discarded_and_shown,
    text_of_many_kilobytes,
    typing_shown,
    // the network
    connect_failed,
    cut_in_a_registration,
    lost_in_a_dead_connection,
    stalled,
    // the relay
    answered_busy,
    answered_offline,
    answered_rate_limited,
    answered_internal,
    replaced_a_dead_connection,
    reading_paused,
    passed_between_loops,
    relay_restarted,
    registry_full,
    search_answered_in_pages,
    hostile_drop,
    hostile_repeat,
    hostile_delay,
    // disks
    contact_not_written,
    contact_lost_by_a_restart,
    // how it ends
    settled_with_an_open_chat,
    settled_without_one,
};

/// How often each moment was met.
class Sometimes {
  public:
    void met(Moment moment) { ++counts_[base::enum_index(moment)]; }
    [[nodiscard]] std::uint64_t count(Moment moment) const {
        return counts_[base::enum_index(moment)];
    }
    Sometimes& operator+=(const Sometimes& other) {
        for (std::size_t at = 0; at < counts_.size(); ++at) {
            counts_[at] += other.counts_[at];
        }
        return *this;
    }

  private:
    std::array<std::uint64_t, base::enum_count<Moment>> counts_{};
};

}  // namespace sotto::sim
