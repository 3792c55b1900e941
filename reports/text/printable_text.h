// Text from outside (a crashed process, a file name) made safe for where it is shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace packproof::reports {

// `text` with each byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

// Valid UTF-8 without control characters other than newline and tab: ESC becomes "\x1b", so that
// a candidate's output can neither steer the terminal nor break a file format.
std::string printable(std::string_view text);

// Printable text for an XML 1.0 attribute or element: also escapes & < > " ' and, for attributes,
// keeps newlines and tabs from being normalised away.
std::string xml_attribute(std::string_view text);
std::string xml_text(std::string_view text);

// Printable text for one cell of a Markdown table, shown as it is: one line, pipes escaped, no
// markup.
std::string markdown_cell(std::string_view text);

// `text` as a fenced Markdown block; the fence is longer than any run of backticks inside.
std::string markdown_block(std::string_view text);

// "1 case", "2 cases": for words whose plural is an s.
std::string counted(std::int64_t count, std::string_view word);

// The first `columns` characters of one-line text, the last three "..." where something was cut.
std::string first_columns(std::string_view text, std::size_t columns);

}  // namespace packproof::reports
