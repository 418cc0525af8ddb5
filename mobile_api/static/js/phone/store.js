// What this phone keeps until the server has it: entries, parcels, pictures, seals; and the parts of the day's pack.
// Others know only the functions below, so that another store can take this one's place. A store belongs to its user.
import { openDB } from "../../vendor/idb/idb.js";
import { newId } from "./ids.js";

const SIGNED_IN = document.querySelector("meta[name=doorstep-account]")?.content; // only on pages that the server drew
const MOST_ENTRIES = 100;
const MOST_CHARACTERS = 400_000; // of one parcel; the server takes two megabytes
const LET_GO = 10; // sent pictures at a time, when the phone is full
const ROOM_COMES = 700; // ms: browsers free what was deleted a little later
const MENDS_BY_REOPENING = ["InvalidStateError", "UnknownError"];
export const account = SIGNED_IN || localStorage.getItem("doorstep-account") || "";
const nameOf = (owner) => `doorstep-${owner}`;
let opening;

function open() {
  opening ??= openDB(nameOf(account), 2, {
    upgrade(db, before) {
      if (before < 1) {
        const entries = db.createObjectStore("entries", { keyPath: "id" });
        entries.createIndex("field", ["visit", "step", "key"]);
        entries.createIndex("visit", "visit");
        entries.createIndex("state", "state");
        db.createObjectStore("parcels", { keyPath: "id" });
        db.createObjectStore("blobs", { keyPath: "sha256" }).createIndex("state", "state");
      } else db.deleteObjectStore("visits"); // the pack's parts hold them now
      db.createObjectStore("parts", { keyPath: "name" });
      db.createObjectStore("seals", { keyPath: "id" });
    },
    blocking() { opening?.then((db) => db.close()); opening = undefined; },
    terminated() { opening = undefined; }, // iOS ends it in the background
  }).catch((error) => { opening = undefined; throw error; });
  return opening;
}
const all = async (name, index, key) => (index ? (await open()).getAllFromIndex(name, index, key) : (await open()).getAll(name));

/** Every change goes through here: one strict transaction, tried again on a fresh connection, or with room made. */
async function change(names, work, tries = 4) {
  try {
    const transaction = (await open()).transaction(names, "readwrite", { durability: "strict" });
    const stores = names.map((name) => transaction.objectStore(name));
    const [result] = await Promise.all([work(...stores), transaction.done]);
    return result;
  } catch (error) {
    const isFull = error.name === "QuotaExceededError";
    if (!tries || !(isFull ? await mayComeFree() : MENDS_BY_REOPENING.includes(error.name))) throw error;
    if (!isFull) opening = undefined;
    return change(names, work, tries - 1);
  }
}

/** Keep an answer {visit, step, key, value, at, blobs}. One that has not left yet is replaced under its own id. */
export const putEntry = (made) => change(["entries"], async (entries) => {
  const same = await entries.index("field").getAll([made.visit, made.step, made.key]);
  const at = Math.max(made.at, ...same.map((one) => one.at + 1)); // a clock set back does not undo an answer
  const id = same.find((one) => one.state === "waiting" && !one.parcel)?.id ?? newId();
  await entries.put({ ...made, at, id, state: "waiting", parcel: "", flags: [] });
});
export const entriesOf = (visit) => all("entries", "visit", visit);
export const entriesSent = () => all("entries", "state", "sent");
const isWaiting = (one) => one.state === "waiting";

/** Put entries that wait without a parcel into parcels, one visit each: their bytes never change from here on. */
export const pack = (device) => change(["entries", "parcels"], async (entries, parcels) => {
  const waiting = (await entries.index("state").getAll("waiting")).filter((one) => !one.parcel);
  waiting.sort((a, b) => a.at - b.at);
  const filling = new Map();
  for (const entry of waiting) {
    const { id, step, key, value, at, blobs } = entry;
    const text = JSON.stringify({ id, step, key, value, at: new Date(at).toISOString(), blobs });
    let parcel = filling.get(entry.visit);
    if (!parcel || parcel.texts.length >= MOST_ENTRIES || parcel.size + text.length > MOST_CHARACTERS) {
      parcel = { id: newId(), made: Date.now(), texts: [], entries: [], size: 0 };
      filling.set(entry.visit, parcel);
    }
    parcel.texts.push(text);
    parcel.entries.push(id);
    parcel.size += text.length;
    const head = JSON.stringify({ visit_id: entry.visit, device_id: device }).slice(0, -1);
    const body = `${head},"entries":[${parcel.texts.join(",")}]}`;
    await parcels.put({ id: parcel.id, visit: entry.visit, made: parcel.made, stuck: 0, entries: parcel.entries, body });
    await entries.put({ ...entry, parcel: parcel.id });
  }
});
export const parcelsWaiting = async () => (await all("parcels")).sort((a, b) => a.made - b.made);
export const markStuck = (parcel, stuck) => change(["parcels"], (parcels) => parcels.put({ ...parcel, stuck }));
/** Let a parcel go: only ever called with the receipt that names its id and hash. */
export const settle = (parcel, receipt) => change(["parcels", "entries", "parts"], async (parcels, entries, parts) => {
  const flags = new Map(receipt.entries.map((one) => [one.id, one.flags]));
  for (const id of parcel.entries) {
    const entry = await entries.get(id);
    if (entry) await entries.put({ ...entry, state: "sent", flags: flags.get(id) ?? [] });
  }
  const part = await parts.get(`visit:${parcel.visit}`);
  if (part) await parts.put({ ...part, data: { ...part.data, status: receipt.visit.status } });
  await parcels.delete(parcel.id);
});

