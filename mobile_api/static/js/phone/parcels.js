// Handing in: one sender for all tabs, oldest first, tried again until the server's receipt names id and hash.
import { sha256 } from "./ids.js";
import * as store from "./store.js";

const SHORTEST_WAIT = 2000;
const LONGEST_WAIT = 60_000;
const SETTLES = 1500; // ms after the last change, so that a text leaves once and not letter by letter
export const news = new EventTarget(); // "change": something was saved or handed in; "receipt": with the receipt
export const standing = { offline: false, signIn: false };
let wait = SHORTEST_WAIT;
let timer;

const tell = (kind, detail) => news.dispatchEvent(new CustomEvent(kind, { detail }));
const device = () => {
  const known = localStorage.getItem("doorstep-device") ?? `phone-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
  localStorage.setItem("doorstep-device", known);
  return known;
};
export { device };

class TryLater extends Error {}

/** The answer's JSON; null for what the server will never take. Whatever may pass by itself is a TryLater. */
async function put(address, body, type) {
  const answer = await fetch(address, {
    method: "PUT", body, headers: { "Content-Type": type, Accept: "application/json" }, signal: AbortSignal.timeout(60_000),
  });
  standing.signIn = answer.status === 401;
  if (answer.status === 401 || answer.status === 408 || answer.status === 429 || answer.status >= 500) throw new TryLater();
  if (!answer.ok) return { refused: answer.status };
  return answer.json(); // a captive portal's page throws here, and stays unsent
}

async function sendParcel(parcel) {
  const bytes = new TextEncoder().encode(parcel.body);
  const receipt = await put(`/api/v1/parcels/${parcel.id}`, bytes, "application/json");
  if (receipt.refused) return store.markStuck(parcel, receipt.refused);
  if (receipt.id !== parcel.id || receipt.sha256 !== await sha256(bytes)) throw new TryLater();
  await store.settle(parcel, receipt);
  return tell("receipt", receipt);
}

async function sendBlob(blob) {
  const receipt = await put(`/api/v1/blobs/${blob.sha256}`, blob.bytes, blob.type);
  if (!receipt.refused && receipt.sha256 !== blob.sha256) throw new TryLater();
  await store.markBlob(blob.sha256, receipt.refused ? "refused" : "sent");
}

async function handIn() {
  await store.pack(device());
  for (const parcel of await store.parcelsWaiting()) if (!parcel.stuck) await sendParcel(parcel);
  for (const blob of await store.blobsWaiting()) await sendBlob(blob);
}

/** Send what waits, now. Resolves to whether all of it went. */
export async function send() {
  clearTimeout(timer);
  try {
    const alone = (work) => (navigator.locks ? navigator.locks.request("doorstep-sender", work) : work());
    await alone(handIn);
    standing.offline = false;
    wait = SHORTEST_WAIT;
    tell("change");
    return true;
  } catch {
    standing.offline = !standing.signIn;
    timer = setTimeout(send, wait * (0.5 + Math.random()));
    wait = Math.min(LONGEST_WAIT, wait * 2);
    tell("change");
    return false;
  }
}
/** Send soon: something was saved. */
export function soon() {
  tell("change");
  clearTimeout(timer);
  timer = setTimeout(send, SETTLES);
}
/** Offer parcels again that the server had refused (after it or the visit was put right). */
export async function sendStuckAgain() {
  for (const parcel of await store.parcelsWaiting()) if (parcel.stuck) await store.markStuck(parcel, 0);
  return send();
}

const atOnce = () => { wait = SHORTEST_WAIT; send(); };
window.addEventListener("online", atOnce);
document.addEventListener("visibilitychange", () => { if (!document.hidden) atOnce(); });
