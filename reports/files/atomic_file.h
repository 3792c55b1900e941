// Files that are there whole or not at all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace packproof::reports {

// Puts `text` at `path`: writes a temporary file in the same folder, syncs it and renames it over
// `path`, so that no reader ever sees half of it. On failure the old file stays as it was, nothing
// is left behind, and a ReportError (OutputError for a full or broken disk) says which path, why,
// and what would do. A link is followed; a device or a pipe (/dev/stdout) is written to directly.
void write_file_atomically(const std::string& path, std::string_view text);

// Throws the error that write_file_atomically would give for the folder or the permissions of
// `path`: to be asked before a long run. Leaves nothing behind.
void require_writable(const std::string& path);

// True for something that exists and cannot be replaced by a rename: a device, a pipe, a socket.
bool is_special_file(const std::string& path);

// No more is read of a file that people write, or of a run: a link to /dev/zero has no end.
inline constexpr std::size_t kMostTextBytes = std::size_t{1} << 25;
inline constexpr std::size_t kMostRunBytes = std::size_t{1} << 28;

// The whole file, of at most `most` bytes. Throws ReportError.
std::string read_whole_file(const std::string& path, std::size_t most = kMostTextBytes);

// The same of standard input.
std::string read_standard_input(std::size_t most = kMostTextBytes);

// Throws "cannot <action> '<path>': <errno in words>; <what would do><more>", an OutputError where
// the disk is to blame and not the name.
[[noreturn]] void fail_on_file(std::string_view action, const std::string& path, int error_number,
                               std::string_view more = "");

}  // namespace packproof::reports
