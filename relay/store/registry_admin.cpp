#include "relay/store/registry_admin.h"

#include "net/system/private_file.h"
#include "net/system/sqlite_file.h"
#include "relay/store/registry_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <stdexcept>

namespace sotto::relay {

namespace {

constexpr const char* kStandings =
    "SELECT user, key, EXISTS (SELECT 1 FROM blocked WHERE blocked.user = names.user) FROM names"
    " UNION ALL SELECT user, NULL, 1 FROM blocked WHERE user NOT IN (SELECT user FROM names)"
    " ORDER BY user";

Registry::Standing standing_in(SQLite::Statement& row) {
    Registry::Standing out;
    out.user = row.getColumn(0).getString();
    out.key = key_in(row.getColumn(1), out.user);
    out.blocked = row.getColumn(2).getInt() != 0;
    return out;
}

/// A file, on disk.
bool sync(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) {
        ::close(file);
    }
    return done;
}

}  // namespace

struct RegistryAdmin::Impl {
    explicit Impl(const std::string& file) : path(file), db(open_registry(file, 0)) {}

    /// `step`, whose failure is told with the file's path.
    template <class Step>
    auto say(const char* what, const Step& step) {
        try {
            return step();
        } catch (const std::exception& error) {
            throw std::runtime_error(std::string("can't ") + what + " the registry " + path + ": " +
                                     net::sqlite_trouble(error, path));
        }
    }

    std::string path;
    SQLite::Database db;
};

RegistryAdmin::RegistryAdmin(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0) {
        throw std::runtime_error("there is no registry " + path +
                                 "; use --state to say where the relay keeps it");
    }
    try {
        impl_ = std::make_unique<Impl>(path);
    } catch (const std::exception& error) {
        throw std::runtime_error("can't use the registry " + path + ": " +
                                 net::sqlite_trouble(error, path));
    }
}

RegistryAdmin::~RegistryAdmin() = default;

std::vector<Registry::Standing> RegistryAdmin::all() {
    return impl_->say("read", [&] {
        std::vector<Registry::Standing> out;
        SQLite::Statement query(impl_->db, kStandings);
        while (query.executeStep()) {
            out.push_back(standing_in(query));
        }
        return out;
    });
}

Registry::Standing RegistryAdmin::find(const std::string& user) {
    return impl_->say("read", [&] {
        SQLite::Statement query(impl_->db,
                                "SELECT ?1, (SELECT key FROM names WHERE user = ?1),"
                                " EXISTS (SELECT 1 FROM blocked WHERE user = ?1)");
        query.bind(1, user);
        query.executeStep();
        return standing_in(query);
    });
}

bool RegistryAdmin::change(const char* statement, const std::string& user) {
    return impl_->say("write", [&] {
        // The write lock from the start: a lock that is wanted later is not waited for.
        SQLite::Transaction transaction(impl_->db, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement change(impl_->db, statement);
        change.bind(1, user);
        if (change.exec() == 0) {
            return false;
        }
        SQLite::Statement tell(impl_->db, "INSERT INTO operator_changes (user) VALUES (?)");
        tell.bind(1, user);
        tell.exec();
        transaction.commit();
        return true;
    });
}

bool RegistryAdmin::release(const std::string& user) {
    return change("DELETE FROM names WHERE user = ?", user);
}

bool RegistryAdmin::block(const std::string& user) {
    return change("INSERT OR IGNORE INTO blocked VALUES (?)", user);
}

bool RegistryAdmin::unblock(const std::string& user) {
    return change("DELETE FROM blocked WHERE user = ?", user);
}

void RegistryAdmin::back_up(const std::string& to) {
    // A file of ours: what is there under a name that can be guessed is somebody else's.
    std::string unfinished = to + ".unfinished-XXXXXX";
    const mode_t before = ::umask(0077);
    const int made = ::mkostemp(unfinished.data(), O_CLOEXEC);
    if (made < 0) {
        const int problem = errno;
        ::umask(before);
        throw std::runtime_error("can't back up to " + to + ": " + std::strerror(problem));
    }
    ::close(made);
    const auto trouble = [&](const std::string& why) {
        ::unlink(unfinished.c_str());
        return std::runtime_error("can't back up to " + to + ": " + why);
    };
    try {  // SQLite copies into a file that is there if it is empty
        SQLite::Statement copy(impl_->db, "VACUUM INTO ?");
        copy.bind(1, unfinished);
        copy.exec();
        ::umask(before);
    } catch (const std::exception& error) {
        ::umask(before);
        throw trouble(net::sqlite_trouble(error, to));
    }
    // SQLite does not sync it; and link, other than rename, replaces nothing.
    if (!sync(unfinished) || ::link(unfinished.c_str(), to.c_str()) != 0) {
        throw trouble(std::strerror(errno));
    }
    ::unlink(unfinished.c_str());
    (void)net::sync_folder_of(to);
}

}  // namespace sotto::relay
