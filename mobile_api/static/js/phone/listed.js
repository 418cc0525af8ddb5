// Fields whose answer is a list or an object: kit, symptoms and what became of them, open questions, a device.
import { choices, labelled, labelOf, numberBox, option, partInput, rows, ticks } from "./controls.js";
import { button, h, say, words } from "./dom.js";
import { symptomsToWatch } from "./progress.js";
import { scanKey } from "./scan.js";

/** The named symptoms of this kind of visit; others are in the customer's own words. */
export const symptomOptions = (visit) => visit.form.steps.flatMap((step) => step.fields)
  .filter((field) => field.type === "symptoms").flatMap((field) => field.options);

export function symptoms({ id, visit, field, value, put }) {
  let told = [...(value ?? [])];
  const own = new Set([...visit.order.symptoms, ...told].filter((name) => !field.options.some((known) => known.value === name)));
  const box = h("div");
  const hand = (names) => { told = names; put(names); };
  const redraw = () => box.replaceChildren(ticks(id, [...field.options, ...[...own].map((name) => option(name, name, name))], told, hand));
  const typed = h("input", { id: `${id}-own`, maxlength: 60, autocomplete: "off" });
  const add = () => {
    const name = typed.value.trim();
    if (!name) return;
    own.add(name);
    typed.value = "";
    hand([...new Set([...told, name])]);
    redraw();
  };
  redraw();
  return [box, h("div.row", null, labelled(`${id}-own`, say("客户的原话", "In the customer's words"), typed),
    button(say("添加", "Add"), "plain", "plus", add))];
}

export function symptomWatch({ id, visit, field, value, put }) {
  const names = symptomsToWatch(visit, field);
  const items = new Map(names.map((name) => [name, { symptom: name, ...(value ?? []).find((item) => item.symptom === name) }]));
  const hand = () => put([...items.values()].filter((item) => item.result));
  return names.map((name, n) => {
    const item = items.get(name);
    const noted = h("div");
    const askWhy = () => noted.replaceChildren(...(item.result && item.result !== "gone"
      ? [labelled(`${id}-${n}-note`, say("说明", "Note"), partInput("text", item, "note", hand, { id: `${id}-${n}-note`, maxlength: 500 }))] : []));
    const minutes = (one) => {
      if (Number.isInteger(one)) item.watched_minutes = one;
      else delete item.watched_minutes;
      hand();
    };
    askWhy();
    return h("fieldset.item", null, h("legend", null, labelOf(symptomOptions(visit), name)),
      choices(`${id}-${n}`, visit.form.choices.symptom_results, (one) => one === item.result, (one) => { item.result = one; askWhy(); hand(); }),
      numberBox(`${id}-${n}-minutes`, item.watched_minutes, say("分钟观察", "min watched"), false, say("观察分钟数", "Minutes watched"), minutes), noted);
  });
}

export function openQuestions({ id, value, put }) {
  const draw = (item, n, changed) => {
    const text = h("textarea", { id: `${id}-${n}`, rows: 2, maxlength: 500, oninput: () => { item.text = text.value; changed(); } }, item.text);
    return [labelled(`${id}-${n}`, say("问题", "Question"), text),
      labelled(`${id}-${n}-by`, say("希望何时答复", "Answer wanted by"), partInput("date", item, "answer_by", changed, { id: `${id}-${n}-by` }))];
  };
  return rows(value ?? [], { draw, isWhole: (item) => item.text.trim(), blank: { text: "" }, add: say("添加问题", "Add a question"), put });
}

const DEVICE_PARTS = [["manufacturer", "厂家", "Maker", 64], ["model", "型号", "Model", 64], ["serial", "序列号", "Serial number", 64],
  ["mac", "MAC 地址（选填）", "MAC address (optional)", 17], ["software", "软件版本（选填）", "Software (optional)", 64]];
export function device({ id, value, put }) {
  const now = { ...value };
  const hand = () => put(Object.keys(now).length ? { ...now } : null);
  return DEVICE_PARTS.map(([part, zh, en, maxlength]) => {
    const more = { id: `${id}-${part}`, maxlength, autocapitalize: "characters", spellcheck: "false" };
    const box = partInput("text", now, part, hand, more);
    const take = (text) => { box.value = text.slice(0, maxlength); box.dispatchEvent(new Event("input")); };
    return [labelled(more.id, say(zh, en), box), part === "serial" && scanKey(id, take)];
  });
}

export function kit({ id, visit, field, value, put }) {
  const lines = new Map((value ?? []).map((line) => [line.item, { ...line }]));
  const hand = () => put(visit.form.kit.map((item) => lines.get(item.key)).filter(Boolean));
  const set = (item, line) => { lines.set(item.key, { item: item.key, ...line }); hand(); };
  const isReused = (item) => item.use === "reusable";
  const there = (item, state) => ({ carried: true, ...(isReused(item) ? { condition: state } : {}) });
  const carried = (item) => {
    const line = lines.get(item.key);
    const state = line && (line.carried ? line.condition ?? "yes" : "no");
    const states = isReused(item) ? [option("good", "完好", "Good"), option("worn", "磨损", "Worn")] : [option("yes", "已带", "Carried")];
    const pick = (one) => { set(item, one === "no" ? { carried: false } : there(item, one)); redraw(); };
    return [choices(`${id}-${item.key}`, [...states, option("no", "缺少", "Missing")], (one) => one === state, pick),
      state === "no" && labelled(`${id}-${item.key}-why`, say("缺少的原因", "Why is it missing"),
        partInput("text", line, "reason", hand, { id: `${id}-${item.key}-why`, maxlength: 200 }))];
  };
  const used = (item) => {
    const line = lines.get(item.key);
    if (isReused(item)) {
      return choices(`${id}-${item.key}`, visit.form.choices.conditions, (one) => one === line?.condition, (one) => set(item, { used: 0, condition: one }));
    }
    return numberBox(`${id}-${item.key}`, line?.used, say("件", "used"), false, words(item.label), (n) => {
      if (Number.isInteger(n)) set(item, { used: n });
      else { lines.delete(item.key); hand(); }
    });
  };
  const isCheck = field.kit_part === "carried";
  const stock = (item) => visit.kit_stock[item.key] !== undefined
    && h("span.muted.small", null, say(`车上 ${visit.kit_stock[item.key]}`, `${visit.kit_stock[item.key]} in the van`));
  const allHere = () => { for (const item of visit.form.kit) lines.set(item.key, { item: item.key, ...there(item, "good") }); hand(); redraw(); };
  const box = h("div");
  const redraw = () => box.replaceChildren(
    ...(isCheck ? [button(say("八项齐全", "All eight are here"), "plain", "check", allHere)] : []),
    ...visit.form.kit.map((item) => h("div.item.kit", { role: "group", "aria-label": words(item.label) },
      h("p", null, words(item.label), stock(item)), isCheck ? carried(item) : used(item))));
  redraw();
  return box;
}
