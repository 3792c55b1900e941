#include "cases/forms/boundary_input.h"

#include <utility>

namespace packproof {

InputSpec cu_seqlens_input(const Case& the_case) {
  return {.name = "cu_seqlens",
          .dtype = DType::int32,
          .dims = {{Axis::boundary, the_case.segments() + 1}},
          .values = the_case.cu_seqlens()};
}

FieldSpec cu_dtype_field() {
  return {.name = "cu_dtype",
          .kind = FieldSpec::Kind::choice,
          .fallback = "int32",
          .help = "dtype of cu_seqlens; int64 is refused",
          .choices = {"int32", "int64"},
          .refused = {"int64"}};
}

InputSpec cu_seqlens_input_of_any_dtype(const Case& the_case) {
  InputSpec input = cu_seqlens_input(the_case);
  input.dtype = *dtype_named(the_case.word("cu_dtype"));
  return input;
}

FieldSpec chunk_field() {
  return {.name = "chunk", .fallback = "64", .help = "tokens a chunk", .min = 1, .max = 65536};
}

std::vector<std::string> descriptors_of(std::string_view op,
                                        std::initializer_list<CaseTexts> groups) {
  std::vector<std::string> made;
  for (const CaseTexts& texts : groups)
    for (const std::string_view text : texts)
      made.push_back(std::string(op) + " " + std::string(text) + " seed=1");
  return made;
}

std::vector<std::string> descriptors_of(std::string_view op,
                                        std::initializer_list<CaseTexts> forward,
                                        std::initializer_list<CaseTexts> backward) {
  std::vector<std::string> all = descriptors_of(std::string(op) + ":fwd", forward);
  for (std::string& descriptor : descriptors_of(std::string(op) + ":bwd", backward))
    all.push_back(std::move(descriptor));
  return all;
}

CaseTexts refused_boundaries() {
  static constexpr std::string_view kTexts[] = {
      "cu_seqlens=0,5,3,8 cap=8 contract=C7 expect=refused",
      "cu_seqlens=1,5,8 cap=8 contract=C7 expect=refused",
      "cu_seqlens=0,5,9 cap=8 contract=C7 expect=refused",
      "len=5,3 cu_dtype=int64 contract=C7 expect=refused",
  };
  return kTexts;
}

}  // namespace packproof