// Pictures are kept as bytes: WebKit loses files and blobs.
export const putBlob = (blob) => change(["blobs"], async (blobs) => {
  if (!(await blobs.get(blob.sha256))) await blobs.put({ ...blob, state: "waiting", at: Date.now() });
});
export const blobOf = async (sha256) => (await open()).get("blobs", sha256);
export const blobsWaiting = () => all("blobs", "state", "waiting");
/** Note how a picture stands; resolves to whether this phone has it. */
export const markBlob = (sha256, state) => change(["blobs"], async (blobs) => {
  const blob = await blobs.get(sha256);
  if (blob) await blobs.put({ ...blob, state });
  return Boolean(blob);
});
let freed = 0; // when pictures were last let go
/** Make room: the oldest pictures that the server has go first. Resolves to whether there may be room now. */
async function mayComeFree() {
  if (await letGo()) freed = Date.now();
  if (Date.now() - freed > 4 * ROOM_COMES) return false;
  await new Promise((done) => { setTimeout(done, ROOM_COMES); });
  return true;
}
const letGo = () => change(["blobs"], async (blobs) => {
  const sent = (await blobs.index("state").getAll("sent")).sort((a, b) => a.at - b.at).slice(0, LET_GO);
  for (const { sha256 } of sent) await blobs.delete(sha256);
  return sent.length;
}, 0);

// A visit that is handed in waits here until all of it has arrived.
export const putSeal = (seal) => change(["seals"], (seals) => seals.put(seal));
export const dropSeal = (id) => change(["seals"], (seals) => seals.delete(id));
export const sealOf = async (id) => (await open()).get("seals", id);
export const seals = () => all("seals");

export const partOf = async (name) => (await (await open()).get("parts", name))?.data;
export const hashes = async () => (await all("parts")).map((one) => one.hash).filter(Boolean);
/** Take over a pack: what changed, and nothing that is not named any more, unless work for it still waits here. */
export const keepPack = ({ parts: names, changed, today }, sent) =>
  change(["parts", "entries", "seals"], async (parts, entries, seals) => {
    for (const [name, data] of Object.entries(changed)) await parts.put({ name, hash: names[name], data });
    await parts.put({ name: "pack", data: { at: Date.now(), today } });
    for (const id of sent) if ((await entries.get(id))?.state === "sent") await entries.delete(id);
    const left = new Set((await entries.getAll()).map((one) => one.visit));
    for (const { id } of await seals.getAll()) left.add(id);
    for (const name of await parts.getAllKeys()) {
      const isNeeded = name === "pack" || names[name] || left.has(name.slice(6)) || (left.size && name.startsWith("form:"));
      if (!isNeeded) await parts.delete(name);
    }
  });

/** How much has not been handed in: its count, the time of the oldest, what needs a person, and for which visits. */
export async function waiting() {
  const [entries, blobs, queued, parcels] = [await all("entries", "state", "waiting"), await blobsWaiting(), await seals(),
    await all("parcels")];
  const items = [...entries, ...blobs, ...queued.map((seal) => ({ ...seal, visit: seal.id }))];
  const visits = new Map();
  for (const { visit } of items) visits.set(visit, (visits.get(visit) ?? 0) + 1);
  const stuck = parcels.filter((one) => one.stuck).reduce((sum, one) => sum + one.entries.length, 0)
    + queued.filter((seal) => seal.told).length;
  return { count: items.length, stuck, visits, oldest: Math.min(...items.map((one) => one.at)) };
}
export const isHandedIn = async (visit) => !(await entriesOf(visit)).some(isWaiting)
  && !(await blobsWaiting()).some((blob) => blob.visit === visit);

/** Keep of an account only what still waits: nothing of a customer stays readable but that. */
export async function forget(owner) {
  const db = await openDB(nameOf(owner));
  const names = ["entries", "blobs", "parts"].filter((name) => db.objectStoreNames.contains(name));
  const transaction = db.transaction(names, "readwrite");
  for (const name of names) {
    const store = transaction.objectStore(name);
    const kept = name === "parts" ? [] : (await store.getAll()).filter(isWaiting);
    await store.clear();
    for (const one of kept) await store.put(one);
  }
  await transaction.done;
  db.close();
}
/** Another account has signed in on this phone: what is left of this one is its queue. */
export async function handOver(to) {
  const before = localStorage.getItem("doorstep-account");
  localStorage.setItem("doorstep-account", to);
  if (before && before !== to) await forget(before);
}
if (SIGNED_IN) handOver(SIGNED_IN);
