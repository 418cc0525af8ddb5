// Opens what the address names. The shell is empty; everything shown comes from this phone's own store.
import { h, link, note, say, time } from "./dom.js";
import { refresh } from "./pack.js";
import "./ready.js";
import { news, send } from "./sending.js";
import "./status.js";
import * as store from "./store.js";

const place = document.getElementById("screen");
const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
const [, visit, paper] = location.pathname.match(/^\/t\/visits\/([0-9a-f-]{36})(?:\/(\w+))?$/) ?? [];
const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: place?.dataset.zone }).format(new Date());
const partName = () => (visit ? `visit:${visit}` : location.pathname === "/t/kit" ? "kit" : location.pathname === "/t/me" ? "me"
  : `day:${new URLSearchParams(location.search).get("day") ?? today()}`);

/** Papers were drawn in the morning: what was answered since is filled in. */
async function fillIn() {
  for (const line of document.querySelectorAll("[data-answer]")) {
    const [step, key] = line.dataset.answer.split("/");
    const said = (await store.entriesOf(visit)).filter((entry) => entry.step === step && entry.key === key);
    const { value } = said.sort((a, b) => a.at - b.at).at(-1) ?? {};
    if (!value) continue;
    line.textContent = key.endsWith("_changed_at") ? value.slice(0, 10) : time(value);
    line.classList.remove("to-write");
  }
}
/** Which visits have work on this phone that is not handed in. */
async function markWaiting() {
  const { visits } = await store.waiting();
  for (const pill of document.querySelectorAll("[data-waiting]")) {
    const count = visits.get(pill.dataset.waiting);
    pill.hidden = !count;
    pill.textContent = count ? say(`待传 ${count} 项`, `${count} waiting`) : "";
  }
}

async function showPart() {
  const { today: packed } = await store.partOf("pack") ?? {};
  const isHome = location.pathname === "/t/" && !location.search.includes("day=");
  // a phone whose clock is days off still shows the day that the server meant
  const part = await store.partOf(partName()) ?? (isHome ? await store.partOf(`day:${packed}`) : undefined);
  const html = part?.pages[paper] ?? part?.pages;
  if (!html?.[language]) return false;
  place.innerHTML = html[language]; // our own template, with every text escaped
  const { title, back } = place.querySelector(".part").dataset;
  document.title = document.getElementById("bar-title").textContent = title;
  document.getElementById("back").href = back ?? "/t/";
  for (const sign of document.querySelectorAll("[data-at]")) sign.hidden = (sign.dataset.at === "deeper") !== Boolean(back);
  const dock = place.querySelector("template[data-dock]");
  if (dock) document.getElementById("dock").replaceChildren(dock.content.cloneNode(true));
  document.querySelector(".dock").hidden = !dock;
  document.querySelector(".thumbs").hidden = Boolean(dock);
  for (const tab of document.querySelectorAll(".thumbs a")) {
    if (new URL(tab.href).pathname === location.pathname) tab.setAttribute("aria-current", "page");
  }
  news.dispatchEvent(new CustomEvent("shown"));
  return true;
}
const missing = () => place.replaceChildren(h("div.part", null, h("h1", null, say("这里还没有内容", "Nothing here yet")),
  note("warn", store.account ? say("没有网络，这一页还没有存到手机上。请在有信号时再打开。",
    "No network, and this page is not on the phone yet. Open it again with a signal.")
    : say("请先登录。", "Sign in first.")),
  store.account ? link(say("返回今日", "Back to today"), "plain", "calendar", "/t/")
    : link(say("登录", "Sign in"), "primary", "person", "/sign-in")));

async function show() {
  if (!place || place.dataset.shell === undefined) return true; // the server has drawn this page
  if (!visit || paper) return showPart();
  return (await import("./visit.js")).openVisit(visit); // the day's page comes up without the forms' scripts
}

async function start() {
  if (location.pathname === "/t") history.replaceState(null, "", `/t/${location.search}${location.hash}`);
  const dated = location.search.includes("day=");
  let isShown = store.account ? await show() : false;
  if (store.account) {
    send();
    await refresh({ also: visit || dated ? [partName()] : [], now: !isShown });
    isShown ||= await show();
  }
  if (!isShown) missing();
  news.addEventListener("pack", ({ detail }) => { if (detail.includes(partName()) && !(visit && !paper)) show(); });
  for (const kind of ["shown", "change"]) news.addEventListener(kind, markWaiting);
  news.addEventListener("shown", fillIn);
  news.dispatchEvent(new CustomEvent("shown"));
}
document.addEventListener("click", ({ target }) => { if (target.closest("[data-print]")) window.print(); });
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
start();
