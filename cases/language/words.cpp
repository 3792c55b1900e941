#include "cases/language/words.h"

#include <array>

namespace packproof {
namespace {

constexpr std::array kWords = {
    Word{"segment", "one sequence of a packed row: the tokens between two entries of cu_seqlens"},
    Word{"slack", "rows between the last boundary and cap: they belong to no segment"},
    Word{"candidate", "the implementation on trial (packproof list candidates)"},
    Word{"reference", "the op's definition in float64, from inputs already in their dtype"},
    Word{"baseline",
         "padded LibTorch in float64, a second opinion: where it disagrees with the reference, "
         "nobody is judged"},
    Word{"plain run",
         "straightforward code in the case's own dtype, on inputs of other seeds; its errors say "
         "how large a right implementation's may be"},
    Word{"unit",
         "elements that are judged together: a segment, a segment and head, a token, the window or "
         "the first chunk behind a boundary, a state, a row of a gradient"},
    Word{"unit error", "distance of a unit from the reference, over the reference's own size"},
    Word{"base", "the worst unit error of the plain runs, carried over to this unit"},
    Word{"floor",
         "the unit error of the reference itself when it is rounded to the output's dtype"},
    Word{"limit",
         "the largest unit error that passes: 2 to 4 times the base, the floor or what one "
         "rounding can reach by chance, whichever is largest"},
    Word{"margin", "limit over error: how many times the error would fit"},
    Word{"elementwise bound", "a limit of each element, from the magnitudes of the terms summed"},
    Word{"segments .o#",
         "a mark for each segment: '.' within half of its limit, 'o' within the limit but beyond "
         "half of it, '#' over it or NaN; where there are many segments a mark is the worst of "
         "several"},
    Word{"boundary window",
         "the first tokens of a segment, which a leaking convolution would spoil"},
    Word{"first chunk", "the first 64 tokens of a segment, through which a leaking state enters"},
    Word{"unwritten", "an output element that still holds what was there before the call"},
    Word{"canary", "memory around a tensor that nobody may write"},
    Word{"refused", "the candidate said no; right only where the case says expect=refused"},
    Word{"mistrusted",
         "not judged: reference and baseline disagree, or a limit is too wide to mean anything; 4 "
         "under --strict"},
    Word{"known bug", "a failure that --known-bugs allows, with its reason"},
    Word{"seeded bug", "a historical bug put in on purpose, to show that its case catches it"},
    Word{"tier", "how many cases: quick, full or nightly, each with those before it"},
    Word{"schedule", "the order in which the host executor runs the threads of a kernel"},
    Word{"contract", "what an op owes beyond right values (packproof list contracts)"},
    Word{"descriptor", "a case as one line, and its name: op:direction key=value ..."},
};

constexpr std::array kWordsOfTheCode = {
    Word{"op",
         "what is implemented several times and compared: causal_conv1d, forward and backward"},
    Word{"family", "ops that share helpers; a folder in every layer"},
    Word{"form",
         "what an op says of itself: fields, tensors, cases, contracts, what it must refuse"},
    Word{"case", "what to run, as plain data; a call is a case with memory for its tensors"},
    Word{"draft", "a case that was read and not yet checked against its op's form"},
    Word{"launcher", "the function that starts an op's kernels, one for each target"},
    Word{"target", "what a kernel is compiled for: a GPU, the host executor, its race detector"},
    Word{"host executor", "runs the threads of a kernel on the host, as fibers in a stated order"},
    Word{"params", "what a launcher takes: pointers, sizes and options, checked"},
    Word{"adapter", "makes params of a call; the file of an op in harness/ops"},
    Word{"record", "what became of one case, as reports have it"},
    Word{"row",
         "of bench: one op and shape that is timed on each side; of a tensor: its first axis"},
    Word{"side",
         "one of those whom a row compares: a candidate, LibTorch packed or padded, a peer"},
    Word{"turn",
         "one pass over all sides of a row: sides alternate, so that a drift hits all alike"},
    Word{"sample", "one time of one side, of as many calls as the clock needs"},
    Word{"magnitude", "the sum of the sizes of the terms that were added up to one element"},
    Word{"evidence", "what the verdict and the guess at a fault's kind both read"},
    Word{"law", "a test that holds for every op, run over the list of ops"},
};

}  // namespace

std::span<const Word> words() { return kWords; }
std::span<const Word> words_of_the_code() { return kWordsOfTheCode; }

}  // namespace packproof
