#include "tui/store/sqlite_store.h"

#include "net/system/private_file.h"
#include "net/system/sqlite_file.h"

#include <algorithm>

namespace sotto::client {

namespace {

constexpr int kApplicationId = 0x7374746D;  // "sttm"
constexpr int kSchema = 1;                  // user_version

/// Pins that others could write to would be worth nothing.
SQLite::Database open(const std::string& path) {
    const auto is_private = net::check_private_file(path, net::Protection::from_reading);
    if (!is_private) {
        throw StoreError(is_private.error());
    }
    return net::open_sqlite(path, SQLite::OPEN_CREATE);
}

template <std::size_t N, class Tag>
void bind(SQLite::Statement& statement, int at, const base::Octets<N, Tag>& bytes) {
    statement.bind(at, bytes.data(), static_cast<int>(N));
}

void bind(SQLite::Statement& statement, int at, const std::optional<crypto::PublicKey>& key) {
    if (key) {
        bind(statement, at, *key);
    } else {
        statement.bind(at);
    }
}

std::optional<crypto::PublicKey> key_in(const SQLite::Column& column) {
    if (column.isNull()) {
        return std::nullopt;
    }
    crypto::PublicKey key{};
    if (column.getBytes() != static_cast<int>(key.size())) {
        throw StoreError("the contacts are damaged: a key has the wrong length");  // not unpinned
    }
    std::copy_n(static_cast<const std::uint8_t*>(column.getBlob()), key.size(), key.begin());
    return key;
}

/// Relays are told apart by host and port, and hosts are written in lower case: contacts of
/// other spellings join those. Two keys of one contact are a key change that the person has
/// to settle (section 8), and who was blocked stays blocked.
void join_spellings(SQLite::Database& db) {
    SQLite::Transaction all(db);
    db.exec("UPDATE OR IGNORE contacts SET relay = lower(relay) WHERE relay <> lower(relay)");
    db.exec(
        "UPDATE contacts SET key = coalesce(contacts.key, other.key),"
        " changed = coalesce(contacts.changed,"
        "  iif(other.key <> contacts.key, other.key, other.changed)),"
        " blocked = max(contacts.blocked, other.blocked),"
        " suite = iif(other.key <> contacts.key, contacts.suite, max(contacts.suite, other.suite))"
        " FROM contacts AS other WHERE other.relay <> contacts.relay"
        " AND lower(other.relay) = contacts.relay AND other.user = contacts.user");
    db.exec("DELETE FROM contacts WHERE relay <> lower(relay)");
    all.commit();
}

}  // namespace

struct SqliteStore::Impl {
    Impl(const std::string& path, std::string at)
        : file(path), relay(std::move(at)), db(open(path)) {
        (void)net::is_application(db, kApplicationId);
        if (db.execAndGet("PRAGMA user_version").getInt() > kSchema) {
            throw StoreError("a newer sotto made it");
        }
        if (db.execAndGet("PRAGMA quick_check(1)").getString() != "ok") {
            throw StoreError("it is damaged; move it away to begin anew");
        }
        net::make_durable(db, kApplicationId);
        db.exec("PRAGMA user_version = " + std::to_string(kSchema));
        db.exec(
            "CREATE TABLE IF NOT EXISTS contacts (relay TEXT, user TEXT, key BLOB, changed BLOB,"
            " verified INTEGER, from_link INTEGER, blocked INTEGER, first_seen INTEGER,"
            " suite INTEGER, PRIMARY KEY (relay, user))");
        join_spellings(db);
        db.exec(
            "CREATE TABLE IF NOT EXISTS chats (sender BLOB, chat BLOB, seen INTEGER,"
            " PRIMARY KEY (sender, chat))");
        db.exec("DROP TABLE IF EXISTS messages");  // ids of texts, which sotto wrote once
    }

    /// Runs `work`; what SQLite throws becomes a sentence.
    template <class Work>
    auto guarded(const char* what, Work&& work) {
        try {
            return work();
        } catch (const SQLite::Exception& error) {
            throw StoreError("can't " + std::string(what) + " the contacts in " + file + ": " +
                             net::sqlite_trouble(error, file));
        }
    }

    std::string file;
    std::string relay;
    SQLite::Database db;
};

SqliteStore::SqliteStore(const std::string& path, std::string relay) {
    try {
        impl_ = std::make_unique<Impl>(path, std::move(relay));
    } catch (const std::exception& error) {
        throw StoreError("can't use the contacts in " + path + ": " +
                         net::sqlite_trouble(error, path));
    }
}

SqliteStore::~SqliteStore() = default;

std::vector<StoredContact> SqliteStore::contacts() {
    return impl_->guarded("read", [&] {
        std::vector<StoredContact> out;
        SQLite::Statement query(
            impl_->db,
            "SELECT user, key, changed, verified, from_link, blocked, first_seen,"
            " suite FROM contacts WHERE relay = ?");
        query.bind(1, impl_->relay);
        while (query.executeStep()) {
            StoredContact contact;
            contact.user = query.getColumn(0).getString();
            contact.key = key_in(query.getColumn(1));
            contact.changed_key = key_in(query.getColumn(2));
            contact.verified = query.getColumn(3).getInt() != 0;
            contact.from_link = query.getColumn(4).getInt() != 0;
            contact.blocked = query.getColumn(5).getInt() != 0;
            contact.first_seen =
                base::WallTime(static_cast<std::uint64_t>(query.getColumn(6).getInt64()));
            contact.best_suite = query.getColumn(7).getInt() >= 2 ? crypto::Suite::x25519_mlkem768
                                                                  : crypto::Suite::x25519;
            out.push_back(std::move(contact));
        }
        return out;
    });
}

void SqliteStore::put_contact(const StoredContact& contact) {
    return impl_->guarded("write", [&] {
        SQLite::Statement put(impl_->db,
                              "INSERT OR REPLACE INTO contacts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        put.bind(1, impl_->relay);
        put.bind(2, contact.user);
        bind(put, 3, contact.key);
        bind(put, 4, contact.changed_key);
        put.bind(5, contact.verified ? 1 : 0);
        put.bind(6, contact.from_link ? 1 : 0);
        put.bind(7, contact.blocked ? 1 : 0);
        put.bind(8, static_cast<std::int64_t>(contact.first_seen.ms()));
        put.bind(9, static_cast<int>(contact.best_suite));
        put.exec();
    });
}

bool SqliteStore::remember_chat(const crypto::PublicKey& sender, const crypto::ChatId& chat,
                                base::WallTime now) {
    return impl_->guarded("write", [&] {
        const auto now_ms = static_cast<std::int64_t>(now.ms());
        SQLite::Statement forget(impl_->db, "DELETE FROM chats WHERE seen < ?");
        forget.bind(1, now_ms - kChatMemory.count());
        forget.exec();
        SQLite::Statement put(impl_->db, "INSERT OR IGNORE INTO chats VALUES (?, ?, ?)");
        bind(put, 1, sender);
        bind(put, 2, chat);
        put.bind(3, now_ms);
        return put.exec() == 1;
    });
}

}  // namespace sotto::client
