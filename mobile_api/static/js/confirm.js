// A link with data-confirm="id" opens the dialog of that id instead of the confirming page it leads to.
// Without this script, or with a modifier key, the link simply leads there.

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-confirm]");
  if (link && !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey)) {
    const dialog = document.getElementById(link.dataset.confirm);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  event.target.closest("[data-close]")?.closest("dialog")?.close();
});

// One press of a button is one request: the second press of an impatient finger is dropped.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

// Coming back with the browser's own button finds the form usable again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
