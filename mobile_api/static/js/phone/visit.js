// One visit on the phone: loads its data, folds in what this phone has kept, and shows one screen at a time.
import { h, note, say, setZone, speak, spokenLanguage } from "./dom.js";
import { news, send, soon } from "./parcels.js";
import { customerScreen, endScreen } from "./customer.js";
import { overview } from "./overview.js";
import { notKept } from "./status.js";
import { stepScreen } from "./step.js";
import * as store from "./store.js";

const place = document.getElementById("screen");
const { id } = place.dataset;
const own = spokenLanguage();
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

async function load() {
  const sent = (await store.entriesOf(id)).filter((entry) => entry.state === "sent").map((entry) => entry.id);
  let data;
  try {
    const answer = await fetch(`/t/visits/${id}/data.json`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15_000) });
    if (answer.redirected) return location.assign("/sign-in");
    data = await answer.json();
    await store.keepVisit(id, data);
    await store.dropSent(sent);
    for (const name of data.missing_blobs) await store.markBlob(name, "waiting");
  } catch {
    data = await store.visitKept(id);
  }
  if (!data) return place.replaceChildren(note("bad", say("没有网络，这张工单还没有存到手机上。请在有信号时再打开。", "No network, and this visit is not on the phone yet. Open it again with a signal.")));
  visit = { ...data, answers: new Map() };
  setZone(visit.zone);
  await fold(data.entries);
  await fold(await store.entriesOf(id));
  return draw();
}

/** Keep an answer at once; it leaves when it can. */
async function put(step, key, value, blobs = []) {
  const before = visit.answers.get(`${step}/${key}`);
  const entry = { visit: id, step, key, value, blobs, at: Math.max(Date.now(), (before?.at ?? 0) + 1) };
  visit.answers.set(`${step}/${key}`, { ...entry, flags: [] });
  shown?.update?.();
  try { await store.putEntry(structuredClone(entry)); soon(); } catch { notKept(); }
}

/** Hand everything in and seal the record; resolves to what went wrong, in words. */
async function hand() {
  await send(); // what another visit waits for does not hold up this one; missing photos are the server's to name
  if ((await store.entriesOf(id)).some((entry) => entry.state === "waiting")) return say("还有内容没有上传。已保存在手机上，有信号后请再提交。", "Some of it is not handed in yet. It is kept on the phone: try again with a signal.");
  try {
    const answer = await fetch(`/api/v1/visits/${id}/seal`, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: "{}" });
    if (!answer.ok) return (await answer.json()).detail;
    return location.assign(`/t/visits/${id}/record`);
  } catch {
    return say("没有网络，请在有信号时再提交。", "No network: hand it in again with a signal.");
  }
}

function draw() {
  speak(own);
  const [, kind, key] = location.hash.match(/^#(step|customer)-(\w+)$/) ?? [];
  const tools = { put, hand, redraw: draw, go: (hash) => { location.hash = hash; } };
  shown = kind === "step" ? stepScreen(visit, key, tools) : kind === "customer" ? customerScreen(visit, key, tools)
    : location.hash === "#end" ? endScreen(visit, tools) : overview(visit, tools);
  place.replaceChildren(...shown.body.flat(3).filter(Boolean));
  document.getElementById("dock").replaceChildren(...shown.dock.filter(Boolean));
  document.querySelector(".dock").hidden = !shown.dock.length;
  document.getElementById("bar-title").textContent = shown.title;
  document.title = shown.title;
  document.getElementById("back").href = shown.back ?? location.hash;
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
  if (!visit || detail.visit.id !== id) return;
  visit.status = detail.visit.status;
  await fold(await store.entriesOf(id));
  shown?.update?.();
});
document.body.append(h("datalist", { id: "rooms" }, [["客厅", "Living room"], ["主卧", "Main bedroom"], ["次卧", "Second bedroom"], ["书房", "Study"], ["厨房", "Kitchen"]].map(([zh, en]) => h("option", { value: say(zh, en) }))));
load();
