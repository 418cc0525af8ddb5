// Ready to leave? The app kept by its worker, the day's visits kept, room and time as they should be: said plainly.
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { news, standing } from "./sending.js";
import { phone } from "./status.js";
import * as store from "./store.js";
import { own } from "./words.js";

const LITTLE_ROOM = 100_000_000; // bytes: about three hundred photos
const CLOCK_OFF = 5; // minutes
const HOUR = 3_600_000;

/** What stands in the way of a day without a signal; the words stand in day_part.html. */
Alpine.data("readiness", (day) => ({
  known: false, visits: 0, lacking: 0, off: 0, kept: false, troubles: [],
  init() {
    for (const kind of ["change", "pack", "app"]) news.addEventListener(kind, () => this.look());
    return this.look();
  },
  async look() {
    const part = await store.partOf(`day:${day}`);
    if (!part) return;
    const pack = await store.partOf("pack");
    const room = await navigator.storage?.estimate?.();
    const others = (await indexedDB.databases?.() ?? []).filter(({ name }) => /^doorstep-./.test(name)).length > 1;
    const kept = await Promise.all(part.visits.map((id) => store.partOf(`visit:${id}`)));
    this.lacking = kept.filter((one) => !one).length;
    this.off = Math.round(standing.skew / 60_000);
    const found = { lacking: part.kept && this.lacking, old: Date.now() - pack?.at > 12 * HOUR,
      app: !(await globalThis.caches?.match(`/t/${own}`)), full: room?.quota - room?.usage < LITTLE_ROOM,
      clock: Math.abs(this.off) > CLOCK_OFF, others };
    this.troubles = Object.keys(found).filter((name) => found[name]);
    Object.assign(this, { known: true, visits: part.visits.length, kept: await navigator.storage?.persisted?.() });
  },
}));

/** The worker that keeps the app. A new one is taken only when a person says so; what waits is not touched by it. */
async function keepApp() {
  if (!navigator.serviceWorker) return;
  await (await caches.open("doorstep-language")).put("/t/language", new Response(own));
  const kept = await navigator.serviceWorker.register("/t/sw.js", { scope: "/t/", updateViaCache: "none" });
  const offer = (worker) => { if (navigator.serviceWorker.controller) phone.update = worker; };
  const watch = (worker) => worker?.addEventListener("statechange", () => {
    if (worker.state === "installed") offer(worker);
    if (worker.state === "activated") news.dispatchEvent(new CustomEvent("app"));
  });
  if (kept.waiting) offer(kept.waiting);
  watch(kept.installing);
  kept.addEventListener("updatefound", () => watch(kept.installing));
}
keepApp().finally(() => news.dispatchEvent(new CustomEvent("app")));
navigator.storage?.persist?.().then(() => news.dispatchEvent(new CustomEvent("app")));
