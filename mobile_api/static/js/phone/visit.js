// One visit on the phone: loads its data, folds in what this phone has kept, and shows one screen at a time.
import { h, say, setZone, speak, spokenLanguage } from "./dom.js";
import { customerScreen, endScreen } from "./customer.js";
import { overview } from "./overview.js";
import { refresh } from "./pack.js";
import { news, send, soon } from "./sending.js";
import { keptWell } from "./status.js";
import { stepScreen } from "./step.js";
import * as store from "./store.js";

const ROOMS = [["客厅", "Living room"], ["主卧", "Main bedroom"], ["次卧", "Second bedroom"], ["书房", "Study"],
  ["厨房", "Kitchen"]];
const place = document.getElementById("screen");
const own = spokenLanguage();
let id;
let visit;
let shown;

/** The latest answer to a field counts, wherever it was made. */
async function fold(entries) {
  for (const entry of entries) {
    const key = `${entry.step}/${entry.key}`;
    const at = typeof entry.at === "number" ? entry.at : Date.parse(entry.at);
    const known = visit.answers.get(key);
    if (!known || at >= known.at) visit.answers.set(key, { ...entry, at });
  }
}

/** Read the visit from this phone; resolves to whether it is here. */
async function load() {
  const data = await store.partOf(`visit:${id}`);
  const form = data && await store.partOf(`form:${data.form_key}`);
  if (!form) return false;
  setZone(data.zone);
  visit = Object.assign(visit ?? {}, data, { form, background: data.background[own], answers: new Map() });
  await fold(data.entries);
  await fold(await store.entriesOf(id));
  visit.seal = await store.sealOf(id);
  return true;
}

/** Keep an answer at once; it leaves when it can. */
async function put(step, key, value, blobs = []) {
  const before = visit.answers.get(`${step}/${key}`);
  const entry = { visit: id, step, key, value, blobs, at: Math.max(Date.now(), (before?.at ?? 0) + 1) };
  visit.answers.set(`${step}/${key}`, { ...entry, flags: [] });
  shown?.update?.();
  try {
    await store.putEntry(structuredClone(entry));
    await keptWell(true);
    soon();
  } catch { await keptWell(false); }
}

/** Hand everything in: the seal leaves after the last parcel and picture, now or when there is a signal. */
async function hand() {
  await store.putSeal({ id, at: Date.now(), told: "" });
  await send();
  if (!(await store.sealOf(id))) {
    await refresh({ now: true });
    return location.assign(`/t/visits/${id}/record`);
  }
  await load();
  return draw();
}
async function takeBack() {
  await store.dropSeal(id);
  visit.seal = undefined;
  soon();
  draw();
}

function draw() {
  speak(own);
  const [, kind, key] = location.hash.match(/^#(step|customer)-(\w+)$/) ?? [];
  const tools = { put, hand, takeBack, redraw: draw, go: (hash) => { location.hash = hash; } };
  shown = kind === "step" ? stepScreen(visit, key, tools) : kind === "customer" ? customerScreen(visit, key, tools)
    : location.hash === "#end" ? endScreen(visit, tools) : overview(visit, tools);
  place.replaceChildren(...shown.body.flat(3).filter(Boolean));
  document.getElementById("dock").replaceChildren(...shown.dock.filter(Boolean));
  document.querySelector(".dock").hidden = !shown.dock.length;
  document.querySelector(".thumbs").hidden = true;
  document.getElementById("bar-title").textContent = shown.title;
  document.title = shown.title;
  document.getElementById("back").href = shown.back ?? location.hash;
  for (const sign of document.querySelectorAll("[data-at]")) sign.hidden = sign.dataset.at === "home";
  const other = document.querySelector(".bar .language");
  other.href = `${other.search}${location.hash}`;
  document.body.classList.toggle("with-customer", Boolean(shown.customer));
}

window.addEventListener("hashchange", () => {
  if (!visit || location.hash.startsWith("#f-")) return;
  draw();
  scrollTo(0, 0);
  document.getElementById("content").focus({ preventScroll: true });
});
news.addEventListener("receipt", async ({ detail }) => {
  if (detail.visit.id !== id || !visit) return;
  visit.status = detail.visit.status;
  await fold(await store.entriesOf(id));
  shown?.update?.();
});
// What comes from the desk meanwhile is taken in; nothing is drawn anew under a typing thumb or a half-made signature.
news.addEventListener("pack", async ({ detail }) => {
  if (!visit || !detail.includes(`visit:${id}`) || !(await load())) return;
  if (/^#(step|customer)-/.test(location.hash)) shown?.update?.();
  else draw();
});
news.addEventListener("sealed", async ({ detail }) => { if (detail === id && await load()) draw(); });

/** Open a visit; resolves to whether it is on this phone. */
export async function openVisit(wanted) {
  id = wanted;
  if (!(await load())) return false;
  document.body.append(h("datalist", { id: "rooms" }, ROOMS.map(([zh, en]) => h("option", { value: say(zh, en) }))));
  draw();
  return true;
}
