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
const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: reader.zone }).format(new Date());
const named = { "/t/kit": "kit", "/t/me": "me" }[location.pathname];
const partName = () => (visit ? `visit:${visit}` : named
  ?? `day:${new URLSearchParams(location.search).get("day") ?? today()}`);

/** Put a screen into the shell: its title, the way back, and the keys at the bottom are said by the screen itself. */
export function show(html, told) {
  place.innerHTML = html; // our own template, with every text escaped
  const part = place.querySelector(".part");
  const { title, back } = { ...part.dataset, ...told };
  document.title = document.getElementById("bar-title").textContent = title;
  document.getElementById("back").href = back ?? "/t/";
  for (const sign of document.querySelectorAll("[data-at]")) sign.hidden = (sign.dataset.at === "deeper") !== Boolean(back);
  const dock = place.querySelector("template[data-dock]");
  document.getElementById("dock").replaceChildren(...(dock ? [dock.content.cloneNode(true)] : []));
  document.querySelector(".dock").hidden = !dock;
  document.querySelector(".thumbs").hidden = Boolean(dock);
  for (const tab of document.querySelectorAll(".thumbs a")) {
    if (new URL(tab.href).pathname === location.pathname) tab.setAttribute("aria-current", "page");
  }
  const other = document.querySelector(".bar .language");
  other.href = `${other.search}${location.hash}`;
}
async function showPart() {
  const { today: packed } = await store.partOf("pack") ?? {};
  const isHome = location.pathname === "/t/" && !location.search.includes("day=");
  // a phone whose clock is days off still shows the day that the server meant
  const part = await store.partOf(partName()) ?? (isHome ? await store.partOf(`day:${packed}`) : undefined);
  const html = (part?.pages[paper] ?? part?.pages)?.[own];
  if (html) show(html);
  return Boolean(html);
}
async function open() {
  if (!place || place.dataset.shell === undefined) return true; // the server has drawn this page
  if (!visit || paper) return showPart();
  return (await import("./visit.js")).openVisit(visit); // the day's page comes up without the forms' scripts
}

/** Papers were drawn in the morning: what was answered since is filled in. */
Alpine.data("answered", (step, key) => ({
  said: "",
  async init() {
    const given = (await store.entriesOf(visit)).filter((one) => one.step === step && one.key === key);
    const { value } = given.sort((a, b) => a.at - b.at).at(-1) ?? {};
    if (value) this.said = key.endsWith("_changed_at") ? value.slice(0, 10) : time(value);
  },
}));
for (const [name, value] of Object.entries({ day, dayTime, list, time, words })) Alpine.magic(name, () => value);

async function start() {
  if (location.pathname === "/t") history.replaceState(null, "", `/t/${location.search}${location.hash}`);
  reader.zone = place?.dataset.zone ?? reader.zone;
  Alpine.start();
  let isShown = Boolean(store.account) && await open();
  if (store.account) {
    send();
    await refresh({ also: visit || location.search.includes("day=") ? [partName()] : [], now: !isShown });
    isShown ||= await open();
  }
  if (!isShown) show(document.getElementById("nothing").innerHTML);
  news.addEventListener("pack", ({ detail }) => { if (detail.includes(partName()) && (!visit || paper)) open(); });
}
document.addEventListener("click", ({ target }) => { if (target.closest("[data-print]")) window.print(); });
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
start();
