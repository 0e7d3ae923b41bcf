#include "relay/store/registry_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <stdexcept>

namespace sotto::relay {

namespace {

// Ours, so that another program's database is not taken for a registry ("stto").
constexpr int kApplicationId = 0x7374746F;
constexpr int kPatienceMs = 2'000;  // while another process writes

SQLite::Database open(const std::string& path, int flags) {
    const mode_t before = ::umask(0077);  // the file and its journals are the relay's alone
    try {
        SQLite::Database db(path, SQLite::OPEN_READWRITE | flags, kPatienceMs);
        ::umask(before);
        return db;
    } catch (...) {
        ::umask(before);
        throw;
    }
}

}  // namespace

bool require_ours(SQLite::Database& db) {
    const int id = db.execAndGet("PRAGMA application_id").getInt();
    const bool empty = db.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
    if (id != kApplicationId && !empty) {
        throw std::runtime_error("it is the database of another program");
    }
    return id == kApplicationId;
}

SQLite::Database open_registry(const std::string& path, int flags) {
    SQLite::Database db = open(path, flags);
    if (!require_ours(db)) {
        db.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
    }
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = FULL");
    for (const char* table : {
             "names (user TEXT PRIMARY KEY, key BLOB NOT NULL CHECK (length(key) = 32))"
             " WITHOUT ROWID",
             "versions (one INTEGER PRIMARY KEY CHECK (one = 1), reserved INTEGER NOT NULL)",
             "blocked (user TEXT PRIMARY KEY) WITHOUT ROWID",
             // What the running relay has yet to hear of.
             "operator_changes (id INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL)",
         }) {
        db.exec(std::string("CREATE TABLE IF NOT EXISTS ") + table);
    }
    return db;
}

std::optional<IdentityKey> key_in(const SQLite::Column& column, const std::string& user) {
    if (column.isNull()) {
        return std::nullopt;
    }
    const std::string bytes = column.getString();  // a blob, whole
    auto key = IdentityKey::from(bytes);
    if (!key) {
        throw std::runtime_error("the key of '" + user + "' is damaged");
    }
    return key;
}

}  // namespace sotto::relay
