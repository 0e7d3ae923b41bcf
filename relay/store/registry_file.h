#pragma once

#include "relay/core/registry.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

// Included by the sources of this room only: SQLite stays in them.
namespace sotto::relay {

/// Opens the registry at `path`, mode 0600, in WAL with synchronous=FULL: a commit is on
/// disk before it returns. Tables that are not there are made; the file itself only with
/// SQLite::OPEN_CREATE among `flags`. Throws what SQLiteCpp throws, and
/// std::runtime_error if it is the database of another program.
[[nodiscard]] SQLite::Database open_registry(const std::string& path, int flags);

/// Throws std::runtime_error if it is the database of another program, not a registry or
/// an empty file; true if it is a registry already.
bool require_ours(SQLite::Database& db);

/// The key in this column, or none if it is NULL. Throws std::runtime_error if it is no key.
[[nodiscard]] std::optional<IdentityKey> key_in(const SQLite::Column& column,
                                                const std::string& user);

}  // namespace sotto::relay
