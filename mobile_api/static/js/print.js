// The print button of a paper. Without this script the browser's own menu prints as well.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
