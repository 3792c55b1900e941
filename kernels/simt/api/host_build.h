// The two builds of kernels for the executor: plain, and under the race detector, where the
// compiler reports every access (-fsanitize=thread, PACKPROOF_SIMT_RACE defined). Host only.
//
// What both instantiate in one program stands in an inline namespace of the build: else the linker
// would keep one of two functions with one name, and lose the reports or slow the plain build.
#pragma once

#ifdef PACKPROOF_SIMT_RACE
#define PACKPROOF_SIMT_BUILD on_host_under_race_detector
#else
#define PACKPROOF_SIMT_BUILD on_host
#endif

namespace packproof::simt::detail {
inline namespace PACKPROOF_SIMT_BUILD {

#ifdef PACKPROOF_SIMT_RACE
inline constexpr bool kReportsRaces = true;
#else
inline constexpr bool kReportsRaces = false;
#endif

}  // namespace PACKPROOF_SIMT_BUILD
}  // namespace packproof::simt::detail
