// Where an access stands in the source, in 32 bits: a place of the program, which the compiler's
// hooks give, or a SourceSite, which emulations give. Runtime only.
#pragma once

#include <cstdint>
#include <string>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

class AccessSite {
 public:
  AccessSite() = default;

  // Where the call that returns to `return_address` stands.
  static AccessSite of(const void* return_address);
  // Keeps the site; equal ones share an entry. For the OS thread that calls.
  static AccessSite of(const SourceSite& site);

  // "kernels/x/x.cu:12 in f"; an address and a symbol where the program has no line numbers or
  // addr2line is missing. Slow.
  std::string text() const;

  bool operator==(const AccessSite&) const = default;

 private:
  explicit AccessSite(int32_t value) : value_(value) {}

  int32_t value_ = 0;  // bit 0 set: an index of the SourceSites; else twice an offset; 0: unknown
};

}  // namespace packproof::simt::detail
