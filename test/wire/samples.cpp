#include "test/wire/samples.h"

#include <boost/test/unit_test.hpp>

namespace sotto::wire::test {

std::vector<std::string> lookups() {
    return {
        R"({"type":"hello","versions":[1,2],"software":"sotto/0.1.0"})",
        R"({"type":"register","id":3,"user":"alice","identity":")" + kKey + R"(","signature":")" +
            kSignature + R"("})",
        R"({"type":"get_pubkey","id":7,"user":"bob"})",
        R"({"type":"user_list","id":8,"since":41,"prefix":"ca"})",
    };
}

std::vector<std::string> forwarded() {
    const std::string route = R"("from":"alice","to":"bob","chat":")" + kChat + R"(",)";
    return {
        R"({"type":"chat_request","id":1,)" + route + R"("identity":")" + kKey +
            R"(","time":1700000000000,"signature":")" + kSignature + R"("})",
        R"({"type":"chat_response","id":2,)" + route + R"("accept":true,"signature":")" +
            kSignature + R"("})",
        R"({"type":"chat_terminate","id":3,)" + route + R"("payload":"AgAA"})",
        R"({"type":"relay","id":9,)" + route + R"("kind":"record","payload":"AAECAwQFBgc="})",
    };
}

std::vector<std::string> answers() {
    return {
        R"({"type":"hello","version":1,"nonce":")" + kKey +
            R"(","limits":{"max_message":65536,"poll_seconds":5},"software":"sotto-relay/0.1.0"})",
        R"({"type":"register","user":"alice","ok":true})",
        R"({"type":"get_pubkey","id":7,"user":"bob","identity":")" + kKey + R"(","online":true})",
        R"({"type":"user_list","id":8,"version":44,"full":false,"online":["carol"],)"
        R"("offline":["dave","eve"],"more":true})",
        R"({"type":"error","code":"offline","message":"registered, not connected",)"
        R"("re":"chat_request","id":7,"to":"bob","chat":")" +
            kChat + R"("})",
    };
}

std::vector<std::string> samples() {
    std::vector<std::string> out = lookups();
    for (const auto& more : {forwarded(), answers()}) {
        out.insert(out.end(), more.begin(), more.end());
    }
    return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, "no " << from << " in " << text);
    return text.replace(at, from.size(), to);
}

}  // namespace sotto::wire::test
