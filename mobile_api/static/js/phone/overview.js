// A visit at a glance: when, who, where, the call, the eight steps, what to know before leaving.
import { button, day, facts, h, link, note, say, sign, spokenLanguage, time, words } from "./dom.js";
import { departButton, lateFold } from "./late.js";
import { progressOf, valueOf } from "./progress.js";

const KINDS = { install: { zh: "宽带装机", en: "Installation" }, repair: { zh: "宽带修障", en: "Repair" } };
const STATES = { done: ["已完成", "done"], now: ["进行中", "now"], blocked: ["有缺项", "incomplete"], later: ["回站补录", "owed later"],
  todo: ["未开始", "to do"], not_needed: ["不需要", "not needed"] };
const NUMERALS = "一二三四五六七八";
const OPEN = ["booked", "en_route", "on_site"];

export const kindOf = (visit) => words(KINDS[visit.kind]);
export const panel = (title, ...inside) => h("section.panel", null, title && h("h2", null, title), inside);
export const between = (window) => (window.exact ? time(window.start) : `${time(window.start)}–${time(window.end)}`);
const hasBegun = (visit, step) => [...visit.answers.values()].some((entry) => entry.step === step.key);

function stepState(visit, { step, state }, current) {
  if (step.key === current) return "now";
  if (state === "locked") return "todo";
  if (state !== "open") return state;
  if (!current) return "now";
  return hasBegun(visit, step) ? "blocked" : "todo";
}

/** The eight steps as a list of links; on a step's own screen (`current`) only as a bar. */
export function stepsNav(visit, progress, current) {
  const items = progress.steps.map((one) => {
    const { step, state, missing } = one;
    const shown = stepState(visit, one, current);
    const face = shown === "done" ? sign("check") : spokenLanguage() === "zh" ? NUMERALS[step.number - 1] : step.number;
    const inside = [h("span.step-number", { "aria-hidden": "true" }, face),
      h("span.step-name", null, words(step.title), h("span.visually-hidden", null, say("：", ": "), say(...STATES[shown])),
        ["open", "later"].includes(state) && missing.length > 0
          && h("span.step-note", null, say(`还差 ${missing.length} 项`, `${missing.length} missing`)))];
    const opens = !["locked", "not_needed"].includes(state);
    return h(`li.step-${shown === "later" ? "blocked" : shown}`, { "aria-current": shown === "now" && "step" },
      opens ? h("a", { href: `#step-${step.key}` }, inside) : h("span.step", null, inside));
  });
  const at = visit.form.steps.find((step) => step.key === current);
  return h(current ? "nav.steps.compact" : "nav.steps", { "aria-label": say("上门服务八步法", "The eight steps") },
    at && h("p.steps-now", null, h("span.steps-count", null, say(`第 ${at.number} 步，共 8 步`, `Step ${at.number} of 8`)),
      h("strong", null, words(at.title))), h("ol", null, items));
}

export function callButton({ customer }) {
  if (!customer.phone) return note("note", say("上门当天才显示客户电话。", "The customer's number is shown on the day of the visit."));
  return link(say(`致电 ${customer.phone_shown}`, `Call ${customer.phone_shown}`), "plain", "phone", `tel:${customer.phone}`);
}

/** Background and health file come drawn with the visit's data, so that they are there without a network. */
function background(visit) {
  const box = h("div", { id: "background" });
  box.innerHTML = visit.background; // our own template, with every text escaped
  return box;
}

function whoAndWhere(visit, tools) {
  const { address, maps } = visit.site;
  return panel(null, facts([[say("客户", "Customer"), visit.customer.name], [say("地址", "Address"), address]]),
    h("div.actions", null, callButton(visit), maps.map(({ words: text, href }) => link(words(text), "plain", "pin", href)),
      OPEN.includes(visit.status) && departButton(visit, tools, valueOf(visit, "appointment", "call_outcome"))), lateFold(visit));
}

function whatNext(visit, progress) {
  if (visit.record || visit.status === "cancelled") return [];
  if (visit.seal) return [link(say("已提交，待上传", "Handed in, waiting"), "plain", "seal", "#end")];
  const next = visit.form.steps.find((step) => step.key === progress.next);
  if (!next) return [link(say("检查并提交", "Check and hand in"), "primary", "seal", "#end")];
  return [link(say(`第 ${next.number} 步：${words(next.title)}`, `Step ${next.number}: ${words(next.title)}`), "primary", "forward", `#step-${next.key}`)];
}

export function overview(visit, tools) {
  const progress = progressOf(visit);
  const { window, planned } = visit;
  const address = `/t/visits/${visit.id}`;
  const body = [h("h1.visually-hidden", null, `${kindOf(visit)} ${visit.customer.name}`),
    !OPEN.includes(visit.status) && note(visit.status === "sealed" ? "good" : "warn", words(visit.status_words)),
    h("div.slip", null, h("p.slip-label", null, window.exact ? say("约定时间", "Appointment") : say("预约上门时段", "Arrival window")),
      h("p.slip-time", null, between(window)),
      h("p.slip-day", null, day(window.start), planned && say(`，计划 ${time(planned.start)} 到达`, `, planned for ${time(planned.start)}`))),
    whoAndWhere(visit, tools),
    visit.record && panel(say("服务记录", "Service record"),
      link(say("查看记录与二维码", "The record and its code"), "primary", "seal", `${address}/record`)),
    panel(say("八步法", "The eight steps"), stepsNav(visit, progress)),
    background(visit),
    panel(say("打印与留存", "Papers"), h("div.actions", null, link(say("服务贴心卡", "Service card"), "plain", "print", `${address}/card`),
      link(say("未遇留言条", "Missed-visit note"), "plain", "print", `${address}/note`)))];
  return { title: `${visit.customer.name} · ${kindOf(visit)}`, back: "/t/", body, dock: whatNext(visit, progress) };
}
