// Runs before the first paint: the colours that were chosen at an earlier visit.
try {
  const chosen = localStorage.getItem("lanewise-colours");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.colours = chosen;
} catch {
  // A browser that keeps nothing follows the system's setting.
}
