#include "harness/cli/commands.h"

int main(int argc, char** argv) { return packproof::harness::run_program(argc, argv); }
