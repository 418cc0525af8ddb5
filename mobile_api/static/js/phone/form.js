// Draws the fields of a step from the checklist's JSON and hands each answer over at every change.
import { button, day, dayTime, h, instantOf, note, say, sign, wall, words } from "./dom.js";
import { limitFor, range } from "./measure.js";
import { keepPhoto, photoAddress } from "./photo.js";
import { contextOf, entryOf, flawOf, isAsked, isRequired, problemOf, symptomsToWatch, takenBack, valueOf, verdictOf } from "./progress.js";
import { signed, signingPad } from "./signature.js";

const TONES = { pass: ["good", "check"], warn: ["warn", "warn"], fail: ["bad", "cross"], implausible: ["bad", "question"], plain: ["note", "info"] };
const AVERAGED = ["dl_rate", "ul_rate"]; // "average of 3": three results are typed, the phone reckons
const pill = (verdict, visit) => h(`span.pill.tone-${TONES[verdict][0]}`, null, sign(TONES[verdict][1]), h("span", null, words(visit.form.verdicts[verdict])));
const labelOf = (options, value) => { const known = options.find((option) => option.value === value); return known ? words(known.label) : value; };
const input = (type, value, oninput, more) => h("input", { type, value: value ?? "", autocomplete: "off", oninput: (event) => oninput(event.target.value), ...more });
const labelled = (id, label, control) => h("div.field", null, h("label", { for: id }, label), control);
const numberIn = (text) => { const plain = text.normalize("NFKC").replace(/[−–—]/g, "-").replace(/[,。]/g, ".").trim(); return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN; };

function choices(id, options, isChosen, onpick, type = "radio") {
  return h("div.choices", null, options.map((option) => h("label.choice", null,
    h("input", { type, name: id, value: String(option.value), checked: isChosen(option.value), onchange: (event) => onpick(option.value, event.target.checked) }),
    h("span", null, words(option.label), option.must && h("span.required", null, say("必做", "required"))))));
}
/** A number with its unit; numeric pads lack the minus sign, so negative ones come with a key for it. */
function numberBox(id, value, unit, signs, label, onvalue) {
  const box = input("text", value, (text) => onvalue(text.trim() ? numberIn(text) : null), { id, inputmode: "decimal", "aria-label": label });
  const turn = () => { box.value = box.value.trim().startsWith("-") ? box.value.trim().slice(1) : `-${box.value.trim()}`; box.dispatchEvent(new Event("input")); box.focus(); };
  return h("div.with-unit", null, box, signs && button("±", "plain", null, turn, { "aria-label": say("正负号", "Change the sign") }), unit && h("span.unit", null, unit));
}
/** Rows that can be added and taken away. `draw(item, changed)` draws one; whole rows only are handed over. */
function rows(list, draw, isWhole, blank, addText, put) {
  const kept = list.map((item) => ({ ...item }));
  const changed = () => put(kept.filter(isWhole));
  const box = h("div.rows");
  const redraw = () => box.replaceChildren(...kept.map((item, n) => h("div.item", null, draw(item, n, changed),
    button(say("删除", "Remove"), "quiet", "cross", () => { kept.splice(n, 1); redraw(); changed(); }))),
  button(addText, "plain", "plus", () => { kept.push({ ...blank }); redraw(); box.querySelector(".item:last-of-type :is(input, textarea)")?.focus(); }));
  redraw();
  return box;
}

