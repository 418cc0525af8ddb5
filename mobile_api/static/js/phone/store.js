// What this phone keeps until the server has it: entries, parcels, pictures, seals; and the parts of the day's pack.
// Others know only the functions below, so that another store can take this one's place. A store belongs to its user.
import { openDB } from "../../vendor/idb/idb.js";
import { newId } from "./ids.js";

const SIGNED_IN = document.querySelector("meta[name=doorstep-account]")?.content; // only on pages that the server drew
const [MOST_ENTRIES, MOST_CHARACTERS] = [100, 400_000]; // of one parcel; the server takes two megabytes
const [LET_GO, ROOM_COMES] = [10, 700]; // sent pictures at a time when the phone is full; ms until browsers free them
const MENDS_BY_REOPENING = ["InvalidStateError", "UnknownError"];
export const account = SIGNED_IN || localStorage.getItem("doorstep-account") || "";
const nameOf = (owner) => `doorstep-${owner}`;
let opening;

function upgrade(db, before) {
  if (before < 1) {
    const entries = db.createObjectStore("entries", { keyPath: "id" });
    entries.createIndex("field", ["visit", "step", "key"]);
    for (const name of ["visit", "state"]) entries.createIndex(name, name);
    db.createObjectStore("parcels", { keyPath: "id" });
    db.createObjectStore("blobs", { keyPath: "sha256" }).createIndex("state", "state");
  } else db.deleteObjectStore("visits"); // the pack's parts hold them now
  db.createObjectStore("parts", { keyPath: "name" });
  db.createObjectStore("seals", { keyPath: "id" });
}
const shut = () => { opening = undefined; };
const open = () => {
  opening ??= openDB(nameOf(account), 2, { upgrade, terminated: shut, // iOS ends it in the background
    blocking() { opening?.then((db) => db.close()); shut(); } }).catch((error) => { shut(); throw error; });
  return opening;
};
const one = async (name, key) => (await open()).get(name, key);
const all = async (name) => (await open()).getAll(name);
const some = async (name, index, key) => (await open()).getAllFromIndex(name, index, key);

/** Every change goes through here: one strict transaction, tried again on a fresh connection, or with room made. */
async function change(names, work, tries = 4) {
  try {
    const transaction = (await open()).transaction(names, "readwrite", { durability: "strict" });
    const [result] = await Promise.all([work(...names.map((name) => transaction.objectStore(name))), transaction.done]);
    return result;
  } catch (error) {
    const isFull = error.name === "QuotaExceededError";
    if (!tries || !(isFull ? await mayComeFree() : MENDS_BY_REOPENING.includes(error.name))) throw error;
    if (!isFull) shut();
    return change(names, work, tries - 1);
  }
}
const put = (name, row) => change([name], (rows) => rows.put(row));

/** Keep an answer {visit, step, key, value, at, blobs}. One that has not left yet is replaced under its own id. */
export const putEntry = (made) => change(["entries"], async (entries) => {
  const same = await entries.index("field").getAll([made.visit, made.step, made.key]);
  const at = Math.max(made.at, ...same.map((known) => known.at + 1)); // a clock set back does not undo an answer
  const id = same.find((known) => known.state === "waiting" && !known.parcel)?.id ?? newId();
  await entries.put({ ...made, at, id, state: "waiting", parcel: "", flags: [] });
});
export const entriesOf = (visit) => some("entries", "visit", visit);
export const entriesSent = () => some("entries", "state", "sent");

/** Put entries that wait without a parcel into parcels, one visit each: their bytes never change from here on. */
export const pack = (device) => change(["entries", "parcels"], async (entries, parcels) => {
  const waiting = (await entries.index("state").getAll("waiting")).filter((entry) => !entry.parcel);
  const filling = new Map();
  for (const entry of waiting.sort((a, b) => a.at - b.at)) {
    const { visit, id, step, key, value, at, blobs } = entry;
    const text = JSON.stringify({ id, step, key, value, at: new Date(at).toISOString(), blobs });
    let parcel = filling.get(visit);
    if (!parcel || parcel.entries.length >= MOST_ENTRIES || parcel.body.length + text.length > MOST_CHARACTERS) {
      const body = `${JSON.stringify({ visit_id: visit, device_id: device }).slice(0, -1)},"entries":[]}`;
      parcel = { id: newId(), visit, made: Date.now(), stuck: 0, entries: [], body };
      filling.set(visit, parcel);
    }
    parcel.body = `${parcel.body.slice(0, -2)}${parcel.entries.length ? "," : ""}${text}]}`;
    parcel.entries.push(id);
    await parcels.put(parcel);
    await entries.put({ ...entry, parcel: parcel.id });
  }
});
export const parcelsWaiting = async () => (await all("parcels")).sort((a, b) => a.made - b.made);
export const markStuck = (parcel, stuck) => put("parcels", { ...parcel, stuck });
/** Let a parcel go: only ever called with the receipt that names its id and hash. */
export const settle = (parcel, receipt) => change(["parcels", "entries", "parts"], async (parcels, entries, parts) => {
  const flags = new Map(receipt.entries.map((told) => [told.id, told.flags]));
  for (const entry of await Promise.all(parcel.entries.map((id) => entries.get(id)))) {
    if (entry) await entries.put({ ...entry, state: "sent", flags: flags.get(entry.id) ?? [] });
  }
  const part = await parts.get(`visit:${parcel.visit}`);
  if (part) await parts.put({ ...part, data: { ...part.data, status: receipt.visit.status } });
  await parcels.delete(parcel.id);
});

