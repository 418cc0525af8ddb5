// Ready to leave? The app kept by its worker, the day's visits kept, room and time as they should be: said plainly.
import { button, h, note, say, sign } from "./dom.js";
import { news, standing } from "./sending.js";
import * as store from "./store.js";

const LITTLE_ROOM = 100_000_000; // bytes: about three hundred photos
const CLOCK_OFF = 300_000; // ms
const HOUR = 3_600_000;

/** What stands in the way of a day without a signal, and what to do about it. */
async function troubles(visits, isToday) {
  const pack = await store.partOf("pack");
  const room = await navigator.storage?.estimate?.();
  const others = (await indexedDB.databases?.() ?? []).filter(({ name }) => /^doorstep-./.test(name)).length > 1;
  const kept = await Promise.all(visits.map((id) => store.partOf(`visit:${id}`)));
  const lacking = kept.filter((one) => !one).length;
  const off = Math.round(standing.skew / 60_000);
  return [
    isToday && lacking && say(`${lacking} 单尚未存到手机，请在有信号时打开本页`, `${lacking} visits are not kept yet: open this page with a signal`),
    Date.now() - pack?.at > 12 * HOUR && say("工单数据已旧，请在有信号时更新", "The visits are from earlier: refresh with a signal"),
    !(await globalThis.caches?.match("/t/zh")) && say("应用尚未存好，请稍候再出发", "The app itself is not kept yet: wait a moment"),
    room?.quota - room?.usage < LITTLE_ROOM && say("手机存储将满，请清理", "The phone's storage is nearly full: make room"),
    Math.abs(standing.skew) > CLOCK_OFF && say(`手机时间偏差 ${off} 分钟，请校准`, `The phone's clock is off by ${off} min: set it`),
    others && say("另一账号在这部手机上有数据，其未上传内容须由本人登录后上传",
      "Another account was used on this phone: what it has not handed in, only its owner can send"),
  ].filter(Boolean);
}

async function show() {
  const box = document.querySelector("[data-readiness]");
  if (!box || !store.account) return;
  const day = await store.partOf(`day:${box.dataset.readiness}`);
  if (!day) return;
  const { count } = await store.waiting();
  const wrong = await troubles(day.visits, Boolean(day.kept));
  const isKept = await navigator.storage?.persisted?.();
  const told = [wrong.length ? say("尚未就绪", "Not ready") : say(`已备好 ${day.visits.length} 单`, `Ready for ${day.visits.length} visits`),
    say(`待传 ${count} 项`, `${count} waiting`), isKept ? say("存储已保留", "storage kept")
      : say("存储未获保留，请添加到主屏幕", "storage not promised: add the app to the home screen")].join(say("，", ", "));
  box.replaceChildren(note(wrong.length ? "warn" : "good", told),
    ...(wrong.length ? [h("ul.small", null, wrong.map((text) => h("li", null, text)))] : []));
  box.hidden = false;
}

/** A new app is taken only when a person says so; what waits is not touched by it. */
function offer(worker) {
  if (document.getElementById("update")) return;
  const take = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    worker.postMessage("update");
  };
  document.getElementById("content").prepend(h("div.note.tone-note.update", { id: "update", role: "status" }, sign("refresh"),
    h("p", null, say("有新版本，未上传的内容不受影响。", "There is a new version. What waits stays as it is.")),
    button(say("更新", "Update"), "plain", null, take)));
}
async function keepApp() {
  if (!navigator.serviceWorker) return;
  const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  await (await caches.open("doorstep-language")).put("/t/language", new Response(language));
  const kept = await navigator.serviceWorker.register("/t/sw.js", { scope: "/t/", updateViaCache: "none" });
  const watch = (worker) => worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) offer(worker);
    if (worker.state === "activated") show();
  });
  if (kept.waiting && navigator.serviceWorker.controller) offer(kept.waiting);
  watch(kept.installing);
  kept.addEventListener("updatefound", () => watch(kept.installing));
}
for (const kind of ["shown", "change", "pack"]) news.addEventListener(kind, show);
keepApp().then(show, show);
navigator.storage?.persist?.().then(show);