const WIDGETS = {
  yes_no: ({ id, value, put }) => choices(id, [{ value: true, label: { zh: "是", en: "Yes" } }, { value: false, label: { zh: "否", en: "No" } }], (one) => one === value, put),
  choice: ({ id, field, value, put }) => choices(id, field.options, (one) => one === value, put),
  multi_choice({ id, field, value, put }) {
    const ticked = new Set(value);
    return choices(id, field.options, (one) => ticked.has(one), (one, on) => { ticked[on ? "add" : "delete"](one); put([...ticked]); }, "checkbox");
  },
  text: ({ id, field, value, put }) => { const box = h("textarea", { id, rows: 2, maxlength: field.max_count, oninput: () => put(box.value) }, value ?? ""); return box; },
  number: ({ id, field, value, put }) => numberBox(id, value?.value, field.unit, false, words(field.label), (one) => put(Number.isNaN(one) || one === null ? null : { value: one, unit: field.unit ?? "" })),
  dial_code({ id, visit, field, value, put }) {
    const told = h("div", { role: "status" });
    const tell = (code) => {
      const known = visit.form.dial_errors.find((error) => error.code === code);
      told.replaceChildren(...(known ? [note("note", h("strong", null, words(known.meaning)), h("br"), words(known.technician)), h("p.hint", null, say("客户可先：", "The customer first: "), words(known.customer_first))] : []));
    };
    tell(value);
    return [input("text", value, (text) => { const code = numberIn(text); tell(code); put(Number.isInteger(code) ? code : null); }, { id, inputmode: "numeric", maxlength: 3, "aria-label": words(field.label) }), told];
  },
  moment({ id, field, value, put }) {
    const dateOnly = field.key === "password_changed_at";
    const box = input(dateOnly ? "date" : "datetime-local", value && wall(value).slice(0, dateOnly ? 10 : 16), (text) => put(text ? instantOf(dateOnly ? `${text}T12:00` : text) : null), { id });
    const now = () => { const instant = new Date().toISOString(); box.value = wall(instant); put(instant); };
    return h("div.row", null, box, !dateOnly && button(say("现在", "Now"), "plain", "clock", now));
  },
  measurement(given) {
    const { id, visit, field, value, put } = given;
    const measurement = visit.form.measurements[field.measurement];
    if (measurement.kind === "choice") return choices(id, measurement.allowed.map((one) => ({ value: one, label: { zh: one, en: one } })), (one) => one === value?.value, (one) => put({ value: one, unit: measurement.unit }));
    const now = { ...value };
    const hand = () => put(now.value === undefined || now.value === null ? null : { ...now, unit: measurement.unit });
    if (AVERAGED.includes(measurement.name)) {
      const runs = now.runs ? [...now.runs] : [now.value];
      const average = h("p.average");
      const reckon = () => {
        const given = runs.filter((run) => Number.isFinite(run));
        now.value = given.length ? Number((given.reduce((sum, run) => sum + run, 0) / given.length).toFixed(measurement.decimals)) : undefined;
        if (given.length > 1) now.runs = given; else delete now.runs;
        average.textContent = given.length > 1 ? `${say("平均", "Average")} ${now.value} ${measurement.unit}` : "";
      };
      reckon();
      return [h("div.runs", null, [0, 1, 2].map((n) => numberBox(`${id}${n ? `-${n}` : ""}`, runs[n], "", false, `${words(field.label)} ${n + 1}`, (one) => { runs[n] = one ?? undefined; delete now.confirmed; reckon(); hand(); })),
        h("span.unit", null, measurement.unit)), average, verdict(given, now, hand)];
    }
    const asWord = measurement.special.map(([word, meaning]) => ({ value: word, label: { zh: `${meaning.zh}（${word}）`, en: `${meaning.en} (${word})` } }));
    return [numberBox(id, asWord.some((one) => one.value === now.value) ? "" : now.value, measurement.unit, measurement.plausible[0] < 0, words(field.label),
      (one) => { now.value = one; delete now.confirmed; if (!Number.isNaN(one)) hand(); else put(null); }),
    asWord.length > 0 && choices(`${id}-word`, asWord, (one) => one === now.value, (one, on) => { now.value = on ? one : undefined; hand(); }, "checkbox"), verdict(given, now, hand)];
  },
  room_measurements({ id, visit, field, value, put }) {
    const { unit } = visit.form.measurements[field.measurement];
    return rows(value ?? [], (item, n, changed) => {
      const told = h("p.verdict", { role: "status" });
      const tell = () => { const judged = Number.isFinite(item.value) && verdictOf(visit, field, item); told.replaceChildren(...(judged ? [pill(judged.verdict, visit), words(judged.reason)] : [])); };
      tell();
      return [labelled(`${id}-${n}-room`, say("房间", "Room"), input("text", item.room, (text) => { item.room = text.trim(); changed(); }, { id: `${id}-${n}-room`, list: "rooms", maxlength: 40 })),
        choices(`${id}-${n}-band`, visit.form.choices.bands, (one) => one === item.band, (one) => { item.band = one; tell(); changed(); }),
        numberBox(`${id}-${n}`, item.value, unit, true, say("信号强度", "Signal"), (one) => { item.value = one; tell(); changed(); }), told];
    }, (item) => item.room && item.band && Number.isFinite(item.value), { room: "", band: "5", unit }, say("添加房间", "Add a room"), put);
  },
  photo({ id, field, value, put }) {
    const names = [...(value ?? [])];
    const box = h("div.photos");
    const told = h("div", { role: "alert" });
    const hand = () => put([...names]);
    const redraw = async () => box.replaceChildren(...await Promise.all(names.map(async (name, n) => h("figure", null,
      h("img", { src: await photoAddress(name), alt: `${words(field.label)} ${n + 1}` }),
      button(say("删除", "Remove"), "quiet", "cross", () => { names.splice(n, 1); redraw(); hand(); })))));
    const take = async (event) => {
      told.replaceChildren();
      for (const file of event.target.files) {
        try { const name = await keepPhoto(file); if (!names.includes(name)) names.push(name); } catch { told.append(note("bad", say("这个文件不是可用的照片，请重新拍摄。", "This is no usable photo. Take it again."))); }
      }
      event.target.value = "";
      await redraw();
      hand();
    };
    redraw();
    return [box, h("label.button.plain.file", null, sign("camera"), h("span", null, say("拍照", "Take a photo")), h("input", { id, type: "file", accept: "image/*", capture: "environment", onchange: take })), told];
  },
  symptoms({ id, visit, field, value, put }) {
    const ticked = new Set(value);
    const own = [...new Set([...visit.order.symptoms, ...ticked])].filter((name) => !field.options.some((option) => option.value === name));
    const box = h("div");
    const redraw = () => box.replaceChildren(choices(id, [...field.options, ...own.map((name) => ({ value: name, label: { zh: name, en: name } }))], (one) => ticked.has(one),
      (one, on) => { ticked[on ? "add" : "delete"](one); put([...ticked]); }, "checkbox"));
    const words_ = h("input", { id: `${id}-own`, maxlength: 60, autocomplete: "off" });
    const add = () => { const name = words_.value.trim(); if (!name) return; own.push(name); ticked.add(name); words_.value = ""; redraw(); put([...ticked]); };
    redraw();
    return [box, h("div.row", null, labelled(`${id}-own`, say("客户的原话", "In the customer's words"), words_), button(say("添加", "Add"), "plain", "plus", add))];
  },
  symptom_watch({ id, visit, field, value, put }) {
    const known = new Map((value ?? []).map((item) => [item.symptom, { ...item }]));
    const picks = fieldOptions(visit);
    const hand = () => put(symptomsToWatch(visit, field).map((name) => known.get(name)).filter((item) => item?.result));
    return symptomsToWatch(visit, field).map((name, n) => {
      const item = known.get(name) ?? { symptom: name };
      known.set(name, item);
      const why = () => labelled(`${id}-${n}-note`, say("说明", "Note"), input("text", item.note, (text) => { if (text.trim()) item.note = text.trim(); else delete item.note; hand(); }, { id: `${id}-${n}-note`, maxlength: 500 }));
      const noted = h("div", null, item.result && item.result !== "gone" && why());
      return h("fieldset.item", null, h("legend", null, labelOf(picks, name)),
        choices(`${id}-${n}`, visit.form.choices.symptom_results, (one) => one === item.result, (one) => { item.result = one; noted.replaceChildren(...(one === "gone" ? [] : [why()])); hand(); }),
        numberBox(`${id}-${n}-minutes`, item.watched_minutes, say("分钟观察", "min watched"), false, say("观察分钟数", "Minutes watched"), (one) => { if (Number.isInteger(one)) item.watched_minutes = one; else delete item.watched_minutes; hand(); }), noted);
    });
  },
  open_questions: ({ id, value, put }) => rows(value ?? [], (item, n, changed) => [
    labelled(`${id}-${n}`, say("问题", "Question"), h("textarea", { id: `${id}-${n}`, rows: 2, maxlength: 500, oninput: (event) => { item.text = event.target.value; changed(); } }, item.text)),
    labelled(`${id}-${n}-by`, say("希望何时答复", "Answer wanted by"), input("date", item.answer_by, (text) => { if (text) item.answer_by = text; else delete item.answer_by; changed(); }, { id: `${id}-${n}-by` }))],
  (item) => item.text.trim(), { text: "" }, say("添加问题", "Add a question"), put),
  device({ id, value, put }) {
    const now = { ...value };
    const parts = [["manufacturer", "厂家", "Maker"], ["model", "型号", "Model"], ["serial", "序列号", "Serial number"], ["mac", "MAC 地址（选填）", "MAC address (optional)"], ["software", "软件版本（选填）", "Software (optional)"]];
    return h("div.columns", null, parts.map(([part, zh, en]) => labelled(`${id}-${part}`, say(zh, en), input("text", now[part], (text) => { if (text.trim()) now[part] = text.trim(); else delete now[part]; put(Object.keys(now).length ? { ...now } : null); }, { id: `${id}-${part}`, maxlength: part === "mac" ? 17 : 64, autocapitalize: "characters", spellcheck: "false" }))));
  },
  rating: ({ id, visit, value, put }) => choices(id, [5, 4, 3, 2, 1].map((n) => ({ value: n, label: { zh: `${n} 分${n === 5 ? "（非常满意）" : n === 1 ? "（很不满意）" : ""}`, en: `${n}${n === 5 ? " (very good)" : n === 1 ? " (poor)" : ""}` } })).concat(visit.form.choices.declined), (one) => one === value, put),
  kit({ id, visit, field, value, put }) {
    const lines = new Map((value ?? []).map((line) => [line.item, { ...line }]));
    const box = h("div");
    const hand = () => put(visit.form.kit.map((item) => lines.get(item.key)).filter(Boolean));
    const set = (key, line, again) => { lines.set(key, { item: key, ...line }); hand(); if (again) redraw(); };
    const carried = (item) => {
      const line = lines.get(item.key);
      const states = item.use === "reusable" ? [["good", "完好", "Good"], ["worn", "磨损", "Worn"]] : [["yes", "已带", "Carried"]];
      return [choices(`${id}-${item.key}`, [...states, ["no", "缺少", "Missing"]].map(([key, zh, en]) => ({ value: key, label: { zh, en } })), (one) => line && (one === "no") === !line.carried && (one === "no" || one === (line.condition ?? "yes")),
        (one) => set(item.key, one === "no" ? { carried: false } : { carried: true, ...(one === "yes" ? {} : { condition: one }) }, true)),
      line?.carried === false && labelled(`${id}-${item.key}-why`, say("缺少的原因", "Why is it missing"), input("text", line.reason, (text) => { if (text.trim()) line.reason = text.trim(); else delete line.reason; hand(); }, { id: `${id}-${item.key}-why`, maxlength: 200 }))];
    };
    const used = (item) => (item.use === "reusable"
      ? choices(`${id}-${item.key}`, visit.form.choices.conditions, (one) => one === lines.get(item.key)?.condition, (one) => set(item.key, { used: 0, condition: one }))
      : numberBox(`${id}-${item.key}`, lines.get(item.key)?.used, say("件", "used"), false, words(item.label), (n) => { if (Number.isInteger(n)) set(item.key, { used: n }); else { lines.delete(item.key); hand(); } }));
    const whole = () => { for (const item of visit.form.kit) lines.set(item.key, { item: item.key, carried: true, ...(item.use === "reusable" ? { condition: "good" } : {}) }); redraw(); hand(); };
    const redraw = () => box.replaceChildren(...[field.kit_part === "carried" && button(say("八项齐全", "All eight are here"), "plain", "check", whole)].filter(Boolean),
      ...visit.form.kit.map((item) => h("div.item.kit", { role: "group", "aria-label": words(item.label) }, h("p", null, words(item.label), visit.kit_stock[item.key] !== undefined && h("span.muted.small", null, say(`车上 ${visit.kit_stock[item.key]}`, `${visit.kit_stock[item.key]} in the van`))), field.kit_part === "carried" ? carried(item) : used(item))));
    redraw();
    return box;
  },
  signature({ id, visit, field, value, put, redraw }) {
    const yes = say("确认签名", "Confirm the signature");
    if (value) return [signed(value), button(say("重新签名", "Sign again"), "plain", "return", () => { put(null); redraw(); })];
    const name = field.filled_by === "customer" ? visit.customer.name : visit.technician.name;
    return signingPad({ id, name, mayRefuse: field.may_refuse, reservations: field.filled_by === "customer", yes, keep: (given) => { put(given); redraw(); } });
  },
};
const fieldOptions = (visit) => visit.form.steps.flatMap((step) => step.fields.filter((field) => field.type === "symptoms").flatMap((field) => field.options));

