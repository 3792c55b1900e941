#include "harness/process/what_in_short.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>

namespace packproof::harness {
namespace {

std::string in_short(const std::string& text) { return what_in_short(std::runtime_error(text)); }

TEST(WhatInShort, LeavesTracesOut) {
  EXPECT_EQ(in_short("[enforce fail at alloc_cpu.cpp:124] err == 0. you tried to allocate 8 bytes."
                     "\nException raised from alloc_cpu at ../c10/core/impl:124 (most recent call "
                     "first):\nframe #0: c10::Error\nframe #1: main\n"),
            "[enforce fail at alloc_cpu.cpp:124] err == 0. you tried to allocate 8 bytes.");
  EXPECT_EQ(in_short("sizes differ\nframe #0: c10::Error\n"), "sizes differ");
}

TEST(WhatInShort, IsOneLineAndNotEndless) {
  EXPECT_EQ(in_short("two\nlines\n"), "two lines");
  EXPECT_EQ(in_short(std::string(5000, 'x')).size(), 603u);
  EXPECT_EQ(in_short(""), "");
  EXPECT_TRUE(what_in_short(std::bad_alloc()).starts_with("out of memory"));
}

}  // namespace
}  // namespace packproof::harness
