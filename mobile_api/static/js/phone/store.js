// What this phone keeps until the server has it: entries, parcels, pictures; and the data of its visits.
// Others know only the functions below, so that another store can take this one's place. A store belongs to its user.
import { openDB } from "../../vendor/idb/idb.js";
import { newId } from "./ids.js";

const NAME = `doorstep-${document.querySelector("meta[name=doorstep-account]").content}`;
const MOST_ENTRIES = 100;
const MOST_CHARACTERS = 400_000; // of one parcel; the server takes two megabytes
let opening;

function open() {
  opening ??= openDB(NAME, 1, {
    upgrade(db) {
      const entries = db.createObjectStore("entries", { keyPath: "id" });
      entries.createIndex("field", ["visit", "step", "key"]);
      entries.createIndex("visit", "visit");
      entries.createIndex("state", "state");
      db.createObjectStore("parcels", { keyPath: "id" });
      db.createObjectStore("blobs", { keyPath: "sha256" }).createIndex("state", "state");
      db.createObjectStore("visits", { keyPath: "id" });
    },
    blocking() { opening?.then((db) => db.close()); opening = undefined; },
    terminated() { opening = undefined; }, // iOS ends it in the background
  }).catch((error) => { opening = undefined; throw error; });
  return opening;
}

/** Every change goes through here: one strict transaction, tried once more on a fresh connection. */
async function change(names, work, again = true) {
  try {
    const transaction = (await open()).transaction(names, "readwrite", { durability: "strict" });
    const [result] = await Promise.all([work(...names.map((name) => transaction.objectStore(name))), transaction.done]);
    return result;
  } catch (error) {
    if (!again || !["InvalidStateError", "UnknownError"].includes(error.name)) throw error;
    opening = undefined;
    return change(names, work, false);
  }
}

/** Keep an answer {visit, step, key, value, at, blobs}. One that has not left yet is replaced under its own id. */
export const putEntry = (made) => change(["entries"], async (entries) => {
  const same = await entries.index("field").getAll([made.visit, made.step, made.key]);
  const entry = { ...made, id: same.find((one) => !one.parcel)?.id ?? newId(), state: "waiting", parcel: "", flags: [] };
  await entries.put(entry);
  return entry;
});
export const entriesOf = async (visit) => (await open()).getAllFromIndex("entries", "visit", visit);
export const dropSent = (ids) => change(["entries"], async (entries) => {
  for (const id of ids) if ((await entries.get(id))?.state === "sent") await entries.delete(id);
});

/** Put entries that wait without a parcel into parcels, one visit each: their bytes never change from here on. */
export const pack = (device) => change(["entries", "parcels"], async (entries, parcels) => {
  const waiting = (await entries.index("state").getAll("waiting")).filter((one) => !one.parcel);
  waiting.sort((a, b) => a.at - b.at);
  const open = new Map();
  for (const entry of waiting) {
    const { id, step, key, value, at, blobs } = entry;
    const text = JSON.stringify({ id, step, key, value, at: new Date(at).toISOString(), blobs });
    let parcel = open.get(entry.visit);
    if (!parcel || parcel.texts.length >= MOST_ENTRIES || parcel.size + text.length > MOST_CHARACTERS) {
      parcel = { id: newId(), visit: entry.visit, made: Date.now(), texts: [], entries: [], size: 0 };
      open.set(entry.visit, parcel);
    }
    parcel.texts.push(text);
    parcel.entries.push(id);
    parcel.size += text.length;
    const head = JSON.stringify({ visit_id: entry.visit, device_id: device }).slice(0, -1);
    await parcels.put({ id: parcel.id, visit: parcel.visit, made: parcel.made, stuck: 0, entries: parcel.entries,
      body: `${head},"entries":[${parcel.texts.join(",")}]}` });
    await entries.put({ ...entry, parcel: parcel.id });
  }
});
export const parcelsWaiting = async () => (await (await open()).getAll("parcels")).sort((a, b) => a.made - b.made);
export const markStuck = (parcel, stuck) => change(["parcels"], (parcels) => parcels.put({ ...parcel, stuck }));
/** Let a parcel go: only ever called with the receipt that names its id and hash. */
export const settle = (parcel, receipt) => change(["parcels", "entries"], async (parcels, entries) => {
  const flags = new Map(receipt.entries.map((one) => [one.id, one.flags]));
  for (const id of parcel.entries) {
    const entry = await entries.get(id);
    if (entry) await entries.put({ ...entry, state: "sent", flags: flags.get(id) ?? [] });
  }
  await parcels.delete(parcel.id);
});

// Pictures are kept as bytes: WebKit loses files and blobs.
export const putBlob = (blob) => change(["blobs"], async (blobs) => {
  if (!(await blobs.get(blob.sha256))) await blobs.put({ ...blob, state: "waiting" });
});
export const blobOf = async (sha256) => (await open()).get("blobs", sha256);
export const blobsWaiting = async () => (await open()).getAllFromIndex("blobs", "state", "waiting");
export const markBlob = (sha256, state) => change(["blobs"], async (blobs) => {
  const blob = await blobs.get(sha256);
  if (blob) await blobs.put({ ...blob, state });
});

export const keepVisit = (id, data) => change(["visits"], (visits) => visits.put({ id, data }));
export const visitKept = async (id) => (await (await open()).get("visits", id))?.data;

/** How much has not been handed in: entries and pictures, and the time of the oldest. */
export async function waiting() {
  const entries = await (await open()).getAllFromIndex("entries", "state", "waiting");
  const stuck = (await parcelsWaiting()).filter((one) => one.stuck).reduce((sum, one) => sum + one.entries.length, 0);
  const blobs = await blobsWaiting();
  return { count: entries.length + blobs.length, stuck, oldest: Math.min(...entries.map((one) => one.at)) };
}
