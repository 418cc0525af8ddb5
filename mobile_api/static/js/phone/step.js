// One step on one screen: its fields, what to say and do beside them, what is missing, and the way on.
import { button, h, link, note, say, sign, time, words } from "./dom.js";
import { drawField } from "./form.js";
import { departButton } from "./late.js";
import { between, callButton, stepsNav } from "./overview.js";
import { entryOf, fieldOf, isAsked, progressOf, valueOf } from "./progress.js";
import { spoken } from "./spoken.js";

// Beside which field each prompt is needed.
const SAID_AT = { call_install: "call_outcome", call_repair: "call_outcome", running_late: "punctuality", other_time: "wished_time",
  greeting: "access", not_convenient: "turned_away_reason", before_work: "explained", before_drilling: "placement_agreed",
  touching_equipment: "protection", declining: "requests", cannot_promise: "open_questions", proof_install: "login",
  proof_repair: "symptoms_watched", guiding: "experience", note_consent: "sticky_note", reminding: "reminded",
  photo_consent: "photo_agreed", signing: "technician_signature", farewell: "left_at" };
// What a customer's signature covers, and what of it may change afterwards.
const SIGNED_FOR = { leave: ["customer_signature", ["work", "proof", "file"], []],
  work: ["alteration_agreement", ["work"], ["alteration_agreement", "begun_at", "protection", "requests", "open_questions", "device", "device_replaced"]] };

/** What to say at this field, with the facts of this visit filled in. */
function prompts(visit, step, key) {
  const arrival = valueOf(visit, "appointment", "announced_arrival") ?? visit.planned?.start ?? visit.window.start;
  const told = { company: words(visit.company), technician: visit.technician.name, number: visit.technician.code,
    customer: visit.customer.name, time: between(visit.window), arrival: time(arrival), hotline: visit.hotline, reason: "……" };
  return visit.form.scripts.filter((script) => script.step === step.key && SAID_AT[script.key] === key)
    .map((script) => h("details.script", null,
      h("summary", null, sign("message"), h("span", null, say("怎么说：", "What to say: "), words(script.when))),
      h("blockquote", null, words(script.say).replace(/\{(\w+)\}/g, (place, name) => told[name] ?? place))));
}

/** Fields that the customer fills are behind one card: the phone is handed over for them. */
function handOver(visit, step, fields) {
  const answer = (field) => valueOf(visit, step.key, field.key);
  const begun = fields.some((field) => answer(field) !== undefined);
  return h("section.panel.hand-over", null, h("h2", null, say("请客户填写", "For the customer")),
    h("ul", null, fields.map((field) => h("li", null, words(field.label), say("：", ": "),
      answer(field) === undefined ? say("尚未填写", "not yet") : spoken(visit, field, answer(field))))),
    link(say("把手机交给客户", "Hand the phone to the customer"), begun ? "plain" : "primary", "person", `#customer-${step.key}`));
}
/** Whether what the customer signed for was changed since. */
function isStale(visit, step) {
  const [key, steps, but] = SIGNED_FOR[step.key] ?? [];
  const at = key && valueOf(visit, step.key, key) && entryOf(visit, step.key, key).at;
  return Boolean(at) && [...visit.answers.values()].some((entry) => steps.includes(entry.step) && !but.includes(entry.key) && entry.at > at);
}

export function missingList(title, items) {
  return h("div.problem.tone-warn", null, h("p.problem-title", null, sign("info"), h("span", null, title)),
    h("ul", null, items.map(({ href, text, why, onclick }) => h("li", null, h("a", { href, onclick }, text), say("：", ": "), why))));
}

export function stepScreen(visit, key, tools) {
  const step = visit.form.steps.find((one) => one.key === key);
  const title = words(step.title);
  const stand = () => progressOf(visit).steps.find((one) => one.step === step);
  if (stand().state === "locked") {
    return { title, back: "#", dock: [link(say("概览", "Overview"), "plain", "back", "#")],
      body: [h("h1", null, title), note("warn", say("请先完成前面的步骤。", "Finish the earlier steps first."))] };
  }
  const put = (field, value) => tools.put(key, field.key, value, field.type === "photo" ? value : []);
  const drawn = step.fields.filter((field) => field.filled_by === "technician").map((field) => drawField(visit, step, field, put));
  const theirs = step.fields.filter((field) => field.filled_by === "customer");
  const [hand, gaps, nav, dock] = [h("div"), h("div", { id: "missing" }), h("div"), h("div.dock-buttons")];
  const beside = { call_outcome: () => callButton(visit), arrived_at: () => departButton(visit, tools, true), technician_signature: () => hand,
    background_read: () => link(say("查看工单背景", "Read the background"), "plain", "list", "#"),
    missed_note: () => link(say("打开留言条", "Open the note"), "plain", "print", `/t/visits/${visit.id}/note`) };
  const list = drawn.flatMap(({ field, root }) => {
    const first = [prompts(visit, step, field.key), beside[field.key]?.()].flat().filter(Boolean);
    return [...(first.length ? [h("div.before", { "data-before": field.key }, first)] : []), root];
  });
  if (!hand.parentElement) list.push(hand);

  const goTo = (field) => {
    const root = drawn.find((one) => one.field === field)?.root ?? hand;
    root.scrollIntoView({ block: "center" });
    (root.querySelector("input, textarea, button, a") ?? root).focus({ preventScroll: true });
  };
  const wayOn = (progress, missing) => {
    const next = progress.steps.slice(step.number).find(({ state }) => state !== "not_needed")?.step;
    const earlier = visit.form.steps[step.number - 2];
    return [earlier ? link(say("上一步", "Back"), "plain", "back", `#step-${earlier.key}`) : link(say("概览", "Overview"), "plain", "back", "#"),
      missing.length ? button(say(`还差 ${missing.length} 项`, `${missing.length} missing`), "plain", "info", () => goTo(missing[0][0]))
        : next ? link(say("下一步", "Next"), "primary", "forward", `#step-${next.key}`, { title: words(next.title) })
          : link(say("检查并提交", "Check and hand in"), "primary", "forward", "#end")];
  };
  const update = () => {
    const progress = progressOf(visit);
    const { state, missing } = stand();
    const asked = theirs.filter((field) => isAsked(visit, step, field));
    const items = missing.map(([field, why]) => ({ href: `#f-${key}-${field.key}-field`, text: words(field.label), why,
      onclick: (event) => { event.preventDefault(); goTo(field); } }));
    for (const one of drawn) one.update();
    for (const box of list) if (box.dataset.before) box.hidden = !isAsked(visit, step, fieldOf(visit, key, box.dataset.before));
    hand.replaceChildren(...[asked.length && handOver(visit, step, asked), asked.length && isStale(visit, step)
      && note("warn", say("客户签名之后内容有改动，请再次请客户过目、签名。", "Changed since the customer signed: please show it and have it signed again."))].filter(Boolean));
    gaps.replaceChildren(items.length ? missingList(say(`这一步还差 ${items.length} 项`, `${items.length} still missing in this step`), items)
      : note("good", say("这一步已完成。", "This step is done.")));
    nav.replaceChildren(stepsNav(visit, progress, key));
    dock.replaceChildren(...wayOn(progress, state === "open" ? missing : []));
  };
  update();
  return { title: visit.customer.name, back: "#", update, dock: [dock], body: [h("h1.visually-hidden", null, title), nav,
    h("p.purpose", null, words(step.purpose)), step.rules.length > 0 && h("ul.rules", null, step.rules.map((rule) => h("li", null, words(rule)))),
    h("section.panel", null, list), gaps] };
}
