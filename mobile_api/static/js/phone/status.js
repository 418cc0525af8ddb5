// How this phone's work stands ($phone), signing out, and the last resort: a file of all that waits.
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { mayHash } from "./ids.js";
import { device, news, send, sendStuckAgain, standing } from "./sending.js";
import * as store from "./store.js";

const TONES = { unknown: "checking", away: "ok", done: "ok", waiting: "waiting", offline: "offline" }; // else trouble
export const phone = Alpine.reactive({
  known: false, failed: false, unsent: "", update: null, count: 0, stuck: 0, oldest: 0, visits: {},
  account: store.account,
  get says() { // the one thing to say in the bar; its words stand in templates/technician/status.html
    const { known, failed, signIn, other, stuck, count, offline } = phone;
    const first = Object.entries({ unknown: !known, failed, https: !mayHash, signIn, other, stuck,
      away: offline && !count, done: !count, offline }).find(([, holds]) => holds);
    return first?.[0] ?? "waiting";
  },
  get tone() { return TONES[phone.says] ?? "trouble"; },
  get minutes() { return phone.count ? Math.floor((Date.now() - phone.oldest) / 60_000) : 0; },
  get hours() { return Math.round(phone.minutes / 60); },
  press: () => (standing.signIn || standing.other ? location.assign("/sign-in") : sendStuckAgain()),
  take() {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    Alpine.raw(phone.update).postMessage("update");
  },
  async signOut() { // signing out would leave unsent work where its owner cannot send it: refused, with how much
    await send();
    await look();
    phone.unsent = phone.count ? "waits" : await fetch("/sign-out", { method: "POST", redirect: "manual" })
      .then(() => "", () => "offline");
    if (phone.unsent) return;
    await store.forget(store.account);
    localStorage.removeItem("doorstep-account");
    location.replace("/sign-in");
  },
  async exportAll() { // all that waits as a file: docs/phone-export.md
    await store.pack(device);
    const now = new Date().toISOString();
    const parcels = (await store.parcelsWaiting()).map(({ id, body }) => ({ id, body }));
    const base64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
    const blobs = (await store.blobsWaiting())
      .map(({ sha256, type, bytes }) => ({ sha256, media_type: type, base64: base64(bytes) }));
    const told = { format: 1, account: store.account, device, made_at: now, parcels, blobs };
    const href = URL.createObjectURL(new Blob([JSON.stringify(told)], { type: "application/json" }));
    const download = `doorstep-${device}-${now.slice(0, 16).replace(/\D/g, "")}.json`;
    Object.assign(document.createElement("a"), { href, download }).click();
  },
});
/** Look again; `isKept`: whether the phone could keep what was typed (it cannot when its storage is full). */
export async function look(isKept) {
  Object.assign(phone, standing, await store.waiting(), { known: true }, isKept !== undefined && { failed: !isKept });
}
Alpine.magic("phone", () => phone);
news.addEventListener("change", () => look());
look();
