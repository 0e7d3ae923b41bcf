#include "relay/program/log.h"

#include "crypto/utf8.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <map>
#include <memory>
#include <utility>

namespace sotto::relay {

namespace {

bool is_control(unsigned char byte) {
    return byte < 0x20 || byte == 0x7F;
}

std::string hex(unsigned char byte) {
    static constexpr char kDigits[] = "0123456789abcdef";
    return {kDigits[byte >> 4U], kDigits[byte & 15U]};
}

/// `%*` of a pattern: the text, escaped.
class EscapedText final : public spdlog::custom_flag_formatter {
  public:
    using Escape = std::string (*)(std::string_view);
    explicit EscapedText(Escape escape) : escape_(escape) {}

    void format(const spdlog::details::log_msg& entry, const std::tm& /*time*/,
                spdlog::memory_buf_t& line) override {
        const std::string text = escape_({entry.payload.data(), entry.payload.size()});
        line.append(text.data(), text.data() + text.size());
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<EscapedText>(escape_);
    }

  private:
    Escape escape_;
};

}  // namespace

std::string json_escaped(std::string_view text) {
    const bool utf8 = crypto::is_utf8(text);
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (is_control(byte) || (byte >= 0x80 && !utf8)) {
            out += "\\u00" + hex(byte);
        } else {
            out += c;
        }
    }
    return out;
}

std::string plain_escaped(std::string_view text) {
    const bool utf8 = crypto::is_utf8(text);
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_control(byte) || (byte >= 0x80 && !utf8)) {
            out += "\\x" + hex(byte);
        } else {
            out += c;
        }
    }
    return out;
}

void set_up_log(const std::string& level, const std::string& format) {
    static const auto logger = spdlog::stderr_logger_mt("sotto-relay");  // every loop logs
    const bool json = format == "json";
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<EscapedText>('*', json ? json_escaped : plain_escaped);
    formatter->set_pattern(json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%*"})"
                                : "%Y-%m-%d %H:%M:%S %l: %*");
    logger->set_level(spdlog::level::from_str(level));
    logger->set_formatter(std::move(formatter));
    if (spdlog::default_logger_raw() != logger.get()) {  // once: others log meanwhile
        spdlog::set_default_logger(logger);
    }
}

void log(Note::Level level, const std::string& text) {
    static const std::map<Note::Level, spdlog::level::level_enum> levels{
        {Note::Level::debug, spdlog::level::debug},
        {Note::Level::info, spdlog::level::info},
        {Note::Level::warning, spdlog::level::warn},
        {Note::Level::error, spdlog::level::err}};
    spdlog::log(levels.at(level), "{}", text);
}

}  // namespace sotto::relay