// Pictures are kept as bytes: WebKit loses files and blobs.
export const putBlob = (blob) => change(["blobs"], async (blobs) => {
  if (!(await blobs.get(blob.sha256))) await blobs.put({ ...blob, state: "waiting", at: Date.now() });
});
export const blobOf = (sha256) => one("blobs", sha256);
export const blobsWaiting = () => some("blobs", "state", "waiting");
/** Note how a picture stands; resolves to whether this phone has it. */
export const markBlob = (sha256, state) => change(["blobs"], async (blobs) => {
  const blob = await blobs.get(sha256);
  if (blob) await blobs.put({ ...blob, state });
  return Boolean(blob);
});
const letGo = () => change(["blobs"], async (blobs) => {
  const sent = (await blobs.index("state").getAll("sent")).sort((a, b) => a.at - b.at).slice(0, LET_GO);
  for (const { sha256 } of sent) await blobs.delete(sha256);
  return sent.length;
}, 0);
let freed = 0; // when pictures were last let go
/** Make room: the oldest pictures that the server has go first. Resolves to whether there may be room now. */
async function mayComeFree() {
  if (await letGo()) freed = Date.now();
  const isComing = Date.now() - freed <= 4 * ROOM_COMES;
  if (isComing) await new Promise((done) => { setTimeout(done, ROOM_COMES); });
  return isComing;
}

// A visit that is handed in waits here until all of it has arrived.
export const putSeal = (seal) => put("seals", seal);
export const dropSeal = (id) => change(["seals"], (seals) => seals.delete(id));
export const sealOf = (id) => one("seals", id);
export const seals = () => all("seals");

export const signedElsewhere = (visit) => partOf(`signs:${visit}`);
/** What the customer signed on their own phone: until the server's pack tells it itself. */
export const keepSigned = (visit, data) => put("parts", { name: `signs:${visit}`, data });
export const partOf = async (name) => (await one("parts", name))?.data;
export const hashes = async () => (await all("parts")).map((part) => part.hash).filter(Boolean);
/** Take over a pack: what changed, and nothing that is not named any more, unless work for it still waits here. */
export const keepPack = ({ parts: names, changed, today }, sent) =>
  change(["parts", "entries", "seals"], async (parts, entries, handedIn) => {
    for (const [name, data] of Object.entries(changed)) await parts.put({ name, hash: names[name], data });
    await parts.put({ name: "pack", data: { at: Date.now(), today } });
    for (const id of sent) if ((await entries.get(id))?.state === "sent") await entries.delete(id);
    const left = new Set([...(await entries.getAll()).map((entry) => entry.visit), ...await handedIn.getAllKeys()]);
    for (const name of await parts.getAllKeys()) {
      const isNeeded = name === "pack" || names[name] || left.has(name.slice(6));
      if (!isNeeded && !(left.size && name.startsWith("form:"))) await parts.delete(name);
    }
  });

/** How much has not been handed in: its count, the time of the oldest, what needs a person, and for which visits. */
export async function waiting() {
  const [entries, blobs, handedIn] = [await some("entries", "state", "waiting"), await blobsWaiting(), await seals()];
  const items = [...entries, ...blobs, ...handedIn.map((seal) => ({ ...seal, visit: seal.id }))];
  const visits = {};
  for (const { visit } of items) visits[visit] = (visits[visit] ?? 0) + 1;
  const refused = (await all("parcels")).filter((parcel) => parcel.stuck).flatMap((parcel) => parcel.entries);
  const stuck = refused.length + handedIn.filter((seal) => seal.told).length;
  return { count: items.length, stuck, visits, oldest: Math.min(...items.map(({ at }) => at)) };
}
export const isHandedIn = async (visit) => !(await entriesOf(visit)).some((entry) => entry.state === "waiting")
  && !(await blobsWaiting()).some((blob) => blob.visit === visit);

/** Keep of an account only what still waits: nothing of a customer stays readable but that. */
export async function forget(owner) {
  const db = await openDB(nameOf(owner));
  const names = ["entries", "blobs", "parts"].filter((name) => db.objectStoreNames.contains(name));
  const transaction = db.transaction(names, "readwrite");
  for (const rows of names.map((name) => transaction.objectStore(name))) {
    for (const row of await rows.getAll()) if (row.state !== "waiting") await rows.delete(row[rows.keyPath]);
  }
  await transaction.done;
  db.close();
}
export async function handOver(to) { // another account has signed in on this phone: left of this one is its queue
  const before = localStorage.getItem("doorstep-account");
  localStorage.setItem("doorstep-account", to);
  if (before && before !== to) await forget(before);
}
if (SIGNED_IN) handOver(SIGNED_IN);
