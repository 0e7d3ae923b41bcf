#include "test/integration/ground.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace sotto::test {

namespace {

constexpr auto kPatience = std::chrono::seconds(60);

Json::Value parsed(const std::string& line) {
    Json::CharReaderBuilder builder;
    Json::CharReaderBuilder::strictMode(&builder.settings_);
    const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
    Json::Value out;
    std::string errors;
    if (!reader->parse(line.data(), line.data() + line.size(), &out, &errors)) {
        throw std::runtime_error("not JSON: " + line + ": " + errors);
    }
    return out;
}

std::string after(const std::string& text, const std::string& mark) {
    const std::size_t at = text.find(mark);
    return at == std::string::npos ? "" : text.substr(at + mark.size());
}

}  // namespace

Ground::Ground() {
    path_ = (std::filesystem::temp_directory_path() / "sotto-ground-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) {
        throw std::runtime_error("can't make " + path_);
    }
}

Ground::~Ground() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string Ground::path(const std::string& name) const {
    return name.empty() ? path_ : path_ + "/" + name;
}

std::string Ground::put(const std::string& name, const std::string& contents, int mode) const {
    const std::string file = path(name);
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << contents;
    ::chmod(file.c_str(), static_cast<mode_t>(mode));
    return file;
}

ChildProcess::Options Ground::surroundings(Arguments arguments) const {
    ChildProcess::Options out;
    out.arguments = std::move(arguments);
    out.environment = {{"HOME", path("home")},
                       {"USER", "lena"},
                       {"TERM", "dumb"},
                       {"XDG_CONFIG_HOME", path("config")},
                       {"XDG_DATA_HOME", path("data")},
                       {"XDG_STATE_HOME", path("state")}};
    return out;
}

std::unique_ptr<ChildProcess> Ground::run(const std::string& program, Arguments arguments) const {
    return std::make_unique<ChildProcess>(program, surroundings(std::move(arguments)));
}

std::unique_ptr<ChildProcess> Ground::sotto(Arguments arguments) const {
    return run(SOTTO_PROGRAM, std::move(arguments));
}

std::unique_ptr<VirtualTerminal> Ground::sotto_in_terminal(Arguments arguments) const {
    const ChildProcess::Options here = surroundings({});
    arguments.insert(arguments.begin(), SOTTO_PROGRAM);
    return std::make_unique<VirtualTerminal>(
        Program{std::move(arguments), {here.environment.begin(), here.environment.end()}});
}

RelayProcess Ground::relay(std::uint16_t port, Arguments more) const {
    Arguments arguments{"--address", "127.0.0.1",   "--port",      std::to_string(port),
                        "--state",   path("relay"), "--log-level", "debug"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    RelayProcess out;
    out.process = run(SOTTO_RELAY_PROGRAM, std::move(arguments));
    const std::string listening = out.process->read_until("listening on");
    out.port = static_cast<std::uint16_t>(std::stoi(after(listening, " port ")));
    out.pin = after(out.process->read_until("pin: "), "pin: ");
    return out;
}

std::unique_ptr<ChildProcess> Ground::person(const std::string& name, const RelayProcess& relay,
                                             Arguments more) const {
    Arguments arguments{"--data", path(name), "--pin", relay.pin};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.push_back(name + "@127.0.0.1:" + std::to_string(relay.port));
    return sotto(std::move(arguments));
}

Json::Value Bot::await(const std::string& event, const Wanted& wanted) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < deadline) {
        const Json::Value seen = parsed(process_->read_line());
        if (seen["event"] == "message_added" && !seen["own"].asBool()) {
            heard_.push_back(seen["text"].asString());
        }
        delivered_ += seen["event"] == "delivery_changed" && seen["delivery"] == "delivered";
        if (seen["event"] == event && (!wanted || wanted(seen))) {
            return seen;
        }
    }
    throw std::runtime_error("no " + event + "\n" + process_->transcript());
}

void Bot::command(const std::string& name, Json::Value fields) {
    Json::StreamWriterBuilder builder;
    builder["indentation"] = "";
    fields["command"] = name;
    process_->write_line(Json::writeString(builder, fields));
}

void Bot::command_about(const std::string& name, const std::string& user) {
    Json::Value fields;
    fields["user"] = user;
    command(name, fields);
}

void Bot::send(const std::string& user, const std::string& text) {
    Json::Value fields;
    fields["user"] = user;
    fields["text"] = text;
    command("send_text", fields);
}

void befriend(Bot& asker, const std::string& asker_name, Bot& asked,
              const std::string& asked_name) {
    const auto open = [](const Json::Value& event) { return event["state"] == "open"; };
    asker.command_about("request_chat", asked_name);
    asked.await("request_arrived",
                [&](const Json::Value& event) { return event["user"] == asker_name; });
    asked.command_about("accept_request", asker_name);
    asker.await("chat_changed", open);
    asked.await("chat_changed", open);
}

}  // namespace sotto::test
