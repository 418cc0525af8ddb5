// What the technician sees of a visit: the overview, one step a screen, the end; and what the customer sees.
import { button, day, dayTime, facts, h, link, note, say, sign, speak, spokenLanguage, time, words } from "./dom.js";
import { drawField, spoken } from "./form.js";
import { entryOf, isAsked, progressOf, valueOf } from "./progress.js";

const KINDS = { install: { zh: "宽带装机", en: "Installation" }, repair: { zh: "宽带修障", en: "Repair" } };
const STATES = { done: ["已完成", "done"], now: ["进行中", "now"], blocked: ["有缺项", "incomplete"], later: ["回站补录", "owed later"], todo: ["未开始", "to do"], not_needed: ["不需要", "not needed"] };
const NUMERALS = "一二三四五六七八";
export const kindOf = (visit) => words(KINDS[visit.kind]);
const panel = (title, ...inside) => h("section.panel", null, title && h("h2", null, title), inside);
const closed = (visit) => !["booked", "en_route", "on_site"].includes(visit.status);
const between = (window) => (window.exact ? time(window.start) : `${time(window.start)}–${time(window.end)}`);

/** The eight steps as a list of links; on a step's own screen only as a bar. */
function stepsNav(visit, progress, current) {
  const items = progress.steps.map(({ step, state, missing }) => {
    const begun = [...visit.answers.values()].some((entry) => entry.step === step.key);
    const shown = step.key === current ? "now" : state === "open" ? (!current ? "now" : begun ? "blocked" : "todo") : state === "locked" ? "todo" : state;
    const face = shown === "done" ? sign("check") : spokenLanguage() === "zh" ? NUMERALS[step.number - 1] : step.number;
    const inside = [h("span.step-number", { "aria-hidden": "true" }, face), h("span.step-name", null, words(step.title), h("span.visually-hidden", null, say("：", ": "), say(...STATES[shown])),
      ["open", "later"].includes(state) && missing.length > 0 && h("span.step-note", null, say(`还差 ${missing.length} 项`, `${missing.length} missing`)))];
    const open = !["locked", "not_needed"].includes(state);
    return h(`li.step-${shown === "later" ? "blocked" : shown}`, { "aria-current": shown === "now" && "step" }, open ? h("a", { href: `#step-${step.key}` }, inside) : h("span.step", null, inside));
  });
  const at = current && visit.form.steps.find((step) => step.key === current);
  return h(current ? "nav.steps.compact" : "nav.steps", { "aria-label": say("上门服务八步法", "The eight steps") },
    at && h("p.steps-now", null, h("span.steps-count", null, say(`第 ${at.number} 步，共 8 步`, `Step ${at.number} of 8`)), h("strong", null, words(at.title))), h("ol", null, items));
}

function callButton(visit) {
  return visit.customer.phone ? link(say(`致电 ${visit.customer.phone_shown}`, `Call ${visit.customer.phone_shown}`), "plain", "phone", `tel:${visit.customer.phone}`)
    : note("note", say("上门当天才显示客户电话。", "The customer's number is shown on the day of the visit."));
}
function departButton(visit, put, redraw) {
  if (visit.status !== "booked" || entryOf(visit, "visit", "departed")) {
    const at = entryOf(visit, "visit", "departed")?.value ?? visit.departed_at;
    return at && note("good", say(`${time(at)} 已出发`, `Set out at ${time(at)}`));
  }
  return button(say("现在出发", "Set out now"), valueOf(visit, "appointment", "call_outcome") ? "primary" : "plain", "arrow", () => { put("visit", "departed", new Date().toISOString()); redraw(); });
}
// Beside which field each prompt is needed; the signing prompt stands where the phone is handed over.
const SAID_AT = { call_install: "call_outcome", call_repair: "call_outcome", running_late: "punctuality", other_time: "wished_time", greeting: "access", not_convenient: "turned_away_reason", before_work: "explained",
  before_drilling: "placement_agreed", touching_equipment: "protection", declining: "requests", cannot_promise: "open_questions", proof_install: "login", proof_repair: "symptoms_watched", guiding: "experience",
  note_consent: "sticky_note", reminding: "reminded", photo_consent: "photo_agreed", signing: "technician_signature", farewell: "left_at" };
