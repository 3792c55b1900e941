#include "harness/memory/guarded_buffer.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include "harness/memory/content_hash.h"
#include "harness/memory/shared_pages.h"

#if defined(__SANITIZE_ADDRESS__)
#define PACKPROOF_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PACKPROOF_ASAN 1
#endif
#endif
#ifdef PACKPROOF_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace packproof::memory {
namespace {

unsigned char canary_at(const unsigned char* address) {
  const bool odd = (reinterpret_cast<std::uintptr_t>(address) & 1) != 0;
  return static_cast<unsigned char>(odd ? GuardedBuffer::kCanary16 >> 8
                                        : GuardedBuffer::kCanary16 & 0xFF);
}

std::size_t round_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

std::size_t page_bytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

// Of the mapping for a buffer of so many. Throws where there cannot be one.
std::size_t whole_mapping(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::size_t>::max() / 2)
    throw std::system_error(ENOMEM, std::generic_category(), "guarded buffer");
  const std::size_t page = page_bytes();
  // Pages are multiples of the alignment: the data's start may be rounded down from any page end.
  const std::size_t back_end =
      round_up(bytes + GuardedBuffer::kAlignment + GuardedBuffer::kGuardBytes, page);
  const std::size_t front = round_up(GuardedBuffer::kGuardBytes, page);
  return page + front + back_end + page;
}

}  // namespace

std::string Overrun::describe() const {
  const char* where = side == Side::before ? "before the start" : "past the end";
  const std::size_t reach = farthest + 1;
  if (nearest == 0) return fmt::format("wrote {} byte{} {}", reach, reach == 1 ? "" : "s", where);
  return fmt::format("wrote {} to {} bytes {}", nearest + 1, reach, where);
}

GuardedBuffer::GuardedBuffer(std::size_t bytes, Reserve reserve) : bytes_(bytes) {
  const std::size_t whole = whole_mapping(bytes);
  const int flags = MAP_SHARED | MAP_ANONYMOUS | (reserve == Reserve::touched ? MAP_NORESERVE : 0);
  take(mmap(nullptr, whole, PROT_READ | PROT_WRITE, flags, -1, 0), whole);
  restore_canaries();
}

GuardedBuffer::GuardedBuffer(std::size_t bytes, SharedPages& pages) : bytes_(bytes) {
  const std::size_t whole = whole_mapping(bytes);
  take(pages.map_next(whole), whole);
  if (!pages.attached()) restore_canaries();
}

void GuardedBuffer::take(void* mapping, std::size_t mapping_bytes) {
  if (mapping == MAP_FAILED)
    throw std::system_error(errno, std::generic_category(),
                            fmt::format("cannot map {} bytes for a guarded buffer", mapping_bytes));
  mapping_ = static_cast<unsigned char*>(mapping);
  mapping_bytes_ = mapping_bytes;
  const std::size_t page = page_bytes();
  front_ = mapping_ + page;
  end_ = mapping_ + mapping_bytes_ - page;
  // As far back as the guard behind it allows, so that it meets the page without access soon.
  const std::size_t room = static_cast<std::size_t>(end_ - front_) - kGuardBytes - bytes_;
  data_ = front_ + room / kAlignment * kAlignment;
  back_ = data_ + bytes_;
  if (mprotect(mapping_, page, PROT_NONE) != 0 || mprotect(end_, page, PROT_NONE) != 0) {
    const int error = errno;
    munmap(mapping_, mapping_bytes_);
    throw std::system_error(error, std::generic_category(), "cannot protect a guarded buffer");
  }
}

GuardedBuffer::~GuardedBuffer() {
  if (!mapping_) return;
  unshield();
  munmap(mapping_, mapping_bytes_);
}

GuardedBuffer::GuardedBuffer(GuardedBuffer&& other) noexcept { swap(other); }

GuardedBuffer& GuardedBuffer::operator=(GuardedBuffer&& other) noexcept {
  GuardedBuffer taken(std::move(other));
  swap(taken);
  return *this;
}

void GuardedBuffer::swap(GuardedBuffer& other) noexcept {
  std::swap(mapping_, other.mapping_);
  std::swap(mapping_bytes_, other.mapping_bytes_);
  std::swap(front_, other.front_);
  std::swap(data_, other.data_);
  std::swap(back_, other.back_);
  std::swap(end_, other.end_);
  std::swap(bytes_, other.bytes_);
  std::swap(shielded_, other.shielded_);
}

// Not instrumented: the guards may be shielded.
__attribute__((no_sanitize("address"))) std::optional<Overrun> GuardedBuffer::check() const {
  std::optional<Overrun> found;
  const auto note = [&found](Overrun::Side side, std::size_t distance)
      __attribute__((no_sanitize("address"))) {
    if (!found) found = Overrun{side, distance, distance};
    found->farthest = distance;
  };
  for (std::size_t i = 0; i < static_cast<std::size_t>(data_ - front_); ++i) {
    const unsigned char* at = data_ - 1 - i;
    if (*at != canary_at(at)) note(Overrun::Side::before, i);
  }
  if (found) return found;
  for (const unsigned char* at = back_; at < end_; ++at)
    if (*at != canary_at(at)) note(Overrun::Side::after, static_cast<std::size_t>(at - back_));
  return found;
}

void GuardedBuffer::restore_canaries() {
  const bool was_shielded = shielded_;
  unshield();
  for (unsigned char* at = front_; at < data_; ++at) *at = canary_at(at);
  for (unsigned char* at = back_; at < end_; ++at) *at = canary_at(at);
  if (was_shielded) shield();
}

std::uint64_t GuardedBuffer::hash() const { return content_hash(data_, bytes_); }

void GuardedBuffer::shield() {
#ifdef PACKPROOF_ASAN
  __asan_poison_memory_region(front_, static_cast<std::size_t>(data_ - front_));
  __asan_poison_memory_region(back_, static_cast<std::size_t>(end_ - back_));
#endif
  shielded_ = true;
}

void GuardedBuffer::unshield() {
#ifdef PACKPROOF_ASAN
  // Only the guards: shadow of data that nobody touched would take memory.
  __asan_unpoison_memory_region(front_, static_cast<std::size_t>(data_ - front_));
  __asan_unpoison_memory_region(back_, static_cast<std::size_t>(end_ - back_));
#endif
  shielded_ = false;
}

}  // namespace packproof::memory
