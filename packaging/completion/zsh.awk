# zsh completion from the table.
function quoted(text) {
    gsub(/'/, "'\\''", text)
    gsub(/\[/, "\\[", text)
    gsub(/\]/, "\\]", text)
    gsub(/:/, "\\:", text)
    return text
}
function action(value) {
    value = value_kind(value)
    return value == "" ? "" : value == "directory" ? ":directory:_files -/" : \
           value == "file" ? ":file:_files" : value == "any" ? ":value: " : ":value:(" value ")"
}
$2 == "option" {
    count = split($3, names, ",")
    others = $3
    gsub(/,/, " ", others)
    for (i = 1; i <= count; ++i) {
        options[$1] = options[$1] "\n                '" (count > 1 ? "(" others ")" : "") \
                      names[i] "[" quoted($5) "]" action($4) "'"
    }
}
$2 == "command" { commands[$1] = commands[$1] "\n                '" $3 ":" quoted($5) "'" }
END {
    print "#compdef " name
    print identifier(name) "() {"
    print "    local at= word"
    print "    local -a flags below"
    print "    for word in ${words[2,CURRENT-1]}; do"
    print "        case \"${at:+$at }$word\" in"
    for (i = 2; i <= path_count; ++i) {
        print "            '" paths[i] "') at='" paths[i] "' ;;"
    }
    print "        esac"
    print "    done"
    print "    case $at in"
    for (i = 1; i <= path_count; ++i) {
        print "        '" paths[i] "')"
        print "            flags=(" options[paths[i]] ")"
        print "            below=(" commands[paths[i]] ") ;;"
    }
    print "    esac"
    print "    _arguments -s $flags '*: :{ (( $#below )) && _describe command below }'"
    print "}"
    print identifier(name) " \"$@\""
}
