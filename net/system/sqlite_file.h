#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <exception>
#include <string>

/// How a database of ours is opened, and what its errors are called. For stores only.
namespace sotto::net {

/// How long a statement waits while another process writes.
inline constexpr int kSqlitePatienceMs = 2'000;

/// Opens `path` to read and write. A file that is made, and its journals, have mode 0600.
/// `flags` are further ones of SQLite, as OPEN_CREATE. Throws SQLite::Exception.
[[nodiscard]] SQLite::Database open_sqlite(const std::string& path, int flags);

/// True if the database bears `application_id`; false if it is empty. Throws
/// std::runtime_error with a sentence if it is another program's.
[[nodiscard]] bool is_application(SQLite::Database& database, int application_id);

/// Journal in WAL with synchronous=FULL: a commit is on disk when it returns. Marks the
/// database with `application_id`. Throws SQLite::Exception.
void make_durable(SQLite::Database& database, int application_id);

/// Why something with the database in `path` failed, for people. "the disk is full" where SQLite
/// says "disk I/O error", because it could not make room for its index.
[[nodiscard]] std::string sqlite_trouble(const std::exception& error, const std::string& path);

}  // namespace sotto::net