/** What a typed value means, as it is typed; `now` is changed when the technician confirms or takes the hint. */
function verdict({ visit, field, id, redraw }, now, hand) {
  const told = h("div.verdict", { role: "status", id: `${id}-verdict` });
  const measurement = visit.form.measurements[field.measurement];
  told.update = () => {
    const limit = limitFor(measurement, contextOf(visit));
    const wanted = limit && words(range(limit.pass_min, limit.pass_max, measurement.unit, limit.pass_max_open));
    const possible = words(range(...measurement.plausible, measurement.unit));
    if (now.value === undefined || now.value === null) return told.replaceChildren(h("p.hint", null, wanted && say(`合格 ${wanted}；`, `Good: ${wanted}; `), say(`可能 ${possible}`, `possible: ${possible}`)));
    const judged = verdictOf(visit, field, now);
    const take = () => { now.value = judged.hint; delete now.runs; hand(); redraw(); };
    const confirm = choices(`${id}-sure`, [{ value: "yes", label: { zh: "已复核，读数确实如此", en: "Read twice: it truly shows this" } }], () => now.confirmed, (_, on) => { if (on) now.confirmed = true; else delete now.confirmed; hand(); }, "checkbox");
    return told.replaceChildren(h("p", null, pill(judged.verdict, visit), " ", words(judged.reason)),
      ...[judged.hint !== null && button(say(`改为 ${judged.hint} ${measurement.unit}`, `Make it ${judged.hint} ${measurement.unit}`), "plain", "edit", take), judged.verdict === "implausible" && Number.isFinite(now.value) && confirm].filter(Boolean));
  };
  told.update();
  return told;
}

