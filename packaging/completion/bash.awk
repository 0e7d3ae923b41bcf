# bash completion from the table.
{
    names = $3
    gsub(/,/, " ", names)
    words[$1] = words[$1] (words[$1] == "" ? "" : " ") names
}
$2 == "option" && $4 != "" {
    pattern = names
    gsub(/ /, " | ", pattern)
    kind = value_kind($4)
    how = kind == "directory" ? "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")" : \
          kind == "file" ? "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")" : \
          kind == "any" ? "COMPREPLY=()" : \
          "mapfile -t COMPREPLY < <(compgen -W \"" kind "\" -- \"$cur\")"
    line = "        " pattern ") " how "; return ;;\n"
    if (!(line in seen)) {
        seen[line] = 1
        values = values line
    }
}
END {
    print "# bash completion for " name
    print identifier(name) "() {"
    print "    local cur=${COMP_WORDS[COMP_CWORD]} at= words= i"
    print "    for ((i = 1; i < COMP_CWORD; ++i)); do"
    print "        case \"${at:+$at }${COMP_WORDS[i]}\" in"
    for (i = 2; i <= path_count; ++i) {
        print "            '" paths[i] "') at='" paths[i] "' ;;"
    }
    print "        esac"
    print "    done"
    print "    case ${COMP_WORDS[COMP_CWORD - 1]} in"
    printf "%s", values
    print "    esac"
    print "    case $at in"
    for (i = 1; i <= path_count; ++i) {
        print "        '" paths[i] "') words='" words[paths[i]] "' ;;"
    }
    print "    esac"
    print "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")"
    print "}"
    print "complete -F " identifier(name) " " name
}
