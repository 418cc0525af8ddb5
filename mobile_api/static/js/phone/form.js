// Draws the fields of a step from the checklist's JSON and hands each answer over at every change.
import { choices, input, labelOf, numberBox, numberIn, option, ticks } from "./controls.js";
import { button, h, instantOf, note, say, sign, wall, words } from "./dom.js";
import { device, kit, openQuestions, symptoms, symptomWatch } from "./listed.js";
import { measurement, roomMeasurements } from "./measured.js";
import { keepPhoto, photoAddress } from "./photo.js";
import { entryOf, flawOf, isAsked, isRequired, problemOf, takenBack, valueOf } from "./progress.js";
import { signed, signingPad } from "./signature.js";

const YES_NO = [option(true, "是", "Yes"), option(false, "否", "No")];
const POINTS = [option(5, "5 分（非常满意）", "5 (very good)"), option(4, "4 分", "4"), option(3, "3 分", "3"), option(2, "2 分", "2"), option(1, "1 分（很不满意）", "1 (poor)")];
const pickOne = (id, options, value, put) => choices(id, options, (one) => one === value, (one) => put(one));

function dialCode({ id, visit, field, value, put }) {
  const told = h("div", { role: "status" });
  const tell = (code) => {
    const known = visit.form.dial_errors.find((error) => error.code === code);
    told.replaceChildren(...(known ? [note("note", h("strong", null, words(known.meaning)), h("br"), words(known.technician)),
      h("p.hint", null, say("客户可先：", "The customer first: "), words(known.customer_first))] : []));
  };
  const typed = (text) => { const code = numberIn(text); tell(code); put(Number.isInteger(code) ? code : null); };
  tell(value);
  return [input("text", value, typed, { id, inputmode: "numeric", maxlength: 3, "aria-label": words(field.label) }), told];
}

function moment({ id, field, value, put }) {
  const dateOnly = field.key === "password_changed_at";
  const typed = (text) => put(text ? instantOf(dateOnly ? `${text}T12:00` : text) : null);
  const box = input(dateOnly ? "date" : "datetime-local", value && wall(value).slice(0, dateOnly ? 10 : 16), typed, { id });
  const now = () => { const instant = new Date().toISOString(); box.value = wall(instant); put(instant); };
  return h("div.row", null, box, !dateOnly && button(say("现在", "Now"), "plain", "clock", now));
}

function photo({ id, visit, field, value, put }) {
  const names = [...(value ?? [])];
  const box = h("div.photos");
  const told = h("div", { role: "alert" });
  const remove = (n) => { names.splice(n, 1); redraw(); put([...names]); };
  const draw = async (name, n) => h("figure", null, h("img", { src: await photoAddress(name), alt: `${words(field.label)} ${n + 1}` }),
    button(say("删除", "Remove"), "quiet", "cross", () => remove(n)));
  const redraw = async () => box.replaceChildren(...await Promise.all(names.map(draw)));
  const take = async ({ target }) => {
    told.replaceChildren();
    for (const file of target.files) {
      try {
        const name = await keepPhoto(file, visit.id);
        if (!names.includes(name)) names.push(name);
      } catch (error) {
        told.append(note("bad", error.name === "QuotaExceededError"
          ? say("手机存储已满，照片没有保存。请清理后重新拍摄。", "The phone is full: the photo is not kept. Make room, then take it again.")
          : say("这个文件不是可用的照片，请重新拍摄。", "This is no usable photo. Take it again.")));
      }
    }
    target.value = "";
    await redraw();
    put([...names]);
  };
  redraw();
  return [box, h("label.button.plain.file", null, sign("camera"), h("span", null, say("拍照", "Take a photo")),
    h("input", { id, type: "file", accept: "image/*", capture: "environment", onchange: take })), told];
}

function signature({ id, visit, field, value, put, redraw }) {
  if (value) return [signed(value), button(say("重新签名", "Sign again"), "plain", "return", () => { put(null); redraw(); })];
  const byCustomer = field.filled_by === "customer";
  return signingPad({ id, name: (byCustomer ? visit.customer : visit.technician).name, mayRefuse: field.may_refuse, reservations: byCustomer,
    yes: say("确认签名", "Confirm the signature"), keep: (given) => { put(given); redraw(); } });
}

