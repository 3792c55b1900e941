// Files that are there whole or not at all.
#pragma once

#include <string>
#include <string_view>

namespace packproof::reports {

// Puts `text` at `path`: writes a temporary file in the same folder, syncs it and renames it over
// `path`, so that no reader ever sees half of it. On failure the old file stays as it was, nothing
// is left behind, and a ReportError says which path, why, and what would do. A link is followed;
// a device or a pipe (/dev/stdout) is written to directly.
void write_file_atomically(const std::string& path, std::string_view text);

// Throws the error that write_file_atomically would give for the folder or the permissions of
// `path`: to be asked before a long run. Leaves nothing behind.
void require_writable(const std::string& path);

// True for something that exists and cannot be replaced by a rename: a device, a pipe, a socket.
bool is_special_file(const std::string& path);

// The whole file. Throws ReportError.
std::string read_whole_file(const std::string& path);

// "cannot <action> '<path>': <errno in words>; <what would do>"
std::string file_error_text(std::string_view action, const std::string& path, int error_number);

}  // namespace packproof::reports
