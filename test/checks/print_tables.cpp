// Prints the tables that the manual must agree with, a row a line, with tabs between: what
// it is, its name, and what belongs to it.
#include "net/wire/error_code.h"
#include "tui/common/command_table.h"
#include "tui/model/key_table.h"

#include <iostream>

int main() {
    for (const auto& row : sotto::tui::command_table()) {
        std::cout << "command\t" << row.name << '\t' << row.arguments << '\t' << row.aliases << '\t'
                  << row.help << '\n';
    }
    for (const auto& place : sotto::tui::key_places()) {
        for (const auto& row : place.rows()) {
            std::cout << "key\t" << row.keys << '\t' << place.title << '\t' << row.help << '\n';
        }
    }
    for (const auto& row : sotto::wire::error_table()) {
        std::cout << "error\t" << row.name << '\t';
        if (row.closes) {
            std::cout << static_cast<int>(*row.closes) << '\n';
        } else {
            std::cout << "no\n";
        }
    }
}
