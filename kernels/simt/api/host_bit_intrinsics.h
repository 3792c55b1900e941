// Integer and bit intrinsics, and CUDA's global min and max, on the host. Host only.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

inline unsigned __float_as_uint(float value) { return std::bit_cast<unsigned>(value); }
inline int __float_as_int(float value) { return std::bit_cast<int>(value); }
inline float __uint_as_float(unsigned value) { return std::bit_cast<float>(value); }
inline float __int_as_float(int value) { return std::bit_cast<float>(value); }
inline long long __double_as_longlong(double value) { return std::bit_cast<long long>(value); }
inline double __longlong_as_double(long long value) { return std::bit_cast<double>(value); }

inline int __popc(unsigned value) { return std::popcount(value); }
inline int __popcll(unsigned long long value) { return std::popcount(value); }
inline int __clz(int value) { return std::countl_zero(static_cast<unsigned>(value)); }
inline int __clzll(long long value) {
  return std::countl_zero(static_cast<unsigned long long>(value));
}
inline int __ffs(int value) { return __builtin_ffs(value); }
inline int __ffsll(long long value) { return __builtin_ffsll(value); }

inline unsigned __brev(unsigned value) {
  unsigned reversed = 0;
  for (int bit = 0; bit < 32; ++bit) reversed |= (value >> bit & 1u) << (31 - bit);
  return reversed;
}

inline int __mulhi(int a, int b) { return static_cast<int>(static_cast<int64_t>(a) * b >> 32); }
inline unsigned __umulhi(unsigned a, unsigned b) {
  return static_cast<unsigned>(static_cast<uint64_t>(a) * b >> 32);
}

// Byte i of the result is the byte of (high:low) that nibble i of the selector names; bit 3 of a
// nibble spreads that byte's sign instead.
inline unsigned __byte_perm(unsigned low, unsigned high, unsigned selector) {
  const uint64_t bytes = static_cast<uint64_t>(high) << 32 | low;
  unsigned result = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned nibble = selector >> (4 * i) & 0xfu;
    unsigned byte = static_cast<unsigned>(bytes >> (8 * (nibble & 7u))) & 0xffu;
    if ((nibble & 8u) != 0) byte = (byte & 0x80u) != 0 ? 0xffu : 0u;
    result |= byte << (8 * i);
  }
  return result;
}

// Overloads, not a template: mixed arguments convert as they do on the device, and a call is not
// ambiguous with std::min. For floats a NaN loses to a number, as on the device.
#define PACKPROOF_SIMT_MIN_MAX(Result, A, B)      \
  inline Result min(A first, B second) {          \
    const Result a = static_cast<Result>(first);  \
    const Result b = static_cast<Result>(second); \
    return b < a ? b : a;                         \
  }                                               \
  inline Result max(A first, B second) {          \
    const Result a = static_cast<Result>(first);  \
    const Result b = static_cast<Result>(second); \
    return a < b ? b : a;                         \
  }
#define PACKPROOF_SIMT_MIN_MAX_OF_WIDTH(Signed, Unsigned) \
  PACKPROOF_SIMT_MIN_MAX(Signed, Signed, Signed)          \
  PACKPROOF_SIMT_MIN_MAX(Unsigned, Unsigned, Unsigned)    \
  PACKPROOF_SIMT_MIN_MAX(Unsigned, Signed, Unsigned)      \
  PACKPROOF_SIMT_MIN_MAX(Unsigned, Unsigned, Signed)
PACKPROOF_SIMT_MIN_MAX_OF_WIDTH(int, unsigned)
PACKPROOF_SIMT_MIN_MAX_OF_WIDTH(long, unsigned long)
PACKPROOF_SIMT_MIN_MAX_OF_WIDTH(long long, unsigned long long)
#undef PACKPROOF_SIMT_MIN_MAX_OF_WIDTH
#undef PACKPROOF_SIMT_MIN_MAX

inline float min(float a, float b) { return std::fmin(a, b); }
inline float max(float a, float b) { return std::fmax(a, b); }
inline double min(double a, double b) { return std::fmin(a, b); }
inline double max(double a, double b) { return std::fmax(a, b); }
inline double min(float a, double b) { return std::fmin(static_cast<double>(a), b); }
inline double max(float a, double b) { return std::fmax(static_cast<double>(a), b); }
inline double min(double a, float b) { return std::fmin(a, static_cast<double>(b)); }
inline double max(double a, float b) { return std::fmax(a, static_cast<double>(b)); }
