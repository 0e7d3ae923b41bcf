#include "tui/model/line_editor.h"

#include "crypto/base/enum_table.h"
#include "tui/model/grapheme.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace sotto::tui {

namespace {

using Test = bool (*)(std::string_view cluster);

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// Tag characters (U+E0000 to U+E007F) are seen by nobody: here and there they become U+FFFD.
std::string without_tags(std::string_view text) {
    constexpr std::size_t size = 4;
    std::string out;
    while (!text.empty()) {
        const std::string_view letter = text.substr(0, size);
        const bool tag = letter.size() == size && letter.substr(0, 2) == "\xF3\xA0" &&
                         (letter[2] == '\x80' || letter[2] == '\x81');
        out += tag ? kReplacement : letter.substr(0, 1);
        text.remove_prefix(tag ? size : 1);
    }
    return out;
}

/// What may stand in a line, of what somebody typed or pasted. Terminals paste newlines as
/// CR.
std::string cleaned(std::string_view raw) {
    const std::string text = without_tags(raw);
    std::string out;
    out.reserve(text.size());
    for (const Cluster& cluster : clusters(text)) {
        const std::string_view part = std::string_view(text).substr(cluster.begin, cluster.size);
        const auto first = static_cast<unsigned char>(part[0]);
        const bool c1 =
            part.size() == 2 && first == 0xC2 && static_cast<unsigned char>(part[1]) < 0xA0;
        const bool ill_formed = part.size() == 1 && first >= 0x80;
        if (part == "\r\n" || part == "\r" || part == "\n") {
            out += '\n';
        } else if (part == "\t" || (first >= 0x20 && first != 0x7F && !c1 && !ill_formed)) {
            out += part;
        }
    }
    return out;
}

std::size_t next(const std::string& text, std::size_t at) {
    const std::vector<Cluster> rest = clusters(std::string_view(text).substr(at));
    return rest.empty() ? at : at + rest.front().size;
}

/// The beginning of the last cluster before `at`.
std::size_t previous(const std::string& text, std::size_t at) {
    const std::vector<Cluster> before = clusters(std::string_view(text).substr(0, at));
    return before.empty() ? 0 : before.back().begin;
}

/// The first cluster boundary at or after `at`.
std::size_t boundary(const std::string& text, std::size_t at) {
    for (const Cluster& cluster : clusters(text)) {
        if (cluster.begin >= at) {
            return cluster.begin;
        }
    }
    return text.size();
}

std::size_t line_begin(const std::string& text, std::size_t at) {
    const std::size_t newline = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
    return newline == std::string::npos ? 0 : newline + 1;
}

std::size_t line_end(const std::string& text, std::size_t at) {
    return std::min(text.find('\n', at), text.size());
}

bool is_no_word(std::string_view cluster) {
    return !is_word(cluster);
}
bool is_no_space(std::string_view cluster) {
    return !is_space(cluster);
}

/// Backwards from `at` over all that `gap` holds for, then over all that `stay` holds for.
std::size_t backward(const std::string& text, std::size_t at, Test gap, Test stay) {
    const std::vector<Cluster> before = clusters(std::string_view(text).substr(0, at));
    auto i = before.rbegin();
    for (const Test test : {gap, stay}) {
        for (; i != before.rend() && test(std::string_view(text).substr(i->begin, i->size)); ++i) {
            at = i->begin;
        }
    }
    return at;
}

std::size_t word_begin(const std::string& text, std::size_t at) {
    return backward(text, at, is_no_word, is_word);
}

std::size_t word_end(const std::string& text, std::size_t at) {
    const std::string_view rest = std::string_view(text).substr(at);
    const std::vector<Cluster> parts = clusters(rest);
    auto i = parts.begin();
    for (const Test test : {is_no_word, is_word}) {
        i = std::find_if(i, parts.end(),
                         [&](const Cluster& c) { return !test(rest.substr(c.begin, c.size)); });
    }
    return i == parts.end() ? text.size() : at + i->begin;
}

}  // namespace

