// Counts on what the page says of the time that is left. Without this script the page is right as of its drawing.

const english = document.documentElement.lang.startsWith("en");

function told(minutes) {
  const n = Math.floor(Math.abs(minutes));
  if (n < 120) return english ? `${n} min` : `${n} 分钟`;
  if (n < 2880) return english ? `${Math.floor(n / 60)} h` : `${Math.floor(n / 60)} 小时`;
  return english ? `${Math.floor(n / 1440)} days` : `${Math.floor(n / 1440)} 天`;
}

// The server's clock counts, not this machine's: how far they are apart is learnt from each part of the page once.
const apart = new WeakMap();

function tick() {
  for (const each of document.querySelectorAll(".countdown")) {
    if (!apart.has(each)) apart.set(each, Date.parse(each.dataset.now) - Date.now());
    const minutes = (Date.parse(each.dataset.due) - Date.now() - apart.get(each)) / 60_000;
    const late = minutes < 0;
    each.lastElementChild.textContent = english
      ? `${told(minutes)} ${late ? "overdue" : "left"}`
      : `${late ? "已超时" : "还有"} ${told(minutes)}`;
    each.classList.toggle("tone-bad", late);
    each.classList.toggle("tone-warn", !late && minutes < 30);
    each.classList.toggle("tone-plan", !late && minutes >= 30);
  }
}

tick();
setInterval(tick, 5_000);
document.addEventListener("htmx:afterSettle", tick);
