// The day's pack on this phone: fetched when the app opens and a signal is there; only what is new comes over the line.
import { ask, news, standing, tell } from "./sending.js";
import * as store from "./store.js";

const FRESH = 60_000; // ms during which a pack is not asked for again, and in which it has to come
let running;

async function fetchPack(also) {
  const sent = (await store.entriesSent()).map((entry) => entry.id); // these the pack's answers will surely hold
  const query = new URLSearchParams({ have: (await store.hashes()).join(",") });
  for (const name of also) query.append(...name.split(":"));
  const answer = await ask(`/t/pack.json?${query}`, { within: FRESH });
  const pack = await answer.json();
  if (!answer.ok) throw new Error(pack.detail);
  if (pack.account !== store.account) { // somebody else has signed in on this phone
    await store.handOver(pack.account);
    return location.reload();
  }
  standing.skew = Date.now() - Date.parse(pack.now);
  await store.keepPack(pack, sent);
  const missing = Object.values(pack.changed).flatMap((part) => part.missing_blobs ?? []);
  for (const name of missing) await store.markBlob(name, "waiting");
  return tell("pack", Object.keys(pack.changed));
}
/** Bring the pack up to date; `also` names parts of other days. Resolves to whether the phone has it now. */
export async function refresh({ also = [], now = false } = {}) {
  const { at } = await store.partOf("pack") ?? { at: 0 };
  const lacks = (await Promise.all(also.map(store.partOf))).some((part) => !part);
  if (!now && !lacks && Math.abs(Date.now() - at) < FRESH) return true;
  running ??= fetchPack(also).then(() => true, () => false).finally(() => { running = undefined; });
  return running;
}
news.addEventListener("sealed", () => refresh({ now: true }));