void LineEditor::run(Edit edit) {
    if (search_ && edit != Edit::reverse_search) {
        if (edit == Edit::backward_delete_char) {
            return search_text(search_->substr(0, previous(*search_, search_->size())));
        }
        end_search(true);
    }
    chained_ = last_ == Last::kill;
    last_ = Last::other;

    struct Row {
        Edit key;
        void (*run)(LineEditor&);
    };
    static constexpr base::EnumTable<Edit, Row> kRows({
        {Edit::beginning_of_line,
         [](LineEditor& e) { e.cursor_ = line_begin(e.text_, e.cursor_); }},
        {Edit::end_of_line, [](LineEditor& e) { e.cursor_ = line_end(e.text_, e.cursor_); }},
        {Edit::backward_char, [](LineEditor& e) { e.cursor_ = previous(e.text_, e.cursor_); }},
        {Edit::forward_char, [](LineEditor& e) { e.cursor_ = next(e.text_, e.cursor_); }},
        {Edit::backward_word, [](LineEditor& e) { e.cursor_ = word_begin(e.text_, e.cursor_); }},
        {Edit::forward_word, [](LineEditor& e) { e.cursor_ = word_end(e.text_, e.cursor_); }},
        {Edit::backward_delete_char,
         [](LineEditor& e) { e.erase(previous(e.text_, e.cursor_), e.cursor_); }},
        {Edit::delete_char, [](LineEditor& e) { e.erase(e.cursor_, next(e.text_, e.cursor_)); }},
        {Edit::unix_word_rubout,
         [](LineEditor& e) {
             e.kill(backward(e.text_, e.cursor_, is_space, is_no_space), e.cursor_);
         }},
        {Edit::backward_kill_word,
         [](LineEditor& e) { e.kill(word_begin(e.text_, e.cursor_), e.cursor_); }},
        {Edit::kill_word, [](LineEditor& e) { e.kill(e.cursor_, word_end(e.text_, e.cursor_)); }},
        {Edit::unix_line_discard,
         [](LineEditor& e) {
             const std::size_t begin = line_begin(e.text_, e.cursor_);
             e.kill(begin < e.cursor_ ? begin : previous(e.text_, e.cursor_), e.cursor_);
         }},
        {Edit::kill_line,
         [](LineEditor& e) {
             const std::size_t end = line_end(e.text_, e.cursor_);
             e.kill(e.cursor_, end > e.cursor_ ? end : next(e.text_, e.cursor_));
         }},
        {Edit::yank, [](LineEditor& e) { e.complete(e.cursor_, e.killed_); }},
        {Edit::transpose_chars, [](LineEditor& e) { e.transpose(); }},
        {Edit::undo, [](LineEditor& e) { e.undo(); }},
        {Edit::newline, [](LineEditor& e) { e.complete(e.cursor_, "\n"); }},
        {Edit::previous_history, [](LineEditor& e) { e.vertical(true); }},
        {Edit::next_history, [](LineEditor& e) { e.vertical(false); }},
        {Edit::reverse_search, [](LineEditor& e) { e.search_step(); }},
    });
    kRows[edit].run(*this);
}

bool LineEditor::insert(std::string_view text) {
    const std::string clean = cleaned(text);
    if (search_) {
        if (search_->size() + clean.size() > kMaxBytes) {
            return false;
        }
        search_text(*search_ + clean);
        return true;
    }
    if (text_.size() + clean.size() > kMaxBytes) {
        return false;
    }
    if (clean.empty()) {
        return true;
    }
    // Typing is undone word by word, what came at once is undone at once.
    const std::size_t first = clusters(clean).front().size;
    const bool typed = first == clean.size();
    if (last_ != Last::typing || !typed || is_space(clean)) {
        remember(state());
    }
    replace(cursor_, cursor_, clean);
    last_ = typed ? Last::typing : Last::other;
    return true;
}

bool LineEditor::complete(std::size_t begin, std::string_view text) {
    end_search(true);
    last_ = Last::other;
    const std::string clean = cleaned(text);
    begin = boundary(text_, std::min(begin, cursor_));
    if (text_.size() - (cursor_ - begin) + clean.size() > kMaxBytes) {
        return false;
    }
    if (std::string_view(text_).substr(begin, cursor_ - begin) != clean) {
        remember(state());
        replace(begin, cursor_, clean);
    }
    return true;
}

void LineEditor::set_text(std::string_view text) {
    end_search(true);
    last_ = Last::other;
    undo_.clear();
    text_ = cleaned(text);
    for (const Cluster& cluster : clusters(text_)) {
        if (cluster.begin + cluster.size > kMaxBytes) {
            text_.resize(cluster.begin);
            break;
        }
    }
    cursor_ = text_.size();
}

void LineEditor::clear() {
    end_search(true);
    last_ = Last::other;
    erase(0, text_.size());
    history_.jump(history_.size());
}

