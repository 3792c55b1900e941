#include "harness/cli/commands.h"
#include "harness/cli/terminal/interrupt.h"
#include "harness/cli/terminal/standard_streams.h"

int main(int argc, char** argv) {
  packproof::harness::prepare_streams();
  packproof::harness::end_process(packproof::harness::run_program(argc, argv));
}
