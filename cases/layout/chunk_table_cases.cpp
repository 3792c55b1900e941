#include "cases/layout/chunk_table_cases.h"

namespace packproof {

std::span<const std::string_view> quick_chunk_tables() {
  static constexpr std::string_view kTexts[] = {
      "len=1",
      "len=64",
      "len=65",
      "len=63,64,65,128,1",
      "len=0,70,0,0,3,0",
      "len=2*0",
      "len=0 cap=5",
      "len=100,30 cap=400 contract=C8",
      "chunk=1 len=5,0,3",
      "chunk=3 len=3*7,1",
      "chunk=16 len=15,17,16,0,33 cap=90 contract=C8",
      "chunk=128 len=127,1,129,512",
      "chunk=65536 len=5,3",
      "chunk=2 len=1023*3",
      "chunk=64 len=1024*1,0,65,1023*0,2",
  };
  return kTexts;
}

std::span<const std::string_view> full_chunk_tables() {
  static constexpr std::string_view kTexts[] = {
      "len=gsm8k@32768 cap=32768",
      "len=code@32768 cap=32768",
      "chunk=16 len=code@32768 cap=32768",
      "chunk=1 len=65536",
      "len=65536*1",
      "len=300000*1",
  };
  return kTexts;
}

}  // namespace packproof
