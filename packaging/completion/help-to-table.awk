# What CLI11 prints for --help, as lines of: path, kind, names, value, help.
function flush_row() {
    if (names != "") {
        printf "%s\t%s\t%s\t%s\t%s\n", path, kind, names, value, help
    }
    names = ""
}

/^[A-Za-z]+:$/ {
    flush_row()
    section = tolower($1)
    kind = section == "options:" ? "option" : section == "subcommands:" ? "command" : ""
    next
}
/^$/ { flush_row() }
kind == "" || /^$/ { next }

# A row begins two blanks in; help that did not fit beside it, or goes on, is further in.
/^  [^ ]/ {
    flush_row()
    names = $1
    value = help = ""
    rest = substr($0, index($0, $1) + length($1))
    at = match(rest, /   +[^ ]/)
    if (at > 0) {
        help = substr(rest, at)
        value = substr(rest, 1, at - 1)
    } else if (kind == "command" || rest ~ /^  +/) {
        help = rest
    } else {
        value = rest
    }
    gsub(/^ +| +$/, "", help)
    gsub(/^ +| +$/, "", value)
    next
}
{
    gsub(/^ +| +$/, "")
    help = help (help == "" ? "" : " ") $0
}
END { flush_row() }
