// Handing in: one sender for all tabs, a lane for each visit, tried again until the server's receipt names id and hash.
import { sha256 } from "./ids.js";
import * as store from "./store.js";

const [SHORTEST_WAIT, LONGEST_WAIT] = [2000, 60_000];
const SETTLES = 1500; // ms after the last change, so that a text leaves once and not letter by letter
const ANSWER_WITHIN = 20_000;
const BYTES_A_MS = 2; // the slowest line on which a picture may still arrive
const REPORT_EVERY = 300_000;
const JSON_TYPE = { "Content-Type": "application/json" };
export const news = new EventTarget(); // "change"; "receipt" with the receipt; "sealed" and "pack" with what they name
export const standing = { offline: false, signIn: false, other: false, skew: 0 };
const tabs = globalThis.BroadcastChannel && new BroadcastChannel(`doorstep-${store.account}`);
let [wait, timer, reported] = [SHORTEST_WAIT, 0, 0];

export const device = localStorage.getItem("doorstep-device")
  ?? `phone-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
localStorage.setItem("doorstep-device", device);
export function tell(kind, detail) {
  news.dispatchEvent(new CustomEvent(kind, { detail }));
  tabs?.postMessage({ kind, detail });
}
if (tabs) tabs.onmessage = ({ data: { kind, detail } }) => news.dispatchEvent(new CustomEvent(kind, { detail }));

class TryLater extends Error {}

/** Ask the server. Whatever may pass by itself is a TryLater; what it will never take is an answer that is not ok. */
export async function ask(address, { within = ANSWER_WITHIN, headers, ...options } = {}) {
  const signal = AbortSignal.timeout(within);
  const answer = await fetch(address, { headers: { Accept: "application/json", ...headers }, signal, ...options });
  standing.signIn = answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/sign-in");
  if (standing.signIn || [408, 425, 429].includes(answer.status) || answer.status >= 500) throw new TryLater();
  return answer;
}
/** Whoever is signed in now must be whose work this is: the cookie is shared by all tabs of the phone. */
async function mayHandIn() {
  const told = await (await ask("/t/standing.json")).json();
  standing.other = told.account !== store.account;
  if (standing.other) throw new TryLater();
  standing.skew = Date.now() - Date.parse(told.now);
}
async function sendParcel(parcel) {
  if (parcel.stuck) return;
  const body = new TextEncoder().encode(parcel.body);
  const answer = await ask(`/api/v1/parcels/${parcel.id}`, { method: "PUT", body, headers: JSON_TYPE });
  if (!answer.ok) return void await store.markStuck(parcel, answer.status);
  const receipt = await answer.json(); // a captive portal's page throws here, and stays unsent
  if (receipt.id !== parcel.id || receipt.sha256 !== await sha256(body)) throw new TryLater();
  await store.settle(parcel, receipt);
  tell("receipt", receipt);
}
async function sendBlob({ sha256: name, bytes, type }) {
  const within = ANSWER_WITHIN + bytes.byteLength / BYTES_A_MS;
  const headers = { "Content-Type": type };
  const answer = await ask(`/api/v1/blobs/${name}`, { method: "PUT", body: bytes, headers, within });
  if (answer.ok && (await answer.json()).sha256 !== name) throw new TryLater();
  await store.markBlob(name, answer.ok ? "sent" : "refused");
}
/** A visit is sealed when all of it is there; sealing again gives the same record, so a lost answer does no harm. */
async function sendSeal(seal) {
  if (seal.told || !(await store.isHandedIn(seal.id))) return;
  const options = { method: "POST", body: "{}", headers: JSON_TYPE, within: 3 * ANSWER_WITHIN };
  const answer = await ask(`/api/v1/visits/${seal.id}/seal`, options);
  const told = await answer.json();
  if (answer.ok) {
    if (told.visit_id !== seal.id) throw new TryLater();
    await store.dropSeal(seal.id);
    return tell("sealed", seal.id);
  }
  const again = await Promise.all((told.missing_blobs ?? []).map((name) => store.markBlob(name, "waiting")));
  if (again.length && again.every(Boolean)) throw new TryLater(); // the pictures go once more, then the seal
  await store.putSeal({ ...seal, told: told.detail });
}

/** Each visit's items in order, all visits side by side. One that fails ends its lane, or is passed over. */
async function inLanes(items, work, failures, { passOver } = {}) {
  const lanes = new Map();
  for (const item of items) lanes.set(item.visit, [...lanes.get(item.visit) ?? [], item]);
  await Promise.all([...lanes.values()].map(async (lane) => {
    for (const item of lane) {
      try { await work(item); } catch (error) { failures.push(error); if (!passOver) return; }
    }
  }));
}
const alone = (what, work, options = {}) => (navigator.locks
  ? navigator.locks.request(`doorstep-${what}-${store.account}`, options, (lock) => lock && work()) : work());

async function report() { // tell the desk how this phone is; nothing depends on it
  const { count, oldest } = await store.waiting();
  if (Date.now() - reported < REPORT_EVERY) return;
  reported = Date.now();
  const { usage = null, quota = null } = await navigator.storage?.estimate?.() ?? {};
  const body = JSON.stringify({ app_version: new URL(import.meta.url).pathname.split("/")[2], waiting: count,
    oldest_seconds: count ? Math.max(0, Math.round((Date.now() - oldest) / 1000)) : null,
    storage: { used: usage, quota, persisted: await navigator.storage?.persisted?.() ?? null } });
  await ask(`/api/v1/phones/${device}`, { method: "PUT", body, headers: JSON_TYPE }).catch(() => {});
}
export async function send() { // send what waits, now. Resolves to whether all of it went
  clearTimeout(timer);
  const failures = [];
  try {
    await alone("parcels", async () => {
      await mayHandIn();
      await store.pack(device);
      await inLanes(await store.parcelsWaiting(), sendParcel, failures);
    });
    // Pictures have their own lock: however long one takes, entries that are made meanwhile pass it.
    await alone("pictures", async () => inLanes(await store.blobsWaiting(), sendBlob, failures, { passOver: true }),
      { ifAvailable: true });
    await alone("parcels", async () => inLanes(await store.seals(), sendSeal, failures));
    standing.offline = false;
    report();
  } catch (error) { failures.push(error); }
  if (failures.length) {
    standing.offline = !standing.signIn && !standing.other;
    timer = setTimeout(send, wait * (0.5 + Math.random()));
  }
  wait = failures.length ? Math.min(LONGEST_WAIT, wait * 2) : SHORTEST_WAIT;
  tell("change");
  return !failures.length;
}
export function soon() { // send soon: something was saved
  tell("change");
  clearTimeout(timer);
  timer = setTimeout(send, SETTLES);
}
/** Offer again what the server had refused (after it or the visit was put right). */
export async function sendStuckAgain() {
  for (const parcel of await store.parcelsWaiting()) if (parcel.stuck) await store.markStuck(parcel, 0);
  for (const seal of await store.seals()) await store.putSeal({ ...seal, told: "" });
  return send();
}
const atOnce = () => { wait = SHORTEST_WAIT; send(); };
window.addEventListener("online", atOnce);
document.addEventListener("visibilitychange", () => { if (!document.hidden) atOnce(); });