const WIDGETS = {
  yes_no: ({ id, value, put }) => pickOne(id, YES_NO, value, put),
  choice: ({ id, field, value, put }) => pickOne(id, field.options, value, put),
  rating: ({ id, visit, value, put }) => pickOne(id, [...POINTS, visit.form.choices.declined], value, put),
  multi_choice: ({ id, field, value, put }) => ticks(id, field.options, value, put),
  text: ({ id, field, value, put }) =>
    h("textarea", { id, rows: 2, maxlength: field.max_count, oninput: (event) => put(event.target.value) }, value ?? ""),
  number: ({ id, field, value, put }) => numberBox(id, value?.value, field.unit, false, words(field.label),
    (one) => put(Number.isNaN(one) || one === null ? null : { value: one, unit: field.unit ?? "" })),
  dial_code: dialCode,
  open_questions: openQuestions,
  room_measurements: roomMeasurements,
  symptom_watch: symptomWatch,
  device, kit, measurement, moment, photo, signature, symptoms,
};
const LABELLED = ["text", "number", "dial_code", "moment"]; // one control; the others are groups

/** What a fact of the visit suggests as a first answer: taken over with one press, never by itself. */
function suggestion(visit, field, take) {
  const usual = visit.form.kit.map((item) => ({ item: item.key, used: item.used_by_a_visit, ...(item.use === "reusable" ? { condition: "good" } : {}) }));
  const offered = { reported_symptoms: visit.order.symptoms, access: visit.measuring.access, kit_used: usual }[field.prefill];
  if (takenBack(offered)) return [];
  const names = [offered].flat().map((one) => labelOf(field.options, one));
  const text = field.prefill === "kit_used" ? say("与平常一样，各用一件", "As usual, one of each")
    : say(`按工单：${names.join("、")}`, `As ordered: ${names.join(", ")}`);
  return [button(text, "plain", "check", () => take(offered), { "data-suggestion": field.key })];
}

/** One field: {root, update}. `put(field, value)` keeps an answer; `update` follows what other answers change. */
export function drawField(visit, step, field, put) {
  const id = `f-${step.key}-${field.key}`;
  const isGroup = !LABELLED.includes(field.type);
  const mark = h("span.required");
  const [offer, control, told] = [h("div.offer"), h("div.control"), h("div.told")];
  const given = () => ({ id, visit, field, value: valueOf(visit, step.key, field.key), put: (value) => put(field, value), redraw });
  const redraw = () => control.replaceChildren(...[WIDGETS[field.type](given())].flat(3).filter(Boolean));
  const title = h(isGroup ? "legend" : "label", { for: isGroup ? null : id }, words(field.label), mark);
  const root = h(isGroup ? "fieldset.field" : "div.field", { id: `${id}-field`, tabindex: -1 }, title,
    field.hint && h("p.hint", null, words(field.hint)), offer, control, told);
  const take = (value) => { put(field, value); redraw(); };
  const update = () => {
    const value = valueOf(visit, step.key, field.key);
    const answered = value !== undefined;
    const problem = answered && problemOf(visit, step, field);
    const isFlaw = problem && flawOf(visit, field, value);
    const verdict = control.querySelector(".verdict");
    const flags = isFlaw ? [] : entryOf(visit, step.key, field.key)?.flags ?? [];
    root.hidden = !isAsked(visit, step, field);
    root.classList.toggle("has-error", Boolean(problem));
    mark.textContent = !answered && isRequired(visit, step, field) ? say("必填", "required") : "";
    offer.replaceChildren(...(answered || !field.prefill ? [] : suggestion(visit, field, take)));
    verdict?.update?.();
    told.replaceChildren(...(problem && !(field.measurement && verdict) ? [h("p.error", null, sign("warn"), h("span", null, problem))] : []),
      ...flags.map((flag) => note("warn", say("服务器提示：", "From the server: "), words(flag))));
  };
  redraw();
  return { field, root, update };
}
