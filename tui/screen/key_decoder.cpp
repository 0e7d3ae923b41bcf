#include "tui/screen/key_decoder.h"

#include "tui/screen/key_sequences.h"

#include <algorithm>
#include <cwchar>
#include <utility>

namespace sotto::tui {

namespace {

using namespace std::chrono_literals;

constexpr auto kEscapeDelay = 50ms;     // how long after a lone Esc its sequence may begin
constexpr auto kStringDelay = 100ms;    // how long a control string may pause
constexpr auto kSequenceDelay = 500ms;  // how long a sequence that has begun may pause
constexpr std::size_t kMaxSequence = 256;
constexpr char32_t kReplacement = 0xFFFD;
constexpr char kEscape = '\x1B';

bool between(char byte, char first, char last) {
    return byte >= first && byte <= last;
}

/// OSC, DCS, SOS, PM and APC: they end with a BEL or an ST.
bool begins_string(std::string_view bytes) {
    return bytes.size() > 1 && bytes[0] == kEscape &&
           std::string_view("]PX^_").find(bytes[1]) != std::string_view::npos;
}

/// The size of the UTF-8 character that the bytes begin with: 0 if there is none; if it is
/// incomplete, the size that it will have.
std::size_t utf8_size(std::string_view bytes) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    const unsigned char first = byte(0);
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
    for (std::size_t at = 1; at < std::min(size, bytes.size()); ++at) {
        if ((byte(at) & 0xC0) != 0x80) {
            return 0;
        }
    }
    if (bytes.size() > 1) {  // overlong, surrogates, beyond U+10FFFF
        const unsigned char second = byte(1);
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
            (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) {
            return 0;
        }
    }
    return size;
}

char32_t utf8_letter(std::string_view bytes) {
    constexpr unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t letter = static_cast<unsigned char>(bytes[0]) & masks[bytes.size()];
    for (const char byte : bytes.substr(1)) {
        letter = letter << 6 | (static_cast<unsigned char>(byte) & 0x3F);
    }
    return letter;
}

}  // namespace

void KeyDecoder::learn(std::string bytes, const Key& key) {
    if (bytes.size() > 1 && bytes[0] == kEscape) {
        learnt_.emplace(std::move(bytes), key);
    }
}

std::vector<Input> KeyDecoder::take(std::string_view bytes) {
    std::vector<Input> out;
    waiting_ += bytes;
    run(out);
    return out;
}

std::optional<std::chrono::milliseconds> KeyDecoder::patience() const {
    if (in_string_ || begins_string(waiting_)) {
        return kStringDelay;
    }
    if (waiting_.empty()) {
        return std::nullopt;
    }
    return waiting_.find_first_not_of(kEscape) == std::string::npos ? kEscapeDelay : kSequenceDelay;
}

std::vector<Input> KeyDecoder::settle() {
    std::vector<Input> out;
    in_string_ = false;
    gives_up_ = true;
    run(out);
    gives_up_ = false;
    return out;
}

std::vector<Input> KeyDecoder::end_paste() {
    std::vector<Input> out;
    if (paste_) {
        out.emplace_back(Paste{*std::exchange(paste_, std::nullopt), paste_cut_});
    }
    return out;
}

void KeyDecoder::run(std::vector<Input>& out) {
    const std::string bytes = std::exchange(waiting_, "");
    std::string_view rest = bytes;
    while (!rest.empty()) {
        if (in_string_) {
            swallow(rest);
            continue;
        }
        if (begins_string(rest) && rest.size() > 2 && !learnt(rest)) {
            in_string_ = true;
            rest.remove_prefix(2);
            continue;
        }
        const Item item = first_of(rest);
        if (item.size == 0) {
            waiting_ = rest;
            return;
        }
        add(item, out);
        rest.remove_prefix(item.size);
    }
}

/// Skips a control string. An Esc that begins something else ends it too.
void KeyDecoder::swallow(std::string_view& bytes) {
    const std::size_t end = bytes.find_first_of(std::string_view("\a\x1B", 2));
    bytes.remove_prefix(std::min(end, bytes.size()));
    if (bytes.empty()) {
        return;
    }
    if (bytes[0] == kEscape && bytes.size() == 1) {
        waiting_ = bytes;  // maybe half an ST; in_string_ stays true
        bytes = {};
        return;
    }
    in_string_ = false;
    if (bytes[0] == '\a') {
        bytes.remove_prefix(1);
    } else if (bytes[1] == '\\') {
        bytes.remove_prefix(2);
    }
}

void KeyDecoder::add(const Item& item, std::vector<Input>& out) {
    if (paste_) {
        add_pasted(item, out);
        return;
    }
    switch (item.kind) {
        case Item::Kind::key:
            out.emplace_back(item.key);
            break;
        case Item::Kind::character:
            out.emplace_back(key_of_character(item.letter));
            break;
        case Item::Kind::paste_begin:
            paste_.emplace();
            paste_cut_ = false;
            break;
        case Item::Kind::focus_in:
        case Item::Kind::focus_out:
            out.emplace_back(WindowFocus{item.kind == Item::Kind::focus_in});
            break;
        default:
            break;
    }
}

/// A key sequence inside a paste is neither a key nor text.
void KeyDecoder::add_pasted(const Item& item, std::vector<Input>& out) {
    if (item.kind == Item::Kind::paste_end) {
        const std::vector<Input> pasted = end_paste();
        out.insert(out.end(), pasted.begin(), pasted.end());
    } else if (item.kind == Item::Kind::character) {
        const std::string letter = encode_utf8(item.letter);
        if (paste_->size() + letter.size() > kMaxPaste) {
            paste_cut_ = true;
        } else {
            *paste_ += letter;
        }
    }
}

