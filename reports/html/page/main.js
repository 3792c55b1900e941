// Puts the page together.

const report = readData();

function buildPage() {
  const main = document.getElementById("main");
  const sections = [summarySection, failuresSection, runsSection, coverageSection, marginsSection, casesSection,
    speedSection, trendsSection, environmentSection].map((build) => build(report)).filter(Boolean);
  main.append(...sections, h("p", { id: "announcements", class: "hidden", role: "status" }));
  document.getElementById("sections").append(...sections.map((part) =>
    h("a", { href: `#${part.id}` }, part.dataset.label)));
  document.getElementById("footer").append(
    h("p", {}, `Made by packproof report, ${formatStart(report.made)}. This page needs no network.`));
}

startCharts();
buildPage();
startTheme();
startLinks();
// For tests and for the curious: when the first table stood.
document.documentElement.dataset.readyMs = String(Math.round(performance.now()));
