# Shared by the three writers. A row is: path, kind, names, value, help.

# The kind of an option's value: "directory", "file", a choice such as "a b c", "any", or ""
# for an option without a value.
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

# The paths in the order of the table, so that the output is reproducible.
!($1 in known) {
    known[$1] = 1
    paths[++path_count] = $1
}
