// The page was looked at: told once, when it has been visible for a second. Fetching the address tells nothing.
const mark = document.querySelector("[data-seen]");
let timer;

function tell() {
  document.removeEventListener("visibilitychange", watch);
  fetch(mark.dataset.seen, { method: "POST", body: new URLSearchParams({ form: mark.dataset.form }), keepalive: true })
    .catch(() => {});
}

function watch() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") timer = setTimeout(tell, 1000);
}

if (mark) {
  document.addEventListener("visibilitychange", watch);
  watch();
}
