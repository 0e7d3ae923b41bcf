#include "relay/store/registry_look.h"

#include "net/system/sqlite_file.h"
#include "relay/store/registry_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace sotto::relay {

namespace {

/// A path as SQLite takes it in a URI.
std::string uri(const std::string& path, const std::string& how) {
    std::string out = "file:";
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') {
            static constexpr char kDigits[] = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
        } else {
            out += c;
        }
    }
    return out + "?" + how;
}

bool has_something(const std::string& file) {
    struct stat facts {};
    return ::stat(file.c_str(), &facts) == 0 && facts.st_size > 0;
}

std::size_t count_in(SQLite::Database& db) {
    if (!db.tableExists("names")) {  // it was never used
        return 0;
    }
    const bool blocks = db.tableExists("blocked");
    std::size_t count = 0;
    SQLite::Statement query(db, std::string("SELECT user, key FROM names") +
                                    (blocks ? " UNION ALL SELECT user, NULL FROM blocked"
                                              " WHERE user NOT IN (SELECT user FROM names)"
                                            : ""));
    for (; query.executeStep(); ++count) {
        (void)key_in(query.getColumn(1), query.getColumn(0).getString());
    }
    return count;
}

}  // namespace

RegistryLook look_at_registry(const std::string& path, bool in_use) {
    const bool journal = has_something(path + "-wal");
    const bool index = ::access((path + "-shm").c_str(), F_OK) == 0;
    RegistryLook out;
    out.whole = in_use || !journal || index;
    // Even to read a journal SQLite makes an index of it, or brings its own up to date, unless
    // told not to; and the last to read it empties it.
    const std::string how = in_use               ? "mode=ro"
                            : (journal && index) ? "mode=ro&readonly_shm=1"
                                                 : "immutable=1";
    try {
        SQLite::Database db(uri(path, how), SQLite::OPEN_READONLY | SQLite::OPEN_URI,
                            net::kSqlitePatienceMs);
        require_ours(db);
        out.names = count_in(db);
        return out;
    } catch (const std::exception& error) {
        throw std::runtime_error("can't use the registry " + path + ": " +
                                 net::sqlite_trouble(error, path));
    }
}

}  // namespace sotto::relay
