# fish completion from the table.
function quoted(text) {
    gsub(/\\/, "\\\\", text)
    gsub(/'/, "\\'", text)
    return "'" text "'"
}
function value_flags(value) {
    value = value_kind(value)
    return value == "" ? "" : value == "any" ? " -x" : value == "file" ? " -r -F" : \
           value == "directory" ? " -x -a '(__fish_complete_directories)'" : " -x -a " quoted(value)
}
$2 == "command" { commands[$1] = commands[$1] " " $3 }
{ rows[NR] = $0 }
END {
    print "# fish completion for " name
    print "complete -c " name " -f"
    for (row = 1; row <= NR; ++row) {
        split(rows[row], field, "\t")
        condition = ""
        count = split(field[1], above, " ")
        for (i = 1; i <= count; ++i) {
            condition = condition (i > 1 ? "; and " : "") "__fish_seen_subcommand_from " above[i]
        }
        if (field[1] in commands) {
            condition = condition (count > 0 ? "; and " : "") \
                        "not __fish_seen_subcommand_from" commands[field[1]]
        }
        line = "complete -c " name (condition == "" ? "" : " -n " quoted(condition))
        if (field[2] == "command") {
            line = line " -a " field[3]
        } else {
            count = split(field[3], names, ",")
            for (i = 1; i <= count; ++i) {
                line = line (names[i] ~ /^--/ ? " -l " substr(names[i], 3) : " -s " substr(names[i], 2))
            }
        }
        print line value_flags(field[4]) " -d " quoted(field[5])
    }
}
