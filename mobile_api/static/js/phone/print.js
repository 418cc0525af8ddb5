// Papers print themselves when asked.
document.querySelector("[data-print]").addEventListener("click", () => window.print());
