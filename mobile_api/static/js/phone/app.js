// Opens what the address names. The shell is empty; everything shown comes from this phone's own store.
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { refresh } from "./pack.js";
import "./ready.js";
import { news, send } from "./sending.js";
import "./status.js";
import * as store from "./store.js";
import { day, dayTime, list, own, reader, time, words } from "./words.js";

const place = document.getElementById("screen");
const [, visit, paper] = location.pathname.match(/^\/t\/visits\/([0-9a-f-]{36})(?:\/(\w+))?$/) ?? [];
const bar = Alpine.reactive({ title: "", back: "", customer: "", docked: false, path: location.pathname,
  go(hash) { location.hash = hash; } });
reader.zone = place?.dataset.zone ?? reader.zone;
const today = new Intl.DateTimeFormat("sv-SE", { timeZone: reader.zone }).format(new Date());
const asked = new URLSearchParams(location.search).get("day");
const page = { "/t/kit": "kit", "/t/me": "me" }[location.pathname];
const partName = visit ? `visit:${visit}` : page ?? `day:${asked ?? today}`;

/** Put a screen into the shell: its title, the way back, and the keys at the bottom are said by the screen itself. */
export function show(html, told) {
  place.innerHTML = html; // our own template, with every text escaped
  const dock = place.querySelector("template[data-dock]");
  document.getElementById("dock").replaceChildren(...(dock ? [dock.content.cloneNode(true)] : []));
  const { dataset } = place.querySelector(".part");
  const back = visit && paper ? `/t/visits/${visit}` : "";
  Object.assign(bar, { back, customer: "", docked: Boolean(dock) }, dataset, told);
  document.title = bar.title;
}
async function open() {
  if (!place || place.dataset.shell === undefined) return true; // the server has drawn this page
  if (visit && !paper) return (await import("./visit.js")).openVisit(visit); // a day comes without them
  const { today: packed } = await store.partOf("pack") ?? {};
  const isHome = location.pathname === "/t/" && !asked; // a clock that is days off still shows the day that was meant
  const part = await store.partOf(paper === "guide" ? "paper:guide" : partName)
    ?? (isHome ? await store.partOf(`day:${packed}`) : undefined);
  const html = (part?.pages[paper] ?? part?.pages)?.[own];
  if (html) show(html);
  return Boolean(html);
}

Alpine.data("answered", (step, key) => ({ // papers were drawn in the morning: what was answered since is filled in
  said: "",
  async init() {
    this.said = this.$el.textContent.trim();
    const given = (await store.entriesOf(visit)).filter((one) => one.step === step && one.key === key);
    const { value } = given.sort((a, b) => a.at - b.at).at(-1) ?? {};
    if (!value) return;
    this.said = key.endsWith("_changed_at") ? value.slice(0, 10) : time(value);
    this.$el.classList.remove("to-write");
  },
}));
for (const [name, value] of Object.entries({ bar, day, dayTime, list, time, words })) Alpine.magic(name, () => value);

async function start() {
  if (location.pathname === "/t") history.replaceState(null, "", `/t/${location.search}${location.hash}`);
  Alpine.start();
  let isShown = Boolean(store.account) && await open();
  if (store.account) {
    send();
    await refresh({ also: visit || asked ? [partName] : [], now: !isShown });
    isShown ||= await open();
  }
  if (!isShown) show(document.getElementById("nothing").innerHTML);
  news.addEventListener("pack", ({ detail }) => { if (detail.includes(partName) && (!visit || paper)) open(); });
}
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) window.print();
  const other = target.closest(".language");
  if (other) other.hash = location.hash;
});
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
start();
