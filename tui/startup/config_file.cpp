#include "tui/startup/config_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>

namespace sotto::program {

namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view skip_blanks(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    return text;
}

bool is_comment(std::string_view text) {
    text = skip_blanks(text);
    return text.empty() || text.front() == '#';
}

/// Removes a text in double quotes from the front; \" and \\ mean " and \.
std::optional<std::string> take_quoted(std::string_view& text) {
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return out;
        }
        if (text[i] == '\\' && ++i == text.size()) {
            break;
        }
        out += text[i];
    }
    return std::nullopt;
}

std::string_view take_word(std::string_view& text) {
    const std::string_view word = text.substr(0, text.find_first_of(" \t\r=#"));
    text.remove_prefix(word.size());
    return word;
}

/// Parses one line; an error is a sentence.
tl::expected<ConfigLine, std::string> assignment(std::string_view text) {
    text = skip_blanks(text);
    ConfigLine line;
    line.name = take_word(text);
    text = skip_blanks(text);
    if (line.name.empty() || text.empty() || text.front() != '=') {
        return tl::unexpected(std::string("not of the form: name = value"));
    }
    text = skip_blanks(text.substr(1));
    if (!text.empty() && text.front() == '"') {
        const auto quoted = take_quoted(text);
        if (!quoted) {
            return tl::unexpected(std::string("the quotes have no end"));
        }
        line.value = *quoted;
    } else {
        const std::string_view word = text.substr(0, text.find_first_of(" \t\r#"));
        text.remove_prefix(word.size());
        line.value = word;
    }
    if (!is_comment(text)) {
        return tl::unexpected(std::string("text with blanks in it needs double quotes"));
    }
    return line;
}

}  // namespace

tl::expected<std::vector<ConfigLine>, std::string> read_config(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode)) {
        return tl::unexpected("can't read " + path + ": it is a directory");
    }
    std::ifstream file(path);
    if (!file) {
        return tl::unexpected("can't read " + path + ": " + std::strerror(errno));
    }
    std::vector<ConfigLine> out;
    std::string text;
    for (int number = 1; std::getline(file, text); ++number) {
        if (is_comment(text)) {
            continue;
        }
        const std::string place = path + ":" + std::to_string(number) + ": ";
        auto line = assignment(text);
        if (!line) {
            return tl::unexpected(place + line.error());
        }
        line->number = number;
        const auto same = [&](const ConfigLine& other) { return other.name == line->name; };
        if (std::any_of(out.begin(), out.end(), same)) {
            return tl::unexpected(place + "'" + line->name + "' stands here a second time");
        }
        out.push_back(std::move(*line));
    }
    return out;
}

}  // namespace sotto::program
