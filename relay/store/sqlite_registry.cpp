#include "relay/store/sqlite_registry.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include <algorithm>
#include <stdexcept>

namespace sotto::relay {

namespace {

// Ours, so that another program's database is not taken for a registry ("stto").
constexpr int kApplicationId = 0x7374746F;

SQLite::Database open(const std::string& path) {
    const mode_t before = ::umask(0077);  // the file and its journals are the relay's alone
    try {
        SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        ::umask(before);
        return db;
    } catch (...) {
        ::umask(before);
        throw;
    }
}

}  // namespace

struct SqliteRegistry::Impl {
    explicit Impl(const std::string& file) : path(file), db(open(file)) {
        db.setBusyTimeout(2'000);
        const int id = db.execAndGet("PRAGMA application_id").getInt();
        const bool empty = db.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
        if (id != kApplicationId && !empty) {
            throw std::runtime_error("it is the database of another program");
        }
        db.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
        db.exec("PRAGMA journal_mode = WAL");
        db.exec("PRAGMA synchronous = FULL");
        db.exec(
            "CREATE TABLE IF NOT EXISTS names (user TEXT PRIMARY KEY, key BLOB NOT NULL"
            " CHECK (length(key) = 32)) WITHOUT ROWID");
        db.exec(
            "CREATE TABLE IF NOT EXISTS versions (one INTEGER PRIMARY KEY CHECK (one = 1),"
            " reserved INTEGER NOT NULL)");
        db.exec("INSERT OR IGNORE INTO versions VALUES (1, 1)");
    }

    std::string path;
    SQLite::Database db;
};

SqliteRegistry::SqliteRegistry(const std::string& path) {
    try {
        impl_ = std::make_unique<Impl>(path);
    } catch (const std::exception& error) {
        throw std::runtime_error("can't use the registry " + path + ": " + error.what());
    }
}

SqliteRegistry::~SqliteRegistry() = default;

std::vector<Registry::Name> SqliteRegistry::all() {
    try {
        std::vector<Name> out;
        SQLite::Statement query(impl_->db, "SELECT user, key FROM names ORDER BY user");
        while (query.executeStep()) {
            Name name;
            name.user = query.getColumn(0).getString();
            const auto key = query.getColumn(1).getString();  // a blob, whole
            if (key.size() != name.key.size()) {
                throw std::runtime_error("the key of '" + name.user + "' is damaged");
            }
            std::copy(key.begin(), key.end(), name.key.begin());
            out.push_back(std::move(name));
        }
        return out;
    } catch (const std::exception& error) {
        throw std::runtime_error("can't read the registry " + impl_->path + ": " + error.what());
    }
}

tl::expected<void, std::string> SqliteRegistry::claim(std::string_view user,
                                                      const IdentityKey& key) {
    try {
        SQLite::Statement insert(impl_->db, "INSERT INTO names VALUES (?, ?)");
        insert.bind(1, std::string(user));
        insert.bind(2, key.data(), static_cast<int>(key.size()));
        insert.exec();
        return {};
    } catch (const std::exception& error) {
        return tl::unexpected(std::string("a name could not be written: ") + error.what());
    }
}

tl::expected<std::int64_t, std::string> SqliteRegistry::reserve_versions(std::int64_t at_least) {
    try {
        SQLite::Statement update(impl_->db, "UPDATE versions SET reserved = max(reserved, ?)");
        update.bind(1, at_least);
        update.exec();
        return impl_->db.execAndGet("SELECT reserved FROM versions").getInt64();
    } catch (const std::exception& error) {
        return tl::unexpected(std::string("versions could not be reserved: ") + error.what());
    }
}

}  // namespace sotto::relay
