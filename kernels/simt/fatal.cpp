#include "kernels/simt/fatal.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace packproof::simt::detail {

void fatal(const char* format, ...) {
  char message[4096];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message, sizeof(message), format, arguments);
  va_end(arguments);
  std::fprintf(stderr, "simt: %s\n", message);
  std::fflush(stderr);
  std::abort();
}

}  // namespace packproof::simt::detail
