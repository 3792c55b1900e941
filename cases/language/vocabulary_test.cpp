// The page that is kept is the one that the code would write: PACKPROOF_UPDATE_VOCABULARY=1 does.
#include "cases/language/vocabulary.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "cases/language/words.h"

namespace packproof {
namespace {

constexpr const char* kPage = PACKPROOF_VOCABULARY;

TEST(Vocabulary, ThePageIsUpToDate) {
  if (std::getenv("PACKPROOF_UPDATE_VOCABULARY") != nullptr)
    std::ofstream(kPage) << vocabulary_page();
  std::ifstream file(kPage);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), vocabulary_page());
}

TEST(Vocabulary, AWordHasOneMeaning) {
  std::set<std::string_view> seen;
  for (const auto words : {words(), words_of_the_code()})
    for (const Word& word : words) EXPECT_TRUE(seen.insert(word.word).second) << word.word;
}

}  // namespace
}  // namespace packproof