/** What a fact of the visit suggests as a first answer: taken over with one press, never by itself. */
function suggestion(visit, field, taken) {
  const offered = { reported_symptoms: visit.order.symptoms, access: visit.measuring.access,
    kit_used: visit.form.kit.map((item) => ({ item: item.key, used: item.used_by_a_visit, ...(item.use === "reusable" ? { condition: "good" } : {}) })) }[field.prefill];
  if (takenBack(offered)) return null;
  const text = field.prefill === "kit_used" ? say("与平常一样，各用一件", "As usual, one of each") : say(`按工单：${[offered].flat().map((one) => labelOf(field.options, one)).join("、")}`, `As ordered: ${[offered].flat().map((one) => labelOf(field.options, one)).join(", ")}`);
  return button(text, "plain", "check", () => taken(offered), { "data-suggestion": field.key });
}

/** One field: {root, update}. `put(field, value)` keeps an answer; `update` follows what other answers change. */
export function drawField(visit, step, field, put) {
  const id = `f-${step.key}-${field.key}`;
  const single = ["text", "number", "dial_code", "moment"].includes(field.type);
  const mark = h("span.required");
  const control = h("div.control");
  const offer = h("div.offer");
  const told = h("div.told");
  const redraw = () => control.replaceChildren(...[WIDGETS[field.type]({ id, visit, field, value: valueOf(visit, step.key, field.key), put: (given) => put(field, given), redraw })].flat().filter(Boolean));
  const title = single ? h("label", { for: id }, words(field.label), mark) : h("legend", null, words(field.label), mark);
  const root = h(single ? "div.field" : "fieldset.field", { id: `${id}-field`, tabindex: -1 }, title, field.hint && h("p.hint", null, words(field.hint)), offer, control, told);
  redraw();
  const update = () => {
    root.hidden = !isAsked(visit, step, field);
    const answered = valueOf(visit, step.key, field.key) !== undefined;
    mark.textContent = !answered && isRequired(visit, step, field) ? say("必填", "required") : "";
    offer.replaceChildren(...(answered || !field.prefill ? [] : [suggestion(visit, field, (value) => { put(field, value); redraw(); })].filter(Boolean)));
    control.querySelector(".verdict")?.update?.();
    const problem = answered && problemOf(visit, step, field);
    const flags = entryOf(visit, step.key, field.key)?.flags ?? [];
    told.replaceChildren(...(problem && !(field.measurement && control.querySelector(".verdict")) ? [h("p.error", null, sign("warn"), h("span", null, problem))] : []),
      ...(problem && flawOf(visit, field, valueOf(visit, step.key, field.key)) ? [] : flags.map((flag) => note("warn", say("服务器提示：", "From the server: "), words(flag)))));
    root.classList.toggle("has-error", Boolean(problem));
  };
  return { field, root, update };
}

