// While the executor itself runs. Runtime only.
//
// The linker may take an inline function of the standard library from a kernel's object, where the
// compiler has it report accesses: those that the executor makes through it are no one's.
#pragma once

namespace packproof::simt::detail {

extern constinit thread_local bool in_runtime;

class RuntimeScope {
 public:
  RuntimeScope() : outer_(in_runtime) { in_runtime = true; }
  ~RuntimeScope() { in_runtime = outer_; }
  RuntimeScope(const RuntimeScope&) = delete;
  RuntimeScope& operator=(const RuntimeScope&) = delete;

 private:
  bool outer_;
};

}  // namespace packproof::simt::detail
