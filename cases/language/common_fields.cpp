#include "cases/language/common_fields.h"

#include <array>

namespace packproof {
namespace {

constexpr std::array kFields = {
    CommonField{"dtype", "bf16|fp16|fp32", "the op's first",
                "of activations; ops on integers have none"},
    CommonField{"len", "lengths", "",
                "tokens of each segment: 5,0,3; 32*128 is 32 of 128; gsm8k@32768 packs real "
                "lengths (packproof list workloads); uniform(count,min,max,seed) and "
                "longtail(total,seed) make some up"},
    CommonField{"cu_seqlens", "boundaries", "made from len",
                "instead of len, a broken one to hand over: 0,5,3; only with expect=refused"},
    CommonField{"cap", "0..2147483647", "the sum of len",
                "rows of the packed layout; those beyond the sum of len are slack"},
    CommonField{"slack", "zero|nan|inf|huge", "nan",
                "what slack rows of floating inputs hold before the run"},
    CommonField{"fill", "normal|integers|large|tiny|specials", "normal",
                "how floating inputs are made: bell-shaped; small integers, whose sums are exact; "
                "near the top of the dtype's range; near the bottom of fp16's; normal with NaN "
                "and infinities strewn in"},
    CommonField{"seed", "0..18446744073709551615", "1",
                "of the inputs: the same descriptor gives the same bits anywhere"},
    CommonField{"contract", "C1..C11", "none",
                "the contract that the case tries (packproof list contracts)"},
    CommonField{"expect", "pass|refused", "pass",
                "refused: only a clear refusal before any launch passes"},
    CommonField{"source", "a link", "none", "the thread that the case comes from"},
};

}  // namespace

std::span<const CommonField> common_fields() { return kFields; }

}  // namespace packproof