/** An answer in words, for the summary that the customer reads. */
export function spoken(visit, field, value) {
  const number = (one) => `${one.value} ${one.unit ?? ""}`.trim();
  const judged = (one) => `${number(one)}（${words(visit.form.verdicts[verdictOf(visit, field, one).verdict])}）`;
  const list = (items) => items.join(say("、", ", "));
  const speak = {
    yes_no: () => (value ? say("是", "Yes") : say("否", "No")), choice: () => labelOf(field.options, value),
    multi_choice: () => list(value.map((one) => labelOf(field.options, one))), symptoms: () => list(value.map((one) => labelOf(field.options, one))),
    number: () => number(value), measurement: () => judged(value), room_measurements: () => list(value.map((one) => `${one.room} ${one.band} GHz ${judged(one)}`)),
    photo: () => say(`${value.length} 张`, `${value.length}`), moment: () => (field.key === "password_changed_at" ? day(value) : dayTime(value)),
    open_questions: () => list(value.map((one) => one.text)), device: () => list([value.manufacturer, value.model, value.serial]),
    symptom_watch: () => list(value.map((one) => `${labelOf(fieldOptions(visit), one.symptom)}：${labelOf(visit.form.choices.symptom_results, one.result)}`)),
    kit: () => list(value.filter((line) => (field.kit_part === "used" ? line.used : line.carried)).map((line) => `${words(visit.form.kit.find((item) => item.key === line.item).label)}${line.used > 1 ? ` ×${line.used}` : ""}`)),
    rating: () => (value === "declined" ? words(visit.form.choices.declined.label) : say(`${value} 分`, `${value} of ${field.max_value}`)),
    signature: () => (value.refused ? say("未签名", "not signed") : `${say("已签名", "signed")} ${value.name}`),
  }[field.type];
  return speak ? speak() : String(value);
}