KeyDecoder::Item KeyDecoder::lone_escape() {
    Item item;
    item.size = 1;
    item.kind = Item::Kind::character;
    item.letter = U'\x1B';
    return item;
}

KeyDecoder::Item KeyDecoder::first_of(std::string_view bytes) const {
    if (bytes[0] != kEscape) {
        return character(bytes);
    }
    Item item = after_escape(bytes);
    if (item.size != 0 || (!gives_up_ && bytes.size() < kMaxSequence)) {
        return item;
    }
    // Nothing follows: this is an Esc, Alt with one letter, or an incomplete sequence.
    item.kind = Item::Kind::nothing;
    item.size = bytes.size();
    if (bytes.size() == 1 || bytes[1] == kEscape) {
        return lone_escape();
    }
    if (bytes.size() == 2) {
        item.kind = Item::Kind::key;
        item.key = key_of_character(static_cast<unsigned char>(bytes[1]) < 0x80
                                        ? static_cast<unsigned char>(bytes[1])
                                        : kReplacement);
        item.key.meta = true;
    }
    return item;
}

KeyDecoder::Item KeyDecoder::after_escape(std::string_view bytes) const {
    if (const auto known = learnt(bytes)) {
        return *known;
    }
    if (bytes.size() == 1 || (bytes.size() == 2 && begins_string(bytes))) {
        return {};
    }
    if (bytes[1] == '[') {
        return control_sequence(bytes);
    }
    if (bytes[1] == 'O') {
        return single_shift(bytes);
    }
    Item item = first_of(bytes.substr(1));
    if (item.size == 0) {
        return {};
    }
    if (bytes[1] != kEscape && !paste_) {
        item.kind = Item::Kind::key;
        item.key = key_of_character(item.letter);
    } else if (item.kind != Item::Kind::key || item.key.code == Key::Code::text || item.key.meta ||
               item.size < 3 || paste_) {
        return lone_escape();
    }
    item.key.meta = true;  // before an arrow too: rxvt sends Alt like this
    ++item.size;
    return item;
}

/// The longest matching sequence of this terminal; size 0 if more bytes may complete one.
std::optional<KeyDecoder::Item> KeyDecoder::learnt(std::string_view bytes) const {
    Item item;
    for (const auto& [sequence, key] : learnt_) {
        if (sequence.size() > bytes.size() && !gives_up_ && bytes.size() > 1 &&
            sequence.compare(0, bytes.size(), bytes) == 0) {
            return Item();
        }
        if (sequence.size() > item.size && bytes.substr(0, sequence.size()) == sequence) {
            item.size = sequence.size();
            item.kind = Item::Kind::key;
            item.key = key;
        }
    }
    return item.size == 0 ? std::nullopt : std::optional(item);
}

/// CSI: ESC [, parameters, intermediates, and a final byte.
KeyDecoder::Item KeyDecoder::control_sequence(std::string_view bytes) {
    Item item;
    const std::size_t digits = bytes.find_first_not_of("0123456789", 2);
    std::size_t at = digits;
    if (bytes.size() > 2 && bytes[2] == '[') {  // the Linux console's F1 to F5
        at = 3;
    } else if (digits < bytes.size() && (digits == 2 || bytes[digits] != '$')) {  // else rxvt's
        at = std::min(bytes.find_first_not_of("0123456789:;<=>?", at), bytes.size());
        at = std::min(bytes.find_first_not_of(" !\"#$%&'()*+,-./", at), bytes.size());
    }
    if (at >= bytes.size()) {
        return item;
    }
    if (bytes[at] != '$' && !between(bytes[at], '@', '~')) {
        item.size = at;  // another sequence interrupts it
        return item;
    }
    item.size = at + 1;
    const std::string_view sequence = bytes.substr(0, item.size);
    if (sequence == "\033[200~") {
        item.kind = Item::Kind::paste_begin;
    } else if (sequence == "\033[201~") {
        item.kind = Item::Kind::paste_end;
    } else if (sequence == "\033[I") {
        item.kind = Item::Kind::focus_in;
    } else if (sequence == "\033[O") {
        item.kind = Item::Kind::focus_out;
    } else if (const auto key = key_of_sequence(sequence)) {
        item.kind = Item::Kind::key;
        item.key = *key;
    }
    return item;
}

/// SS3: ESC O, sometimes parameters, and a letter.
KeyDecoder::Item KeyDecoder::single_shift(std::string_view bytes) {
    Item item;
    const std::size_t at = bytes.find_first_not_of("0123456789;", 2);
    if (at >= bytes.size()) {
        return item;
    }
    item.size = between(bytes[at], ' ', '~') ? at + 1 : at;
    if (const auto key = key_of_sequence(bytes.substr(0, item.size))) {
        item.kind = Item::Kind::key;
        item.key = *key;
    }
    return item;
}

KeyDecoder::Item KeyDecoder::character(std::string_view bytes) const {
    Item item;
    item.kind = Item::Kind::character;
    item.letter = kReplacement;
    item.size = 1;
    if (letters_ == Letters::utf8) {
        const std::size_t size = utf8_size(bytes);
        if (size > bytes.size()) {
            item.size = gives_up_ ? bytes.size() : 0;
        } else if (size > 0) {
            item.size = size;
            item.letter = utf8_letter(bytes.substr(0, size));
        }
        return item;
    }
    std::mbstate_t state{};
    wchar_t letter = 0;
    const std::size_t size = std::mbrtowc(&letter, bytes.data(), bytes.size(), &state);
    if (size == static_cast<std::size_t>(-2) && !gives_up_) {
        item.size = 0;
    } else if (size <= bytes.size()) {
        item.size = std::max<std::size_t>(size, 1);
        item.letter = static_cast<char32_t>(letter);
    }
    return item;
}

}  // namespace sotto::tui
