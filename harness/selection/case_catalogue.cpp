#include "harness/selection/case_catalogue.h"

#include <set>
#include <stdexcept>

#include "cases/core/embedded_files.h"
#include "cases/language/descriptor.h"
#include "harness/ops/op_list.h"
#include "reports/files/atomic_file.h"

namespace packproof::harness {
namespace {

bool is_case_file(std::string_view path) {
  return path.ends_with(".json") && path.starts_with("cases/") &&
         !path.starts_with("cases/lengths/") && !path.starts_with("cases/plans/");
}

}  // namespace

std::vector<CaseFile> carried_case_files() {
  std::vector<CaseFile> files;
  for (const EmbeddedFile& file : embedded_files())
    if (is_case_file(file.path))
      files.push_back(parse_case_file(file.contents, file.path, op_lookup()));
  return files;
}

std::vector<Case> catalogue(Tier tier) {
  std::vector<Case> cases;
  std::set<std::string> names;
  const auto add = [&](Case c, const OpForm& form) {
    if (!names.insert(format_descriptor(c, form)).second)
      throw std::logic_error("two cases are named " + format_descriptor(c, form));
    cases.push_back(std::move(c));
  };
  const std::vector<CaseFile> files = carried_case_files();
  for (const Op& op : all_ops()) {
    for (const Tier t : {Tier::quick, Tier::full, Tier::nightly})
      if (t <= tier)
        for (const std::string& descriptor : op.form.descriptors(t))
          add(parse_descriptor(descriptor, op_lookup()), op.form);
    for (const CaseFile& file : files)
      if (file.the_case.op == op.form.name) add(file.the_case, op.form);
  }
  return cases;
}

Case case_from(const std::string& text) {
  if (text.ends_with(".json"))
    return parse_case_file(reports::read_whole_file(text), text, op_lookup()).the_case;
  return parse_descriptor(text, op_lookup());
}

}  // namespace packproof::harness
