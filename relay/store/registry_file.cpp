#include "relay/store/registry_file.h"

#include "net/system/sqlite_file.h"

#include <algorithm>
#include <stdexcept>

namespace sotto::relay {

namespace {

// Ours, so that another program's database is not taken for a registry ("stto").
constexpr int kApplicationId = 0x7374746F;

}  // namespace

bool require_ours(SQLite::Database& db) {
    return net::is_application(db, kApplicationId);
}

SQLite::Database open_registry(const std::string& path, int flags) {
    SQLite::Database db = net::open_sqlite(path, flags);
    require_ours(db);
    net::make_durable(db, kApplicationId);
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
