# What the three writers share. A row is: path, kind, names, value, help.

# What an option's value is: "directory", "file", "a b c" to choose from, "any", or "" for
# an option that takes none.
function value_kind(value) {
    if (value ~ /DIR/) {
        return "directory"
    }
    if (value ~ /FILE|PATH/) {
        return "file"
    }
    if (value ~ /[{]/) {
        sub(/.*[{]/, "", value)
        sub(/[}].*/, "", value)
        gsub(/,/, " ", value)
        return value
    }
    return value == "" ? "" : "any"
}

function identifier(text) {
    gsub(/[^A-Za-z0-9]/, "_", text)
    return "_" text
}

# Paths in the order of the table, so that the same input gives the same bytes.
!($1 in known) {
    known[$1] = 1
    paths[++path_count] = $1
}