std::string LineEditor::take() {
    end_search(true);
    last_ = Last::other;
    history_.add(text_);
    undo_.clear();
    cursor_ = 0;
    return std::exchange(text_, {});
}

void LineEditor::restore(State state) {
    text_ = std::move(state.text);
    cursor_ = state.cursor;
    history_.jump(state.place);
}

void LineEditor::remember(State state) {
    undo_.push_back(std::move(state));
    if (undo_.size() > kMaxUndo) {
        undo_.pop_front();
    }
}

/// The cursor stands after the new text, or after what joins to it.
void LineEditor::replace(std::size_t begin, std::size_t end, std::string_view text) {
    text_.replace(begin, end - begin, text);
    cursor_ = boundary(text_, begin + text.size());
}

void LineEditor::erase(std::size_t begin, std::size_t end) {
    if (begin == end) {
        return;
    }
    remember(state());
    replace(begin, end, {});
}

/// Kills that follow each other make one text, in the order in which it stood in the line.
void LineEditor::kill(std::size_t begin, std::size_t end) {
    last_ = chained_ ? Last::kill : Last::other;
    if (begin == end) {
        return;
    }
    const std::string part = text_.substr(begin, end - begin);
    if (!chained_) {
        killed_ = part;
    } else if (end == cursor_) {
        killed_.insert(0, part);
    } else {
        killed_ += part;
    }
    erase(begin, end);
    last_ = Last::kill;
}

void LineEditor::transpose() {
    // At the end, the two before the cursor.
    const std::size_t middle = cursor_ == text_.size() ? previous(text_, cursor_) : cursor_;
    const std::size_t begin = previous(text_, middle);
    const std::size_t end = next(text_, middle);
    if (begin == middle || middle == end) {
        return;
    }
    remember(state());
    replace(begin, end, text_.substr(middle, end - middle) + text_.substr(begin, middle - begin));
}

void LineEditor::undo() {
    if (undo_.empty()) {
        return;
    }
    restore(std::move(undo_.back()));
    undo_.pop_back();
}

void LineEditor::vertical(bool up) {
    const std::size_t begin = line_begin(text_, cursor_);
    const std::size_t end = line_end(text_, cursor_);
    if (up ? begin == 0 : end == text_.size()) {
        const std::size_t place = history_.place();
        return walk(up ? place - 1 : place + 1);  // below 0 is beyond the end, too
    }
    const std::size_t to = up ? line_begin(text_, begin - 1) : end + 1;
    const std::string_view whole = text_;
    const int column = columns(whole.substr(begin, cursor_ - begin));
    cursor_ = to + fit(whole.substr(to, line_end(text_, to) - to), column).size();
}

void LineEditor::walk(std::size_t place) {
    State before = state();
    std::optional<std::string> line = history_.go(place, text_);
    if (!line) {
        return;
    }
    remember(std::move(before));
    text_ = std::move(*line);
    cursor_ = text_.size();
}

void LineEditor::search_step() {
    last_ = Last::other;
    if (!search_) {
        before_search_ = state();
        search_.emplace();
        search_failed_ = false;
    } else if (search_->empty()) {
        search_text(last_search_);
    } else {
        find_from(history_.place(), text_);
    }
}

/// Looks for other text, from the newest entry on unless it merely grew.
void LineEditor::search_text(std::string text) {
    const bool grew = text.size() > search_->size() && !search_->empty();
    search_ = std::move(text);
    search_failed_ = false;
    if (search_->empty()) {
        restore(before_search_);
    } else {
        find_from(grew ? history_.place() + 1 : history_.size(), {});
    }
}

void LineEditor::find_from(std::size_t before, std::string_view shown) {
    const std::optional<std::size_t> hit = history_.find(*search_, before, shown);
    search_failed_ = !hit;
    if (hit) {
        const std::string& line = history_.entry(*hit);
        restore({line, boundary(line, line.find(*search_)), *hit});
    }
}

void LineEditor::end_search(bool keep_hit) {
    if (!search_) {
        return;
    }
    if (!search_->empty()) {
        last_search_ = *search_;
    }
    search_.reset();
    search_failed_ = false;
    if (!keep_hit) {
        restore(std::move(before_search_));
    } else if (text_ != before_search_.text) {
        const std::size_t hit = history_.place();  // walk there: the unsent line is kept
        history_.jump(before_search_.place);
        (void)history_.go(hit, before_search_.text);
        remember(std::move(before_search_));
    }
}

}  // namespace sotto::tui
