// How this phone's work stands, in the bar of every page: all handed in, waiting, offline, or in need of a person.
import { say } from "./dom.js";
import { mayHash } from "./ids.js";
import { news, send, sendStuckAgain, standing } from "./parcels.js";
import { waiting } from "./store.js";

const pill = document.querySelector(".sync");

export async function show() {
  const { count, stuck, oldest } = await waiting();
  const old = Number.isFinite(oldest) ? Math.floor((Date.now() - oldest) / 60_000) : 0;
  const [state, text] = !mayHash ? ["trouble", say("需使用 https 地址", "Needs an https address")]
    : standing.signIn ? ["trouble", say(`请重新登录，已存 ${count} 项`, `Sign in again, ${count} kept`)]
      : stuck ? ["trouble", say(`${stuck} 项需处理`, `${stuck} need help`)]
        : !count ? ["ok", say("已全部上传", "All handed in")]
          : standing.offline ? ["offline", say(`无网络，已存 ${count} 项${old > 5 ? `（${old} 分钟）` : ""}`, `Offline, ${count} kept${old > 5 ? ` (${old} min)` : ""}`)]
            : ["waiting", say(`已保存，待传 ${count} 项`, `Saved, ${count} waiting`)];
  pill.dataset.state = state;
  pill.querySelector("span").textContent = text;
}
/** The phone could not keep something (storage full): said at once, the page stays as it is. */
export function notKept() {
  pill.dataset.state = "trouble";
  pill.querySelector("span").textContent = say("未能保存，请勿关闭", "Not saved: keep this open");
}

news.addEventListener("change", () => show());
pill.addEventListener("click", () => (standing.signIn ? location.assign("/sign-in") : sendStuckAgain()));
// Signing out would leave unsent work behind where its owner cannot send it.
document.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-signs-out]") || event.target.dataset.clear) return;
  event.preventDefault();
  await send();
  const { count } = await waiting();
  if (count) { document.querySelector("[data-unsent]").hidden = false; return; }
  event.target.dataset.clear = "yes";
  event.target.requestSubmit();
}, true);
show().then(send);
navigator.storage?.persist?.();
