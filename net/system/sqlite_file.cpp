#include "net/system/sqlite_file.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <stdexcept>

namespace sotto::net {

namespace {

constexpr unsigned long long kRoom = 64U << 10U;  // for the journal's index and a page

bool is_full(const std::string& path) {
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    struct statvfs facts {};
    return ::statvfs(folder.c_str(), &facts) == 0 &&
           static_cast<unsigned long long>(facts.f_bavail) * facts.f_frsize < kRoom;
}

}  // namespace

SQLite::Database open_sqlite(const std::string& path, int flags) {
    const mode_t before = ::umask(0077);
    try {
        SQLite::Database database(path, SQLite::OPEN_READWRITE | flags, kSqlitePatienceMs);
        ::umask(before);
        return database;
    } catch (...) {
        ::umask(before);
        throw;
    }
}

bool is_application(SQLite::Database& database, int application_id) {
    const int id = database.execAndGet("PRAGMA application_id").getInt();
    const bool empty = database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
    if (id != application_id && !empty) {
        throw std::runtime_error("it is the database of another program");
    }
    return id == application_id;
}

void make_durable(SQLite::Database& database, int application_id) {
    database.exec("PRAGMA application_id = " + std::to_string(application_id));
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
}

std::string sqlite_trouble(const std::exception& error, const std::string& path) {
    const auto* of_sqlite = dynamic_cast<const SQLite::Exception*>(&error);
    const int code = of_sqlite == nullptr ? SQLITE_OK : of_sqlite->getErrorCode() & 0xFF;
    const bool may_be_full = code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
    return code == SQLITE_FULL || (may_be_full && is_full(path)) ? "the disk is full"
                                                                 : error.what();
}

}  // namespace sotto::net
