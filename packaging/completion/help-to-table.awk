# Converts CLI11's --help into lines of: path, kind, names, value, help.
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

# A row is indented by two blanks; help on the next line, or continued, is indented further.
# One blank separates an option from the name of its value, which may be followed by a
# default; a configuration file shows its default right after the option.
/^  [^ ]/ {
    flush_row()
    names = $1
    value = ""
    rest = substr($0, index($0, $1) + length($1))
    if (sub(/=.*/, "", names)) {
        value = "FILE"
    } else if (kind == "option" && rest ~ /^ [^ ]/) {
        value = $2
        rest = substr(rest, length(value) + 2)
        sub(/=.*/, "", value)
        sub(/^ \[[^]]*\]/, "", rest)
    }
    gsub(/^ +| +$/, "", rest)
    help = rest
    next
}
{
    gsub(/^ +| +$/, "")
    help = help (help == "" ? "" : " ") $0
}
END { flush_row() }
