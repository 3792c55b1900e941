// The page of words and contracts, vocabulary.md.
#pragma once

#include <string>

namespace packproof {

std::string vocabulary_page();  // Markdown

}  // namespace packproof
