// Floating-point intrinsics on the host. Host only.
// The exactly rounded ones (_rn and conversions) match the device bit for bit. The fast ones
// (__expf, rsqrtf, ...) are exact to the last bit or so here, and are not on the device.
#pragma once

#include <math.h>

#include <cmath>
#include <limits>

inline float __expf(float x) { return std::exp(x); }
inline float __exp10f(float x) { return std::pow(10.0f, x); }
inline float __logf(float x) { return std::log(x); }
inline float __log2f(float x) { return std::log2(x); }
inline float __log10f(float x) { return std::log10(x); }
inline float __powf(float x, float y) { return std::pow(x, y); }
inline float __sinf(float x) { return std::sin(x); }
inline float __cosf(float x) { return std::cos(x); }
inline float __fdividef(float x, float y) { return x / y; }
inline float fdividef(float x, float y) { return x / y; }
inline float rsqrtf(float x) { return static_cast<float>(1.0 / std::sqrt(static_cast<double>(x))); }
inline double rsqrt(double x) { return 1.0 / std::sqrt(x); }

// As on the device, NaN becomes 0.
inline float __saturatef(float x) { return x >= 1.0f ? 1.0f : (x > 0.0f ? x : 0.0f); }

inline float __fadd_rn(float x, float y) { return x + y; }
inline float __fsub_rn(float x, float y) { return x - y; }
inline float __fmul_rn(float x, float y) { return x * y; }
inline float __fdiv_rn(float x, float y) { return x / y; }
inline float __fmaf_rn(float x, float y, float z) { return std::fma(x, y, z); }
inline float __fsqrt_rn(float x) { return std::sqrt(x); }
inline float __frcp_rn(float x) { return 1.0f / x; }
inline float __frsqrt_rn(float x) { return rsqrtf(x); }
inline double __dadd_rn(double x, double y) { return x + y; }
inline double __dmul_rn(double x, double y) { return x * y; }

namespace packproof::simt::detail {

// A conversion on the device saturates, and takes NaN to 0; a cast here would be undefined.
template <class Integer>
Integer saturating_cast(float rounded) {
  using Limits = std::numeric_limits<Integer>;
  if (std::isnan(rounded)) return 0;
  const double value = static_cast<double>(rounded);
  if (value <= static_cast<double>(Limits::min())) return Limits::min();
  if (value >= static_cast<double>(Limits::max())) return Limits::max();
  return static_cast<Integer>(rounded);
}

}  // namespace packproof::simt::detail

// std::nearbyint: the executor never leaves the default mode, round to nearest even.
inline int __float2int_rn(float x) {
  return packproof::simt::detail::saturating_cast<int>(std::nearbyint(x));
}
inline int __float2int_rz(float x) {
  return packproof::simt::detail::saturating_cast<int>(std::trunc(x));
}
inline int __float2int_rd(float x) {
  return packproof::simt::detail::saturating_cast<int>(std::floor(x));
}
inline int __float2int_ru(float x) {
  return packproof::simt::detail::saturating_cast<int>(std::ceil(x));
}
inline unsigned __float2uint_rn(float x) {
  return packproof::simt::detail::saturating_cast<unsigned>(std::nearbyint(x));
}
inline unsigned __float2uint_rz(float x) {
  return packproof::simt::detail::saturating_cast<unsigned>(std::trunc(x));
}
inline float __int2float_rn(int x) { return static_cast<float>(x); }
inline float __uint2float_rn(unsigned x) { return static_cast<float>(x); }
