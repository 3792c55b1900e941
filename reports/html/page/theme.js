// Light, dark, or as the system says. Remembered where the browser lets a file remember.

const themes = ["system", "light", "dark"];
const themeListeners = [];

function storedTheme() {
  try {
    return themes.includes(localStorage.packproofTheme) ? localStorage.packproofTheme : "system";
  } catch {
    return "system";
  }
}

function showTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  document.getElementById("theme").textContent = `Theme: ${theme}`;
  for (const listener of themeListeners) listener();
}

function startTheme() {
  let theme = storedTheme();
  showTheme(theme);
  document.getElementById("theme").addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    try {
      localStorage.packproofTheme = theme;
    } catch {
      // Not remembered, then.
    }
    showTheme(theme);
    announce(`Theme: ${theme}`);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => showTheme(theme));
}

// The colour that a custom property stands for now, as canvas wants it.
function colour(name) {
  const probe = h("span", { style: `color: var(--${name})`, hidden: true });
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
