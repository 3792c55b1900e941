// The fiber back end on boost.context, for every processor it knows.
#include "kernels/simt/fibers/fiber_switch.h"

#if !defined(__x86_64__) || defined(PACKPROOF_SIMT_BOOST_FIBERS)

#include <boost/context/detail/fcontext.hpp>

namespace packproof::simt::detail {
namespace {

// Boost hands the place to resume the switched-out side to the side that now runs.
Handover& note_resume_point(boost::context::detail::transfer_t transfer) {
  auto& handover = *static_cast<Handover*>(transfer.data);
  handover.from->resume_point = transfer.fctx;
  return handover;
}

void start(boost::context::detail::transfer_t transfer) {
  enter_fiber(note_resume_point(transfer));
}

}  // namespace

void* first_resume_point(void* bottom, void* top) {
  const auto bytes = static_cast<size_t>(static_cast<char*>(top) - static_cast<char*>(bottom));
  return boost::context::detail::make_fcontext(top, bytes, start);
}

void exchange_stacks(Handover& handover) {
  note_resume_point(boost::context::detail::jump_fcontext(handover.to->resume_point, &handover));
}

}  // namespace packproof::simt::detail

#endif
