// Ready to leave? The app kept by its worker, the day's visits kept, room and time as they should be: said plainly.
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { news, standing } from "./sending.js";
import { phone } from "./status.js";
import * as store from "./store.js";
import { own } from "./words.js";

const LITTLE_ROOM = 100_000_000; // bytes: about three hundred photos
const [CLOCK_OFF, HALF_A_DAY] = [300_000, 12 * 3_600_000]; // ms
const again = () => news.dispatchEvent(new Event("app"));

/** What stands in the way of a day without a signal; the words stand in day_part.html. */
Alpine.data("readiness", (day) => ({
  known: false, visits: 0, lacking: 0, off: 0, kept: false, troubles: [],
  init() {
    for (const kind of ["change", "pack", "app"]) news.addEventListener(kind, () => this.look());
    this.look();
  },
  async look() {
    const [part, pack] = [await store.partOf(`day:${day}`), await store.partOf("pack")];
    if (!part) return;
    const room = await navigator.storage?.estimate?.();
    const databases = await indexedDB.databases?.() ?? [];
    const here = await Promise.all(part.visits.map((id) => store.partOf(`visit:${id}`)));
    const lacking = here.filter((one) => !one).length;
    const found = { lacking: part.kept && lacking, old: Date.now() - pack?.at > HALF_A_DAY,
      app: !(await globalThis.caches?.match(`/t/${own}`)), full: room?.quota - room?.usage < LITTLE_ROOM,
      clock: Math.abs(standing.skew) > CLOCK_OFF,
      others: databases.filter(({ name }) => /^doorstep-./.test(name)).length > 1 };
    Object.assign(this, { known: true, lacking, visits: part.visits.length, off: Math.round(standing.skew / 60_000),
      kept: await navigator.storage?.persisted?.(), troubles: Object.keys(found).filter((name) => found[name]) });
  },
}));

/** The worker that keeps the app. A new one is taken only when a person says so; what waits is not touched by it. */
async function keepApp() {
  if (!navigator.serviceWorker) return;
  await (await caches.open("doorstep-language")).put("/t/language", new Response(own));
  const kept = await navigator.serviceWorker.register("/t/sw.js", { scope: "/t/", updateViaCache: "none" });
  const offer = () => { if (kept.waiting && navigator.serviceWorker.controller) phone.update = kept.waiting; };
  const watch = () => kept.installing?.addEventListener("statechange", () => { offer(); again(); });
  offer();
  watch();
  kept.addEventListener("updatefound", watch);
}
keepApp().then(again, again);
navigator.storage?.persist?.().then(again);
