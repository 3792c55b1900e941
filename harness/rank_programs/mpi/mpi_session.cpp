#include "harness/rank_programs/mpi/mpi_session.h"

#include <mpi.h>
#include <sched.h>

#include <cstdio>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>

namespace packproof::harness {
namespace {

void check(int code, const char* what) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw CommFailure(fmt::format("MPI: {} failed: {}", what,
                                std::string_view(text, static_cast<std::size_t>(length))));
}

int count_of(std::size_t bytes) {
  if (bytes > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw CommFailure(
        fmt::format("a block of {} bytes for each rank: MPI counts to 2^31 - 1", bytes));
  return static_cast<int>(bytes);
}

class MpiCommunicator : public Communicator {
 public:
  MpiCommunicator(MPI_Comm comm, std::chrono::milliseconds timeout)
      : comm_(comm), timeout_(timeout) {
    check(MPI_Comm_rank(comm_, &rank_), "MPI_Comm_rank");
    check(MPI_Comm_size(comm_, &world_), "MPI_Comm_size");
  }
  ~MpiCommunicator() override {
    if (comm_ != MPI_COMM_WORLD) MPI_Comm_free(&comm_);
  }
  MpiCommunicator(const MpiCommunicator&) = delete;
  MpiCommunicator& operator=(const MpiCommunicator&) = delete;

  int rank() const override { return rank_; }
  int world() const override { return world_; }

  std::unique_ptr<Communicator> split(int color) override {
    MPI_Comm group = MPI_COMM_NULL;
    check(MPI_Comm_split(comm_, color, rank_, &group), "MPI_Comm_split");
    return std::make_unique<MpiCommunicator>(group, timeout_);
  }

 protected:
  void exchange(const void* send, void* receive, std::size_t bytes_each) override {
    const int count = count_of(bytes_each);
    MPI_Request request;
    check(MPI_Ialltoall(send, count, MPI_BYTE, receive, count, MPI_BYTE, comm_, &request),
          "MPI_Ialltoall");
    wait_for(request);
  }
  void gather(const void* send, void* receive, std::size_t bytes_each) override {
    const int count = count_of(bytes_each);
    MPI_Request request;
    check(MPI_Iallgather(send, count, MPI_BYTE, receive, count, MPI_BYTE, comm_, &request),
          "MPI_Iallgather");
    wait_for(request);
  }

 private:
  // MPI_Wait has no time limit.
  void wait_for(MPI_Request& request) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout_;
    for (int done = 0;;) {
      check(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "MPI_Test");
      if (done) return;
      if (std::chrono::steady_clock::now() > deadline)
        throw CommFailure(fmt::format("rank {} waited {} ms for the others in a collective", rank_,
                                      timeout_.count()));
      ::sched_yield();  // there may be more ranks than cores
    }
  }

  MPI_Comm comm_;
  std::chrono::milliseconds timeout_;
  int rank_ = 0, world_ = 1;
};

}  // namespace

MpiSession::MpiSession(std::chrono::milliseconds timeout) {
  if (MPI_Init(nullptr, nullptr) != MPI_SUCCESS) throw CommFailure("MPI does not start");
  check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  world_ = std::make_unique<MpiCommunicator>(MPI_COMM_WORLD, timeout);
}

MpiSession::~MpiSession() { MPI_Finalize(); }

void MpiSession::end(int exit_code) {
  MPI_Finalize();
  std::fflush(nullptr);
  std::_Exit(exit_code);
}

void MpiSession::abort(int exit_code) {
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::_Exit(exit_code);
}

}  // namespace packproof::harness
