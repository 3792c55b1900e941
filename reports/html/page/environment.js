// Where and how each run took place.

const fieldNames = { packproof_version: "packproof", build_type: "build type", cpu: "CPU", os: "OS", libtorch: "LibTorch", cuda: "CUDA" };

function runFacts(run) {
  const ceilings = run.ceilings && [
    ["copy ceiling", run.ceilings.copy_gb_s > 0 ? `${formatCount(run.ceilings.copy_gb_s)} GB/s` : "not measured"],
    ["matmul ceiling", run.ceilings.matmul_tflop_s > 0 ? `${formatCount(run.ceilings.matmul_tflop_s)} TFLOP/s` : "not measured"],
    ["measured by", run.ceilings.how],
  ];
  return facts([
    ["file", run.file],
    ["command", h("code", {}, run.command)],
    ["started", formatStart(run.started)],
    ["took", run.elapsed],
    ["device", run.device ?? ""],
    ...(ceilings ?? []),
    ...run.environment.map(([name, value]) => [fieldNames[name] ?? name, value]),
  ].filter(([, value]) => value !== ""));
}

function environmentSection({ gates, benches }) {
  const runs = [...gates, ...benches];
  return section("environment", "Environment", h("div", { class: "charts" },
    ...runs.map((run) => h("div", { class: "answer" }, h("h3", { style: "margin-top: 0" }, run.name), runFacts(run)))));
}