/** What to say at this field, with the facts of this visit filled in. */
function scriptsAt(visit, step, key) {
  const arrival = valueOf(visit, "appointment", "announced_arrival") ?? visit.planned?.start ?? visit.window.start;
  const told = { company: words(visit.company), technician: visit.technician.name, number: visit.technician.code, customer: visit.customer.name, time: between(visit.window), arrival: time(arrival), hotline: visit.hotline, reason: "……" };
  return visit.form.scripts.filter((script) => script.step === step.key && SAID_AT[script.key] === key).map((script) => h("details.script", null, h("summary", null, sign("message"), h("span", null, say("怎么说：", "What to say: "), words(script.when))),
    h("blockquote", null, words(script.say).replace(/\{(\w+)\}/g, (all, name) => told[name] ?? all))));
}

/** Background and health file come drawn with the visit's data, so that they are there without a network. */
function background(visit) {
  const box = h("div", { id: "background" });
  box.innerHTML = visit.background; // our own template, with every text escaped
  return box;
}

export function overview(visit, { put, redraw }) {
  const progress = progressOf(visit);
  const map = visit.site.latitude !== null && `geo:${visit.site.latitude},${visit.site.longitude}?q=${visit.site.latitude},${visit.site.longitude}`;
  const ended = closed(visit) && note(visit.status === "sealed" ? "good" : "warn", words(visit.status_words));
  const next = progress.steps.find(({ step }) => step.key === progress.next)?.step;
  return { title: `${visit.customer.name} · ${kindOf(visit)}`, back: "/t", body: [
    h("h1.visually-hidden", null, `${kindOf(visit)} ${visit.customer.name}`), ended,
    h("div.slip", null, h("p.slip-label", null, visit.window.exact ? say("约定时间", "Appointment") : say("预约上门时段", "Arrival window")), h("p.slip-time", null, between(visit.window)),
      h("p.slip-day", null, day(visit.window.start), visit.planned && say(`，计划 ${time(visit.planned.start)} 到达`, `, planned for ${time(visit.planned.start)}`))),
    panel(null, facts([[say("客户", "Customer"), visit.customer.name], [say("地址", "Address"), visit.site.address]]),
      h("div.actions", null, callButton(visit), map && link(say("地图", "Map"), "plain", "pin", map), !closed(visit) && departButton(visit, put, redraw))),
    visit.record ? panel(say("服务记录", "Service record"), link(say("查看记录与二维码", "The record and its code"), "primary", "seal", `/t/visits/${visit.id}/record`)) : null,
    panel(say("八步法", "The eight steps"), stepsNav(visit, progress)),
    background(visit),
    panel(say("打印与留存", "Papers"), h("div.actions", null, link(say("服务贴心卡", "Service card"), "plain", "print", `/t/visits/${visit.id}/card`), link(say("未遇留言条", "Missed-visit note"), "plain", "print", `/t/visits/${visit.id}/note`)))],
  dock: visit.record || visit.status === "cancelled" ? [] : [next ? link(say(`第 ${next.number} 步：${words(next.title)}`, `Step ${next.number}: ${words(next.title)}`), "primary", "forward", `#step-${next.key}`) : link(say("检查并提交", "Check and hand in"), "primary", "seal", "#end")] };
}

/** Fields that the customer fills are behind one card: the phone is handed over for them. */
function handOver(visit, step, fields) {
  const done = fields.filter((field) => valueOf(visit, step.key, field.key) !== undefined);
  return h("section.panel.hand-over", null, h("h2", null, say("请客户填写", "For the customer")),
    h("ul", null, fields.map((field) => h("li", null, words(field.label), say("：", ": "), done.includes(field) ? spoken(visit, field, valueOf(visit, step.key, field.key)) : say("尚未填写", "not yet")))),
    link(say("把手机交给客户", "Hand the phone to the customer"), done.length ? "plain" : "primary", "person", `#customer-${step.key}`));
}
/** What the customer signed on, changed since: it has to be shown and signed anew, or explained. */
function changedSince(visit, signedAt, steps, but) {
  return signedAt && [...visit.answers.values()].some((entry) => steps.includes(entry.step) && !but.includes(entry.key) && entry.at > signedAt);
}

