#include "test/support/seeded_random.h"
#include "test/tui/face_fixture.h"
#include "tui/faces/json_commands.h"
#include "tui/faces/json_events.h"
#include "tui/faces/json_face.h"
#include "tui/faces/json_object.h"

#include <boost/test/unit_test.hpp>
#include <json/json.h>

#include <csignal>
#include <map>
#include <set>
#include <sstream>

using namespace sotto;
using namespace sotto::test;
using client::Delivery;
using client::SafeText;
using tui::JsonFace;

namespace {

/// A line as any program would read it: strictly, by another's parser.
Json::Value parsed(const std::string& line) {
    Json::CharReaderBuilder builder;
    Json::CharReaderBuilder::strictMode(&builder.settings_);
    const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
    Json::Value out;
    std::string errors;
    BOOST_TEST_REQUIRE(reader->parse(line.data(), line.data() + line.size(), &out, &errors),
                       line + ": " + errors);
    return out;
}

std::vector<Json::Value> lines(const std::string& text) {
    std::vector<Json::Value> out;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        out.push_back(parsed(line));
    }
    return out;
}

Json::Value last(const std::string& text) {
    const auto all = lines(text);
    BOOST_TEST_REQUIRE(!all.empty());
    return all.back();
}

/// One of every event, with something in each field.
std::vector<client::Event> one_of_each() {
    const SafeText why = SafeText::own("because");
    const std::vector<event::UserEntry> users{{"bob", true, client::Trust::verified, false},
                                              {"carol", false, client::Trust::from_link, true}};
    event::ChatChanged chat;
    chat.chat = client::ChatKey::with("bob");
    chat.state = client::ChatState::open;
    chat.trust = client::Trust::unverified;
    chat.suite = 2;
    chat.epoch = 3;
    event::SafetyNumber number;
    number.user = "bob";
    number.digits = std::string(60, '7');
    number.asked = {2, 5, 11};
    event::Contact contact;
    contact.user = "bob";
    contact.first_seen_ms = 1'700'000'000'000;
    return {event::LinkChanged{client::Link::waiting, why, "relay.example:7443",
                               base::MonotonicTime(std::chrono::milliseconds(3'500))},
            event::RelayTrustNeeded{"relay.example:7443", "00ff"},
            event::RelayKeyChanged{"relay.example:7443", "00", "ff"},
            event::Registered{"alice", "77ab 02c9 1f0e 5d36"},
            event::UsersChanged{true, users},
            event::SearchResult{"b", users, true},
            event::RequestArrived{client::ChatKey::with("bob"), "5a34", 12, client::Trust::unknown},
            event::RequestGone{client::ChatKey::with("bob"), why},
            chat,
            event::MessageAdded{client::ChatKey::with("bob"), "0f", true, 99, why, Delivery::sent,
                                true},
            event::DeliveryChanged{client::ChatKey::with("bob"), "0f", Delivery::delivered},
            event::PeerTyping{client::ChatKey::with("bob"), true},
            event::KeyChanged{"bob", "5a34", "c0de", true},
            number,
            contact,
            event::BlockedUsers{users},
            event::Status{17},
            event::Notice{event::Notice::Level::warning, client::ChatKey::with("bob"), why},
            event::Refused{client::CommandKind::send_text, client::RefusalCode::no_chat, why},
            event::WireSeen{true, "hello", SafeText::own(R"({"type":"hello"})")},
            event::Finished{}};
}

std::string why_refused(const std::string& line) {
    const auto read = tui::command_from_json(line);
    return read ? "it was not refused" : read.error().why;
}

bool is_same(const tui::JsonValue& ours, const Json::Value& theirs) {
    if (const auto* text = std::get_if<std::string>(&ours)) {
        return theirs.isString() && theirs.asString() == *text;
    }
    if (const auto* number = std::get_if<std::int64_t>(&ours)) {
        return theirs.isInt64() && theirs.asInt64() == *number;
    }
    return theirs.isBool() && theirs.asBool() == std::get<bool>(ours);
}

const tui::JsonReady kReady{1, "sotto/9", "alice", "relay.example:7443"};

/// A booth whose first line, `ready`, was read.
struct JsonBooth : Booth<JsonFace> {
    JsonBooth() : Booth<JsonFace>(kReady) { first = heard(); }
    std::string first;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(json_events)

BOOST_AUTO_TEST_CASE(every_event_is_one_object_with_the_fields_of_its_shape) {
    const auto shapes = tui::json_event_shapes();
    const auto events = one_of_each();
    BOOST_TEST_REQUIRE(events.size() == std::variant_size_v<client::Event::What>);
    for (std::size_t i = 0; i < events.size(); ++i) {
        BOOST_TEST_REQUIRE(events[i].what.index() == i);
        const std::string line = tui::to_json(events[i], {});
        const Json::Value object = parsed(line);
        std::set<std::string> wanted{"event"};
        wanted.insert(shapes[i].fields.begin(), shapes[i].fields.end());
        const auto names = object.getMemberNames();
        BOOST_TEST((std::set<std::string>(names.begin(), names.end()) == wanted), line);
        BOOST_TEST(object["event"].asString() == shapes[i].name);
    }
}

BOOST_AUTO_TEST_CASE(values_are_written_by_their_type) {
    const base::MonotonicTime now(std::chrono::milliseconds(1'000));
    std::map<std::string, Json::Value> by_name;
    for (const client::Event& one : one_of_each()) {
        const Json::Value object = parsed(tui::to_json(one, now));
        by_name[object["event"].asString()] = object;
    }
    BOOST_TEST(by_name["link_changed"]["state"].asString() == "waiting");
    BOOST_TEST(by_name["link_changed"]["retry_in_ms"].asInt() == 2'500);
    BOOST_TEST(by_name["registered"]["fingerprint"].asString() == "77ab 02c9 1f0e 5d36");
    BOOST_TEST(by_name["users_changed"]["full"].asBool());
    BOOST_TEST(by_name["users_changed"]["users"].size() == 2U);
    BOOST_TEST(by_name["users_changed"]["users"][1]["name"].asString() == "carol");
    BOOST_TEST(by_name["users_changed"]["users"][1]["trust"].asString() == "from_link");
    BOOST_TEST(by_name["users_changed"]["users"][1]["blocked"].asBool());
    BOOST_TEST(by_name["chat_changed"]["state"].asString() == "open");
    BOOST_TEST(by_name["chat_changed"]["suite"].asInt() == 2);
    BOOST_TEST(by_name["chat_changed"]["epoch"].asInt() == 3);
    BOOST_TEST(by_name["message_added"]["delivery"].asString() == "sent");
    BOOST_TEST(by_name["message_added"]["own"].asBool());
    BOOST_TEST(by_name["safety_number"]["asked"][2].asInt() == 11);
    BOOST_TEST(by_name["contact"]["first_seen_ms"].asUInt64() == 1'700'000'000'000U);
    BOOST_TEST(by_name["status"]["dropped"].asInt() == 17);
    BOOST_TEST(by_name["notice"]["level"].asString() == "warning");
    BOOST_TEST(by_name["wire_seen"]["json"].asString() == R"({"type":"hello"})");
}

BOOST_AUTO_TEST_CASE(what_is_absent_is_null_and_what_is_overdue_is_zero) {
    event::LinkChanged link;
    BOOST_TEST(parsed(tui::to_json(link, {}))["retry_in_ms"].isNull());
    link.retry_at = base::MonotonicTime(std::chrono::milliseconds(10));
    BOOST_TEST(
        parsed(tui::to_json(link, base::MonotonicTime(std::chrono::seconds(5))))["retry_in_ms"]
            .asInt() == 0);
}

BOOST_AUTO_TEST_CASE(a_number_that_not_every_reader_can_hold_is_written_as_the_last_exact_one) {
    event::MessageAdded message;
    message.time_ms = ~0ULL;
    BOOST_TEST(parsed(tui::to_json(message, {}))["time_ms"].asUInt64() == 9'007'199'254'740'991U);
}

BOOST_AUTO_TEST_CASE(any_safe_text_comes_back_as_it_was_and_stays_on_its_line) {
    std::string every_byte;
    for (int i = 0; i < 256; ++i) {
        every_byte += static_cast<char>(i);
    }
    for (const std::string& hostile :
         {every_byte, std::string("\"},{\"event\":\"registered\"}\n{\"event\":\"quit\"}"),
          std::string("line\nline\r\nline\xE2\x80\xA8line"), std::string("\\u0000\\"),
          std::string("\xF0\x9F\x90\xA7 \xC3\xA9 \xED\xA0\x80 \xFF"), std::string("\0x", 2)}) {
        event::MessageAdded message;
        message.chat = client::ChatKey::with("bob");
        message.text = SafeText::from(hostile, SafeText::Lines::many);
        const std::string line = tui::to_json(message, {});
        BOOST_TEST(line.find('\n') == std::string::npos);
        BOOST_TEST(parsed(line)["text"].asString() == message.text.str());
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_was_typed_as_anything_is_still_valid_json) {
    event::Contact contact;
    contact.user = "\xFF\n\"\x1b[2J";
    const std::string line = tui::to_json(contact, {});
    BOOST_TEST(line.find('\x1b') == std::string::npos);
    BOOST_TEST(line.find('\xFF') == std::string::npos);
    (void)parsed(line);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(json_commands)

BOOST_AUTO_TEST_CASE(every_command_is_read_back_with_all_its_fields) {
    std::size_t index = 0;
    for (const tui::JsonShape& shape : tui::json_command_shapes()) {
        std::string line = R"({"command":")" + std::string(shape.name) + '"';
        for (const std::string_view name : shape.fields) {
            const bool flag =
                std::set<std::string_view>{"agree", "block", "on", "verified", "trusted"}.count(
                    name) != 0;
            line += ",\"" + std::string(name) +
                    "\":" + (flag ? "true" : "\"" + std::string(name) + '"');
        }
        const auto read = tui::command_from_json(line + "}");
        BOOST_TEST_REQUIRE(read.has_value(), line);
        BOOST_TEST(read->command.what.index() == index++);
        BOOST_TEST(sotto::base::enum_name(read->command.kind()) == shape.name);
    }
    BOOST_TEST(index == std::variant_size_v<client::Command::What>);
}

BOOST_AUTO_TEST_CASE(fields_may_stand_in_any_order_and_blanks_around_them) {
    const auto read = tui::command_from_json(
        " {\t\"text\" : \"hi \\\"bob\\\" \\ud83d\\ude00\\u00e9\\n\" , \"command\":\"send_text\","
        "\"user\":\"bob\"} ");
    BOOST_TEST_REQUIRE(read.has_value());
    const auto& text = std::get<command::SendText>(read->command.what);
    BOOST_TEST(text.chat.name() == "bob");
    BOOST_TEST(text.text == "hi \"bob\" \xF0\x9F\x98\x80\xC3\xA9\n");
}

BOOST_AUTO_TEST_CASE(a_field_too_much_too_few_twice_or_of_another_type_is_refused) {
    const std::map<std::string, std::string> cases{
        {R"({"command":"end_chat"})", "\"user\" is missing"},
        {R"({"command":"end_chat","user":true})", "\"user\" is not a string"},
        {R"({"command":"set_typing","user":"bob","on":"yes"})", "\"on\" is not true or false"},
        {R"({"command":"end_chat","user":"bob","usr":"bob"})", "there is no field \"usr\""},
        {R"({"command":"quit","now":true})", "there is no field \"now\""},
        {R"({"command":"end_chat","user":"bob","user":"eve"})", "a key stands twice"},
        {R"({"command":"end_chat","user":"bob","u\u0073er":"eve"})", "a key stands twice"},
        {R"({"command":"fly"})", "there is no command \"fly\""},
        {R"({"user":"bob"})", "\"command\" is missing or is not a string"},
        {R"({"command":true})", "\"command\" is missing or is not a string"},
        {R"({})", "\"command\" is missing or is not a string"}};
    for (const auto& [line, why] : cases) {
        BOOST_TEST(why_refused(line) == why, line << " -> " << why_refused(line));
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_strict_json_is_refused) {
    const std::vector<std::string> bad{"hello",
                                       "[]",
                                       "\"quit\"",
                                       "{",
                                       "{\"command\":\"quit\"",
                                       "{\"command\":\"quit\"}}",
                                       "{\"command\":\"quit\"} {}",
                                       "{\"command\":\"quit\",}",
                                       "{,\"command\":\"quit\"}",
                                       "{\"command\" \"quit\"}",
                                       "{'command':'quit'}",
                                       "{command:\"quit\"}",
                                       "{\"command\":quit}",
                                       "{\"command\":\"quit\",\"user\":1.5}",
                                       "{\"command\":\"quit\",\"user\":1e3}",
                                       "{\"command\":\"quit\",\"user\":01}",
                                       "{\"command\":\"quit\",\"user\":-}",
                                       "{\"command\":\"quit\",\"user\":+1}",
                                       "{\"command\":\"quit\",\"user\":9007199254740992}",
                                       "{\"command\":\"quit\",\"user\":99999999999999999999}",
                                       "{\"command\":\"quit\",\"user\":null}",
                                       "{\"command\":\"quit\",\"user\":{}}",
                                       "{\"command\":\"quit\",\"user\":[]}",
                                       "{\"command\":\"quit\",\"user\":TRUE}",
                                       "{\"command\":\"quit\" /* now */}",
                                       "{\"command\":\"qu\tit\"}",
                                       "{\"command\":\"qu\\it\"}",
                                       "{\"command\":\"qu\\u12\"}",
                                       "{\"command\":\"qu\\u12g4\"}",
                                       "{\"command\":\"qu\\ud800\"}",
                                       "{\"command\":\"qu\\ud800\\u0041\"}",
                                       "{\"command\":\"qu\\udc00\"}",
                                       "{\"command\":\"qu\\",
                                       "{\"command\":\"qu\xFFit\"}",
                                       "{\"command\":\"qu\xC0\xAFit\"}",
                                       "{\"command\":\"qu\xED\xA0\x80it\"}",
                                       "\xEF\xBB\xBF{\"command\":\"quit\"}",
                                       std::string("{\"command\":\"quit\"}\0", 19)};
    for (const std::string& line : bad) {
        const auto read = tui::read_json_object(line);
        BOOST_TEST(!read.has_value(), line);
        BOOST_TEST(!tui::command_from_json(line).has_value(), line);
    }
}

BOOST_AUTO_TEST_CASE(whatever_is_read_another_parser_reads_the_same) {
    const std::vector<std::string> seeds{
        R"({"command":"send_text","user":"bob","text":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"})",
        R"( { "command" : "decline_request" , "user" : "bob" , "block" : false } )",
        R"({"command":"import_link","link":"sotto://relay/bob","trusted":true})",
        R"({"command":"connect","id":-10})", "{\"a\":\"\xC3\xA9\",\"\":\"\",\"b\":true,\"n\":10}"};
    const std::string alphabet = "{}\":,\\ \tutrefalsd8c0\xC3\xA9\xF0\x9F[]1-\n";
    SeededRandom random(7);
    const auto pick = [&](std::size_t below) {
        std::array<std::uint8_t, 2> bytes{};
        random.fill(bytes);
        return static_cast<std::size_t>(bytes[0] * 256 + bytes[1]) % below;
    };
    std::size_t taken = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string line = seeds[pick(seeds.size())];
        for (std::size_t change = pick(3); change > 0; --change) {
            const std::size_t at = pick(line.size());
            const char letter = alphabet[pick(alphabet.size())];
            const std::size_t way = pick(3);
            if (way == 0) {
                line[at] = letter;
            } else if (way == 1) {
                line.insert(at, 1, letter);
            } else {
                line.erase(at, 1);
            }
        }
        const auto object = tui::read_json_object(line);
        if (!object) {
            (void)parsed("{\"why\":" + tui::json_string(object.error().why) + "}");
            continue;
        }
        ++taken;
        const Json::Value theirs = parsed(line);
        BOOST_TEST_REQUIRE(theirs.size() == object->size(), line);
        for (const auto& [key, value] : *object) {
            BOOST_TEST_REQUIRE(is_same(value, theirs[key]), line);
        }
    }
    BOOST_TEST(taken > 5'000U);
    BOOST_TEST(taken < 15'000U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(json_face)

BOOST_AUTO_TEST_CASE(a_bad_line_is_answered_and_nothing_else_happens) {
    JsonBooth booth;
    booth.type("{\"command\":\"end_chat\"}\nwhat?\n\n");
    const auto answers = lines(booth.heard());
    BOOST_TEST_REQUIRE(answers.size() == 2U);
    BOOST_TEST(answers[0]["event"].asString() == "refused");
    BOOST_TEST(answers[0]["command"].asString() == "end_chat");
    BOOST_TEST(answers[0]["code"].asString() == "bad_command");
    BOOST_TEST(answers[0]["why"].asString() == "\"user\" is missing");
    BOOST_TEST(answers[1]["command"].asString().empty());
    BOOST_TEST(booth.commands.empty());
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_dropped_whole_and_the_next_one_counts) {
    JsonBooth booth;
    const std::string text(40'000, 'x');
    for (int i = 0; i < 4; ++i) {
        booth.type(text);  // a pipe holds 64 KiB
    }
    booth.type("{\"command\":\"quit\"}\n{\"command\":\"connect\"}\n");
    const auto answers = lines(booth.heard());
    BOOST_TEST_REQUIRE(answers.size() == 1U);
    BOOST_TEST(answers[0]["event"].asString() == "refused");
    BOOST_TEST(booth.commands.size() == 1U);
    BOOST_TEST(booth.given<command::Connect>().size() == 1U);
}

BOOST_AUTO_TEST_CASE(commands_may_come_in_pieces_and_the_last_needs_no_newline) {
    JsonBooth booth;
    booth.type("{\"command\":\"con");
    BOOST_TEST(booth.commands.empty());
    booth.type("nect\"}\r\n{\"command\":\"disconnect\"}");
    BOOST_TEST(booth.commands.size() == 1U);
    booth.end_input();
    BOOST_TEST(booth.given<command::Disconnect>().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_core_bears_the_name_of_the_command_that_it_answers) {
    World world;
    Seat<JsonFace> seat(world, world.add("alice"), kReady);
    (void)seat.heard();
    seat.type(R"({"command":"set_verified","user":"bob","verified":true})");
    BOOST_TEST(last(seat.heard())["command"].asString() == "set_verified");
    seat.type(R"({"command":"send_text","user":"bob","text":"hi"})");
    BOOST_TEST(last(seat.heard())["command"].asString() == "send_text");
}

BOOST_AUTO_TEST_CASE(two_programs_ask_accept_talk_verify_and_end) {
    World world;
    Seat<JsonFace> alice(world, world.add("alice"), kReady);
    Seat<JsonFace> bob(world, world.add("bob"), kReady);
    alice.type(R"({"command":"request_chat","user":"bob"})");
    bool asked = false;
    for (const Json::Value& line : lines(bob.heard())) {
        asked = asked || (line["event"] == "request_arrived" && line["user"] == "alice");
    }
    BOOST_TEST(asked);
    bob.type(R"({"command":"accept_request","user":"alice"})");
    alice.type(R"({"command":"send_text","user":"bob","text":"a \"quoted\" line\nand one more"})");
    std::string heard;
    for (const Json::Value& line : lines(bob.heard())) {
        heard = line["event"] == "message_added" ? line["text"].asString() : heard;
    }
    BOOST_TEST(heard == "a \"quoted\" line\nand one more");
    BOOST_TEST(last(alice.heard())["delivery"].asString() == "delivered");
    alice.type(R"({"command":"show_safety_number","user":"bob"})");
    bob.type(R"({"command":"show_safety_number","user":"alice"})");
    const std::string digits = last(alice.heard())["digits"].asString();
    BOOST_TEST(digits.size() == 60U);
    BOOST_TEST(last(bob.heard())["digits"].asString() == digits);
    alice.type(R"({"command":"end_chat","user":"bob"})");
    BOOST_TEST(last(bob.heard())["state"].asString() == "ended");
    BOOST_TEST(alice.face.exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(at_the_end_of_the_input_it_leaves_once_all_was_delivered) {
    JsonBooth booth;
    booth.tell(event::LinkChanged{client::Link::connected, {}, "relay.example:7443", {}});
    event::ChatChanged chat;
    chat.chat = client::ChatKey::with("bob");
    chat.state = client::ChatState::open;
    booth.tell(chat);
    booth.tell(event::MessageAdded{
        client::ChatKey::with("bob"), "01", true, 1, {}, Delivery::waiting, true});
    booth.end_input();
    BOOST_TEST(booth.face.input_descriptor() == -1);
    BOOST_TEST(booth.given<command::Quit>().empty());
    booth.tell(event::DeliveryChanged{client::ChatKey::with("bob"), "01", Delivery::sent});
    BOOST_TEST(booth.given<command::Quit>().empty());
    booth.tell(event::DeliveryChanged{client::ChatKey::with("bob"), "01", Delivery::delivered});
    BOOST_TEST(booth.given<command::Quit>().size() == 1U);
    BOOST_TEST(booth.face.exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(what_can_not_arrive_any_more_is_not_waited_for_and_the_exit_status_says_so) {
    JsonBooth booth;
    booth.tell(event::LinkChanged{client::Link::connected, {}, "relay.example:7443", {}});
    event::ChatChanged chat;
    chat.chat = client::ChatKey::with("bob");
    chat.state = client::ChatState::requested;
    booth.tell(chat);
    booth.tell(event::MessageAdded{
        client::ChatKey::with("bob"), "01", true, 1, {}, Delivery::waiting, true});
    booth.end_input();
    BOOST_TEST(booth.given<command::Quit>().empty());
    chat.state = client::ChatState::declined;
    booth.tell(chat);
    BOOST_TEST(booth.given<command::Quit>().size() == 1U);
    BOOST_TEST(booth.face.exit_status() == 1);
}

BOOST_AUTO_TEST_CASE(a_relay_that_refuses_is_not_waited_for_either) {
    JsonBooth booth;
    booth.tell(event::LinkChanged{client::Link::refused, SafeText::own("taken"), "relay", {}});
    booth.end_input();
    BOOST_TEST(booth.given<command::Quit>().size() == 1U);
    BOOST_TEST(booth.face.exit_status() == 1);
}

BOOST_AUTO_TEST_CASE(a_text_given_up_or_refused_or_not_understood_is_a_failure) {
    {
        JsonBooth booth;
        booth.tell(event::MessageAdded{
            client::ChatKey::with("bob"), "01", true, 1, {}, Delivery::waiting, true});
        BOOST_TEST(booth.face.exit_status() == 1);
        booth.tell(event::DeliveryChanged{client::ChatKey::with("bob"), "01", Delivery::discarded});
        BOOST_TEST(booth.face.exit_status() == 1);
    }
    {
        JsonBooth booth;
        booth.tell(event::Refused{client::CommandKind::send_text, client::RefusalCode::no_chat,
                                  SafeText::own("no chat")});
        BOOST_TEST(booth.face.exit_status() == 1);
    }
    JsonBooth booth;
    BOOST_TEST(booth.face.exit_status() == 0);
    booth.type("{\"command\":\"send_text\"\n");
    BOOST_TEST(booth.face.exit_status() == 1);
}

BOOST_AUTO_TEST_CASE(it_leaves_when_nobody_reads_it_any_more) {
    std::signal(SIGPIPE, SIG_IGN);
    JsonBooth booth;
    booth.out.close_reader();
    booth.tell(event::Registered{"alice", "77ab"});
    booth.tell(event::Registered{"alice", "77ab"});
    BOOST_TEST(booth.given<command::Quit>().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_first_line_says_what_speaks_here_and_for_whom) {
    const JsonBooth booth;
    const Json::Value ready = last(booth.first);
    BOOST_TEST(ready["event"].asString() == "ready");
    BOOST_TEST(ready["version"].asInt() == 1);
    BOOST_TEST(ready["software"].asString() == "sotto/9");
    BOOST_TEST(ready["user"].asString() == "alice");
    BOOST_TEST(ready["relay"].asString() == "relay.example:7443");
}

BOOST_AUTO_TEST_CASE(two_sends_of_the_same_text_are_told_apart_until_they_are_delivered) {
    World world;
    Seat<JsonFace> alice(world, world.add("alice"), kReady);
    Seat<JsonFace> bob(world, world.add("bob"), kReady);
    alice.type(R"({"command":"request_chat","user":"bob","id":"ask"})");
    bob.type(R"({"command":"accept_request","user":"alice"})");
    bool told = false;
    for (const Json::Value& line : lines(alice.heard())) {
        told = told || (line["event"] == "chat_changed" && line["id"] == "ask");
    }
    BOOST_TEST(told);
    alice.type(R"({"command":"send_text","user":"bob","text":"hi","id":1})");
    alice.type(R"({"command":"send_text","user":"bob","text":"hi","id":"1"})");
    std::map<std::string, std::string> ids;        // of the message -> of the command
    std::map<std::string, std::string> delivered;  // likewise
    for (const Json::Value& line : lines(alice.heard())) {
        const std::string id = Json::FastWriter().write(line["id"]);
        if (line["event"] == "message_added") {
            ids[line["message_id"].asString()] = id;
        } else if (line["event"] == "delivery_changed" && line["delivery"] == "delivered") {
            delivered[line["message_id"].asString()] = id;
        }
    }
    BOOST_TEST(ids.size() == 2U);
    BOOST_TEST(ids.begin()->second != std::next(ids.begin())->second);
    BOOST_TEST((ids == delivered));
}

BOOST_AUTO_TEST_CASE(a_refusal_names_its_command_by_the_id_with_a_code_and_a_sentence) {
    World world;
    Seat<JsonFace> alice(world, world.add("alice"), kReady);
    (void)alice.heard();
    alice.type(R"({"id":-7,"command":"send_text","user":"bob","text":"hi"})");
    const Json::Value refused = last(alice.heard());
    BOOST_TEST(refused["id"].asInt() == -7);
    BOOST_TEST(refused["command"].asString() == "send_text");
    BOOST_TEST(refused["code"].asString() == "no_chat");
    BOOST_TEST(!refused["why"].asString().empty());
}

BOOST_AUTO_TEST_CASE(what_brings_nothing_about_by_a_command_bears_no_id) {
    JsonBooth booth;
    booth.type("{\"command\":\"connect\"}\n{\"command\":\"disconnect\",\"id\":3}\n");
    BOOST_TEST_REQUIRE(booth.commands.size() == 2U);
    const auto tell = [&](std::optional<client::CommandId> answers) {
        booth.tell(client::Event(event::Status{1}, answers));
        return last(booth.heard());
    };
    BOOST_TEST(!tell({}).isMember("id"));
    BOOST_TEST(!tell(booth.commands[0].id).isMember("id"));
    BOOST_TEST(tell(booth.commands[1].id)["id"].asInt() == 3);
    BOOST_TEST(!tell(client::CommandId{999}).isMember("id"));
}

BOOST_AUTO_TEST_CASE(a_bad_line_is_answered_with_its_id_if_one_could_be_read) {
    const std::map<std::string, std::string> cases{
        {R"({"id":"a","command":"fly"})", R"("a")"},
        {R"({"id":5,"command":"end_chat"})", "5"},
        {R"({"id":5,"command":)", "5"},
        {R"({"id":"\u00e9","command":{}})", "\"\xC3\xA9\""},
        {R"({"command":"fly"})", ""},
        {R"({"id":)", ""}};
    for (const auto& [line, id] : cases) {
        const auto read = tui::command_from_json(line);
        BOOST_TEST_REQUIRE(!read.has_value(), line);
        BOOST_TEST(read.error().id.value_or("") == id, line);
    }
}

BOOST_AUTO_TEST_CASE(an_id_that_is_hostile_is_refused_and_never_echoed) {
    const std::map<std::string, std::string> cases{
        {"\"\"", "\"id\" is not 1 to 64 bytes long"},
        {'"' + std::string(65, 'x') + '"', "\"id\" is not 1 to 64 bytes long"},
        {"\"a\\u0007\"", "\"id\" holds control or invisible characters"},
        {"\"a\\nb\"", "\"id\" holds control or invisible characters"},
        {"\"a\\u202eb\"", "\"id\" holds control or invisible characters"},
        {"true", "\"id\" is neither a string nor an integer"},
        {"1.5", "a number is not an integer"},
        {"1e9", "a number is not an integer"},
        {"9007199254740992", "a number has more than 53 bits"},
        {"{}", "a value is neither a string nor an integer nor true or false"},
        {"[1]", "a value is neither a string nor an integer nor true or false"},
        {"null", "a value is neither a string nor an integer nor true or false"}};
    for (const auto& [id, why] : cases) {
        const auto read = tui::command_from_json("{\"command\":\"connect\",\"id\":" + id + "}");
        BOOST_TEST_REQUIRE(!read.has_value(), id);
        BOOST_TEST(read.error().why == why, id);
        BOOST_TEST(!read.error().id.has_value(), id);
    }
    const std::string longest = '"' + std::string(64, 'x') + '"';
    const auto read = tui::command_from_json("{\"command\":\"connect\",\"id\":" + longest + "}");
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->id.value_or("") == longest);
}

BOOST_AUTO_TEST_CASE(only_the_newest_ids_are_remembered) {
    tui::JsonIds ids;
    const client::CommandId first = ids.add("\"first\"");
    client::CommandId newest{};
    for (std::size_t i = 0; i < tui::JsonIds::kRemembered; ++i) {
        newest = ids.add(std::to_string(i));
    }
    BOOST_TEST(!ids.of(client::Event(event::Status{}, first)).has_value());
    BOOST_TEST(ids.of(client::Event(event::Status{}, newest)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
