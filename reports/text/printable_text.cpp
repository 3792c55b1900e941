#include "reports/text/printable_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>

namespace packproof::reports {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// The length of the valid UTF-8 sequence at `at`, or 0: overlong forms, surrogates and values past
// U+10FFFF are not valid.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const unsigned lead = byte_at(text, at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead < 0xC2   ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte_at(text, at + i) & 0xC0U) != 0x80) return 0;
  const unsigned second = byte_at(text, at + 1);
  if (lead == 0xE0 && second < 0xA0) return 0;
  if (lead == 0xED && second >= 0xA0) return 0;
  if (lead == 0xF0 && second < 0x90) return 0;
  if (lead == 0xF4 && second >= 0x90) return 0;
  return length;
}

enum class XmlPlace : std::uint8_t { attribute, text };

std::string xml_escaped(std::string_view raw, XmlPlace place) {
  std::string escaped;
  for (const char c : printable(raw)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&apos;";
        break;
      case '\n':
        escaped += place == XmlPlace::attribute ? "&#10;" : "\n";
        break;
      case '\t':
        escaped += place == XmlPlace::attribute ? "&#9;" : "\t";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    valid += length == 0 ? kReplacement : text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return valid;
}

std::string printable(std::string_view text) {
  const std::string valid = valid_utf8(text);
  std::string shown;
  shown.reserve(valid.size());
  for (std::size_t at = 0; at < valid.size();) {
    const std::size_t length = sequence_length(valid, at);
    const std::string_view character = std::string_view(valid).substr(at, length);
    const unsigned lead = byte_at(valid, at);
    if (length == 1 && lead != '\n' && lead != '\t' && (lead < 0x20 || lead == 0x7F)) {
      shown += fmt::format("\\x{:02x}", lead);
    } else if (length == 2 && lead == 0xC2 && byte_at(valid, at + 1) < 0xA0) {
      shown += fmt::format("\\x{:02x}", byte_at(valid, at + 1));  // C1: also steers terminals
    } else if (character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF") {
      shown += kReplacement;  // U+FFFE and U+FFFF, which XML 1.0 forbids
    } else {
      shown += character;
    }
    at += length;
  }
  return shown;
}

std::string xml_attribute(std::string_view text) { return xml_escaped(text, XmlPlace::attribute); }

std::string xml_text(std::string_view text) { return xml_escaped(text, XmlPlace::text); }

std::string markdown_cell(std::string_view text) {
  std::string cell;
  for (const char c : printable(text)) {
    if (c == '\n' || c == '\t') {
      cell += ' ';
    } else if (c == '<') {
      cell += "&lt;";
    } else if (c == '&') {
      cell += "&amp;";
    } else {
      if (std::string_view("\\|`*_[]~@#").find(c) != std::string_view::npos) cell += '\\';
      cell += c;
    }
  }
  return cell;
}

std::string markdown_block(std::string_view text) {
  std::size_t longest = 2, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  std::string body = printable(text);
  while (!body.empty() && body.back() == '\n') body.pop_back();
  return fmt::format("{0}text\n{1}\n{0}\n", fence, body);
}

std::string counted(std::int64_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::string first_columns(std::string_view text, std::size_t columns) {
  std::string line = printable(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::replace(line.begin(), line.end(), '\t', ' ');
  std::size_t shown = 0, cut = line.size();
  const std::size_t kept = columns < 3 ? columns : columns - 3;
  for (std::size_t at = 0; at < line.size(); at += sequence_length(line, at)) {
    if (shown == kept) cut = at;
    ++shown;
  }
  if (shown <= columns) return line;
  return line.substr(0, cut) + std::string(columns - kept, '.');
}

}  // namespace packproof::reports
