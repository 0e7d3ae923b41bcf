#include "relay/store/sqlite_registry.h"

#include "net/system/sqlite_file.h"
#include "relay/store/registry_file.h"

#include <stdexcept>

namespace sotto::relay {

namespace {

// Who registers a new name waits meanwhile: not long for somebody's open transaction.
constexpr int kPatienceMs = 1'000;

}  // namespace

struct SqliteRegistry::Impl {
    explicit Impl(const std::string& file)
        : path(file), db(open_registry(file, SQLite::OPEN_CREATE)) {
        db.exec("INSERT OR IGNORE INTO versions VALUES (1, 1)");
        db.exec("DELETE FROM operator_changes");  // whoever starts now reads it all
        db.setBusyTimeout(kPatienceMs);
        data_version.emplace(db, "PRAGMA data_version");
    }

    /// Another number once another process has committed something.
    [[nodiscard]] int read_data_version() {
        data_version->reset();
        data_version->executeStep();
        const int version = data_version->getColumn(0).getInt();
        data_version->reset();  // no open read: it would keep the journal from being emptied
        return version;
    }

    std::string path;
    SQLite::Database db;
    std::optional<SQLite::Statement> data_version;
    std::optional<int> seen;     ///< the data version at which nothing was left to tell
    std::int64_t last_told = 0;  ///< of operator_changes
};

SqliteRegistry::SqliteRegistry(const std::string& path) {
    try {
        impl_ = std::make_unique<Impl>(path);
    } catch (const std::exception& error) {
        throw std::runtime_error("can't use the registry " + path + ": " +
                                 net::sqlite_trouble(error, path));
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
            name.key = key_in(query.getColumn(1), name.user).value();
            out.push_back(std::move(name));
        }
        return out;
    } catch (const std::exception& error) {
        throw std::runtime_error("can't read the registry " + impl_->path + ": " +
                                 net::sqlite_trouble(error, impl_->path));
    }
}

std::vector<std::string> SqliteRegistry::blocked() {
    try {
        std::vector<std::string> out;
        SQLite::Statement query(impl_->db, "SELECT user FROM blocked");
        while (query.executeStep()) {
            out.push_back(query.getColumn(0).getString());
        }
        return out;
    } catch (const std::exception& error) {
        throw std::runtime_error("can't read the registry " + impl_->path + ": " +
                                 net::sqlite_trouble(error, impl_->path));
    }
}

tl::expected<std::vector<Registry::Standing>, std::string> SqliteRegistry::changes() {
    try {
        std::vector<Standing> out;
        const int version = impl_->read_data_version();
        if (impl_->seen == version) {
            return out;
        }
        std::int64_t last = impl_->last_told;
        SQLite::Statement query(
            impl_->db,
            "SELECT max(c.id), c.user, n.key, b.user IS NOT NULL FROM operator_changes c"
            " LEFT JOIN names n ON n.user = c.user LEFT JOIN blocked b ON b.user = c.user"
            " WHERE c.id > ? GROUP BY c.user ORDER BY 1");
        query.bind(1, last);
        while (query.executeStep()) {
            last = query.getColumn(0).getInt64();
            Standing name;
            name.user = query.getColumn(1).getString();
            name.key = key_in(query.getColumn(2), name.user);
            name.blocked = query.getColumn(3).getInt() != 0;
            out.push_back(std::move(name));
        }
        impl_->last_told = last;
        impl_->seen = version;
        return out;
    } catch (const std::exception& error) {
        return tl::unexpected(std::string("changes could not be read: ") +
                              net::sqlite_trouble(error, impl_->path));
    }
}

tl::expected<std::vector<IdentityKey>, std::string> SqliteRegistry::claim(
    const std::vector<Name>& names) {
    try {
        std::vector<IdentityKey> owners;
        // The write lock from the start: a lock that is wanted later is not waited for.
        SQLite::Transaction transaction(impl_->db, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement insert(impl_->db, "INSERT OR IGNORE INTO names VALUES (?, ?)");
        SQLite::Statement owner(impl_->db, "SELECT key FROM names WHERE user = ?");
        for (const Name& name : names) {
            insert.bind(1, name.user);
            insert.bind(2, name.key.data(), static_cast<int>(name.key.size()));
            insert.exec();
            insert.reset();
            owner.bind(1, name.user);
            owner.executeStep();
            owners.push_back(key_in(owner.getColumn(0), name.user).value());
            owner.reset();
        }
        transaction.commit();
        return owners;
    } catch (const std::exception& error) {
        return tl::unexpected(std::string("names could not be written: ") +
                              net::sqlite_trouble(error, impl_->path));
    }
}

tl::expected<std::int64_t, std::string> SqliteRegistry::reserve_versions(std::int64_t at_least) {
    try {
        SQLite::Statement update(impl_->db, "UPDATE versions SET reserved = max(reserved, ?)");
        update.bind(1, at_least);
        update.exec();
        return impl_->db.execAndGet("SELECT reserved FROM versions").getInt64();
    } catch (const std::exception& error) {
        return tl::unexpected(std::string("versions could not be reserved: ") +
                              net::sqlite_trouble(error, impl_->path));
    }
}

}  // namespace sotto::relay