export function stepScreen(visit, key, { put, redraw }) {
  const step = visit.form.steps.find((one) => one.key === key);
  const order = visit.form.steps;
  const draw = (field) => drawField(visit, step, field, (one, value) => put(step.key, one.key, value, one.type === "photo" ? value : []));
  const drawn = step.fields.filter((field) => field.filled_by === "technician").map(draw);
  const theirs = step.fields.filter((field) => field.filled_by === "customer");
  const hand = h("div");
  const before = { call_outcome: () => callButton(visit), arrived_at: () => departButton(visit, put, redraw), background_read: () => link(say("查看工单背景", "Read the background"), "plain", "list", "#"),
    technician_signature: () => hand, missed_note: () => link(say("打开留言条", "Open the note"), "plain", "print", `/t/visits/${visit.id}/note`) };
  const list = drawn.flatMap(({ field, root }) => {
    const first = [scriptsAt(visit, step, field.key), before[field.key]?.()].flat().filter(Boolean);
    return [...(first.length ? [h("div.before", { "data-before": field.key }, first)] : []), root];
  });
  if (!drawn.some(({ field }) => field.key === "technician_signature")) list.push(hand);
  const missingBox = h("div", { id: "missing" });
  const nav = h("div");
  const dock = h("div.dock-buttons");
  const update = () => {
    const progress = progressOf(visit);
    const here = progress.steps.find((one) => one.step === step);
    for (const one of drawn) one.update();
    for (const box of list) if (box.dataset?.before) box.hidden = !isAsked(visit, step, step.fields.find((field) => field.key === box.dataset.before));
    const asked = theirs.filter((field) => isAsked(visit, step, field));
    const stale = changedSince(visit, entryOf(visit, "leave", "customer_signature")?.at, ["work", "proof", "file"], []) && step.key === "leave"
      || changedSince(visit, entryOf(visit, "work", "alteration_agreement")?.at, ["work"], ["alteration_agreement", "begun_at", "protection", "requests", "open_questions", "device", "device_replaced"]) && step.key === "work";
    hand.replaceChildren(...[asked.length && handOver(visit, step, asked), asked.length && stale && note("warn", say("客户签名之后内容有改动，请再次请客户过目、签名。", "Changed since the customer signed: please show it and have it signed again."))].filter(Boolean));
    missingBox.replaceChildren(...(here.missing.length ? [h("div.problem.tone-warn", null, h("p.problem-title", null, sign("info"), h("span", null, say(`这一步还差 ${here.missing.length} 项`, `${here.missing.length} still missing in this step`))),
      h("ul", null, here.missing.map(([field, why]) => h("li", null, h("a", { href: `#f-${step.key}-${field.key}-field`, onclick: (event) => { event.preventDefault(); goTo(field); } }, words(field.label)), say("：", ": "), why))))] : [note("good", say("这一步已完成。", "This step is done."))]));
    nav.replaceChildren(stepsNav(visit, progress, key));
    const following = order.slice(step.number).find((one) => !["not_needed"].includes(progress.steps.find((p) => p.step === one).state));
    const blocked = here.state === "open";
    dock.replaceChildren(step.number > 1 ? link(say("上一步", "Back"), "plain", "back", `#step-${order[step.number - 2].key}`) : link(say("概览", "Overview"), "plain", "back", "#"),
      blocked ? button(say(`还差 ${here.missing.length} 项`, `${here.missing.length} missing`), "plain", "info", () => goTo(here.missing[0][0]))
        : link(following ? say("下一步", "Next") : say("检查并提交", "Check and hand in"), "primary", "forward", following ? `#step-${following.key}` : "#end", following && { title: words(following.title) }));
  };
  const goTo = (field) => {
    const root = drawn.find((one) => one.field === field)?.root ?? hand;
    root.scrollIntoView({ block: "center" });
    (root.querySelector("input, textarea, button, a") ?? root).focus({ preventScroll: true });
  };
  const locked = progressOf(visit).steps.find((one) => one.step === step).state === "locked";
  if (locked) return { title: words(step.title), back: "#", body: [h("h1", null, words(step.title)), note("warn", say("请先完成前面的步骤。", "Finish the earlier steps first."))], dock: [link(say("概览", "Overview"), "plain", "back", "#")] };
  update();
  return { title: visit.customer.name, back: "#", update, dock: [dock], body: [h("h1.visually-hidden", null, words(step.title)), nav, h("p.purpose", null, words(step.purpose)),
    step.rules.length > 0 && h("ul.rules", null, step.rules.map((rule) => h("li", null, words(rule)))), h("section.panel", null, list), missingBox] };
}

