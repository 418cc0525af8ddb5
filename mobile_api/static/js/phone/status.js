// How this phone's work stands, in the bar of every page; signing out; and the last resort, a file of all that waits.
import { say } from "./dom.js";
import { mayHash } from "./ids.js";
import { device, news, send, sendStuckAgain, standing } from "./sending.js";
import * as store from "./store.js";

const pill = document.querySelector(".sync");
const SEVERAL_MINUTES = 5;
let failed = false;

function age(oldest) {
  const minutes = Math.floor((Date.now() - oldest) / 60_000);
  if (!(minutes > SEVERAL_MINUTES)) return "";
  return minutes < 120 ? say(`（${minutes} 分钟）`, ` (${minutes} min)`)
    : say(`（${Math.round(minutes / 60)} 小时）`, ` (${Math.round(minutes / 60)} h)`);
}
async function show() {
  const { count, stuck, oldest } = await store.waiting();
  const kept = say(`已存 ${count} 项${age(oldest)}`, `${count} kept${age(oldest)}`);
  const [state, text] = failed ? ["trouble", say("未能保存，请勿关闭", "Not saved: keep this open")]
    : !mayHash ? ["trouble", say("需使用 https 地址", "Needs an https address")]
      : standing.signIn ? ["trouble", say(`登录后上传，${kept}`, `Sign in to send, ${kept}`)]
        : standing.other ? ["trouble", say(`已换账号，${kept}`, `Another account, ${kept}`)]
          : stuck ? ["trouble", say(`${stuck} 项需处理`, `${stuck} need help`)]
            : !count ? ["ok", standing.offline ? say("无网络", "Offline") : say("已全部上传", "All handed in")]
              : standing.offline ? ["offline", say(`无网络，${kept}`, `Offline, ${kept}`)]
                : ["waiting", say(`已保存，待传 ${count} 项${age(oldest)}`, `Saved, ${count} waiting${age(oldest)}`)];
  pill.dataset.state = state;
  pill.querySelector("span").textContent = text;
}
/** Whether the phone could keep what was typed (it cannot when its storage is full): said at once. */
export function keptWell(well) {
  failed = !well;
  return show();
}

const base64 = (bytes) => new Promise((done) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result.split(",")[1]);
  reader.readAsDataURL(new Blob([bytes]));
});
/** All that waits, as docs/phone-export.md describes it. */
async function exported() {
  await store.pack(device);
  const parcels = (await store.parcelsWaiting()).map(({ id, body }) => ({ id, body }));
  const blobs = [];
  for (const { sha256, type, bytes } of await store.blobsWaiting()) blobs.push({ sha256, media_type: type, base64: await base64(bytes) });
  return { format: 1, account: store.account, device, made_at: new Date().toISOString(), parcels, blobs };
}
async function exportAll() {
  const file = new Blob([JSON.stringify(await exported())], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `doorstep-${device}-${new Date().toISOString().slice(0, 16).replace(/\D/g, "")}.json`;
  link.click();
}

/** Signing out would leave unsent work where its owner cannot send it: refused, with how much. */
async function signOut() {
  await send();
  const { count, oldest } = await store.waiting();
  const box = document.querySelector("[data-unsent]");
  const refuse = (text) => { box.hidden = false; box.querySelector("[data-how-much]").textContent = text; };
  if (count) return refuse(say(`还有 ${count} 项没有上传${age(oldest)}。`, `${count} items are not handed in${age(oldest)}.`));
  try {
    await fetch("/sign-out", { method: "POST", redirect: "manual" });
  } catch { return refuse(say("没有网络，暂时不能退出。", "No network: signing out has to wait.")); }
  await store.forget(store.account);
  localStorage.removeItem("doorstep-account");
  return location.replace("/sign-in");
}

news.addEventListener("change", show);
pill.addEventListener("click", () => (standing.signIn || standing.other ? location.assign("/sign-in") : sendStuckAgain()));
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-signs-out]")) return;
  event.preventDefault();
  signOut();
}, true);
document.addEventListener("click", ({ target }) => { if (target.closest("[data-export]")) exportAll(); });
show();
