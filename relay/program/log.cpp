#include "relay/program/log.h"

#include "crypto/base/hex.h"
#include "crypto/base/utf8.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace sotto::relay {

namespace {

bool is_control(unsigned char byte) {
    return byte < 0x20 || byte == 0x7F;
}

unsigned char byte_of(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

/// How many bytes the control character or the separator of lines or paragraphs has that UTF-8
/// text begins with: U+0080 to U+009F, which some terminals obey, U+2028 and U+2029; else 0.
std::size_t control_at(std::string_view text) {
    if (text.size() >= 2 && byte_of(text, 0) == 0xC2 && byte_of(text, 1) < 0xA0) {
        return 2;
    }
    const std::string_view start = text.substr(0, 3);
    return start == "\xE2\x80\xA8" || start == "\xE2\x80\xA9" ? 3 : 0;
}

std::string hex_of(unsigned char byte) {
    std::string out;
    base::append_hex(out, byte);
    return out;
}

/// Whether standard error leads to the journal (systemd.exec(5)), and not elsewhere as it
/// does in a shell below a service.
bool is_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe)
    struct stat facts {};
    return stream != nullptr && ::fstat(STDERR_FILENO, &facts) == 0 &&
           stream == std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
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

/// `%P` of a pattern: the priority, as the journal wants it before a line (sd-daemon(3)).
class Priority final : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& entry, const std::tm& /*time*/,
                spdlog::memory_buf_t& line) override {
        const std::string_view priority = entry.level >= spdlog::level::err    ? "<3>"
                                          : entry.level == spdlog::level::warn ? "<4>"
                                          : entry.level == spdlog::level::info ? "<6>"
                                                                               : "<7>";
        line.append(priority.data(), priority.data() + priority.size());
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<Priority>();
    }
};

constexpr const char* kJson = R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%*"})";

std::unique_ptr<spdlog::formatter> formatter_of(const std::string& pattern,
                                                EscapedText::Escape escape) {
    auto out = std::make_unique<spdlog::pattern_formatter>();
    out->add_flag<EscapedText>('*', escape);
    out->add_flag<Priority>('P');
    out->set_pattern(pattern);
    return out;
}

}  // namespace

std::string json_escaped(std::string_view text) {
    const bool utf8 = base::is_utf8(text);
    std::string out;
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text.front());
        const std::size_t control = utf8 ? control_at(text) : 0;
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += text.front();
        } else if (control == 3) {
            out += byte_of(text, 2) == 0xA8 ? "\\u2028" : "\\u2029";
        } else if (control == 2) {
            out += "\\u00" + hex_of(byte_of(text, 1));
        } else if (is_control(byte) || (byte >= 0x80 && !utf8)) {
            out += "\\u00" + hex_of(byte);
        } else {
            out += text.front();
        }
        text.remove_prefix(std::max<std::size_t>(control, 1));
    }
    return out;
}

std::string plain_escaped(std::string_view text) {
    const bool utf8 = base::is_utf8(text);
    std::string out;
    while (!text.empty()) {
        const std::size_t control = utf8 ? control_at(text) : 0;
        const auto byte = static_cast<unsigned char>(text.front());
        const bool shown = control == 0 && !is_control(byte) && (byte < 0x80 || utf8);
        const std::size_t size = std::max<std::size_t>(control, 1);
        for (std::size_t i = 0; i < size; ++i) {
            out += shown ? std::string(1, text[i]) : "\\x" + hex_of(byte_of(text, i));
        }
        text.remove_prefix(size);
    }
    return out;
}

void set_up_log(const std::string& level, const std::string& format) {
    static const auto logger = spdlog::stderr_logger_mt("sotto-relay");  // every loop logs
    const bool json = format == "json";
    const bool journal = is_journal();
    const std::string pattern = json ? kJson : journal ? "%l: %*" : "%Y-%m-%d %H:%M:%S %l: %*";
    logger->set_level(spdlog::level::from_str(level));
    logger->set_formatter(
        formatter_of((journal ? "%P" : "") + pattern, json ? json_escaped : plain_escaped));
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

void log_failure(const std::string& text, const std::string& format) {
    if (format == "json") {
        set_up_log("error", format);
        log(Note::Level::error, text);
    } else {
        std::cerr << (is_journal() ? "<3>" : "") << "sotto-relay: " << plain_escaped(text) << "\n";
    }
}

void announce_in_json(const std::string& text) {
    static const auto logger = spdlog::stdout_logger_mt("sotto-relay started");
    logger->set_formatter(formatter_of(kJson, json_escaped));
    logger->info("{}", text);
}

}  // namespace sotto::relay