/** What was done, for the customer to read before signing: every answer of the working steps, in words. */
function summary(visit, keys, but = []) {
  return keys.map((key) => visit.form.steps.find((step) => step.key === key)).map((step) => {
    const told = step.fields.filter((field) => !but.includes(field.key) && isAsked(visit, step, field) && valueOf(visit, step.key, field.key) !== undefined)
      .map((field) => [words(field.label), spoken(visit, field, valueOf(visit, step.key, field.key))]);
    return told.length > 0 && panel(words(step.title), facts(told));
  });
}
export function customerScreen(visit, key, { put, redraw, go }) {
  const own = spokenLanguage();
  speak(visit.customer.language);
  const step = visit.form.steps.find((one) => one.key === key);
  const all = () => step.fields.filter((field) => field.filled_by === "customer" && isAsked(visit, step, field));
  const agreement = key === "work";
  const keep = (field, value) => put(step.key, field.key, value);
  const drawn = all().map((field) => drawField(visit, step, field, keep));
  const signature = all().find((field) => field.type === "signature");
  const update = () => { speak(visit.customer.language); for (const one of drawn) one.update(); thanks.hidden = !(signature ? valueOf(visit, key, signature.key) : all().every((field) => valueOf(visit, key, field.key) !== undefined)); speak(own); };
  const back = () => go(`#step-${key}`);
  const thanks = h("div.thanks", { role: "status" }, note("good", say("谢谢您！请把手机交还给装维人员。", "Thank you! Please hand the phone back to the technician.")), button(say("交还手机", "Hand the phone back"), "primary", "return", back));
  const body = [h("div.letter", { lang: visit.customer.language === "en" ? "en" : "zh-CN" },
    h("p.brand", null, words(visit.company)), h("h1", null, agreement ? say("改动确认", "Agreement to the alteration") : signature ? say("请您过目、评价、签名", "Please read, rate and sign") : say("请您确认", "Please confirm")),
    h("p", null, `${visit.customer.name}${say("，您好！", ",")} ${visit.site.address}`),
    agreement ? summary(visit, ["work"], ["begun_at", "protection", "requests", "open_questions", "device", "device_replaced", "alteration_agreement", "go_ahead", "rx_before", "moves_anything"])
      : signature && [panel(null, facts([[say("服务", "Service"), kindOf(visit)], [say("装维人员", "Technician"), `${visit.technician.name}（${visit.technician.code}）`], [say("到达", "Arrived"), valueOf(visit, "appointment", "arrived_at") && dayTime(valueOf(visit, "appointment", "arrived_at"))]])), summary(visit, ["work", "proof", "file"], ["filed_when", "baseline"])],
    signature && panel(say("您签名表示", "What your signature says"), h("p", null, agreement ? say("我已看过上面的改动内容与位置，同意动工。", "I have read what is to be altered and where, and agree to it.") : words(visit.consent))),
    h("section.panel", null, drawn.map(({ root }) => root)), thanks)];
  update();
  return { title: words(visit.company), back: null, customer: true, body, update, dock: [button(say("返回（装维人员）", "Back (technician)"), "quiet", "back", back)], leave: () => speak(own) };
}

export function endScreen(visit, { hand }) {
  const progress = progressOf(visit);
  const missing = progress.steps.flatMap(({ step, state, missing: lacking }) => (state === "later" ? [] : lacking.map(([field, why]) => [step, field, why])));
  const told = h("div", { role: "alert" });
  const ready = !missing.length;
  const press = async (event) => { event.currentTarget.disabled = true; const problem = await hand(); event.target.closest("button").disabled = false; if (problem) told.replaceChildren(note("bad", problem)); };
  return { title: say("检查并提交", "Check and hand in"), back: "#", body: [h("h1", null, progress.endedEarly ? say("未能入户", "No access") : say("检查并提交", "Check and hand in")),
    ready ? note("good", say("所有必填项已完成。提交后记录封存，不能再修改。", "All that is needed is there. Once handed in, the record is sealed and cannot be changed."))
      : h("div.problem.tone-warn", null, h("p.problem-title", null, sign("info"), h("span", null, say(`还差 ${missing.length} 项`, `${missing.length} missing`))), h("ul", null, missing.map(([step, field, why]) => h("li", null, h("a", { href: `#step-${step.key}` }, `${step.number}. ${words(field.label)}`), say("：", ": "), why)))),
    progress.steps.some(({ state }) => state === "later") && note("warn", say("档案将回站补录，补录会注明为后补。", "The file is to be entered later; it will be marked as late.")),
    progress.endedEarly ? summary(visit, ["talk"]) : summary(visit, ["proof", "leave"], ["cleaned"]), told],
  dock: [link(say("概览", "Overview"), "plain", "back", "#"), ready ? button(say("提交并封存", "Hand in and seal"), "primary", "seal", press) : null] };
}
