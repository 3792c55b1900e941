#include "cases/language/vocabulary.h"

#include <fmt/format.h>

#include "cases/language/contracts.h"
#include "cases/language/words.h"

namespace packproof {
namespace {

std::string table_of(std::span<const Word> words) {
  std::string table = "| word | meaning |\n| --- | --- |\n";
  for (const Word& word : words) table += fmt::format("| {} | {} |\n", word.word, word.meaning);
  return table;
}

}  // namespace

std::string vocabulary_page() {
  std::string page = fmt::format(
      "# Vocabulary\n\n"
      "Written from `words.cpp` and `contracts.cpp` beside it; `packproof list words` and "
      "`packproof "
      "list contracts` print the same.\n\n"
      "## Words of reports and messages\n\n{}\n## Words of the code\n\n{}\n## Contracts\n\n"
      "| | what is asked for | how a breach is found |\n| --- | --- | --- |\n",
      table_of(words()), table_of(words_of_the_code()));
  for (const Contract& contract : contracts())
    page += fmt::format("| {} | {} | {} |\n", contract.id, contract.rule, contract.shown);
  return page;
}

}  // namespace packproof
