// How far a visit is: the phone's twin of checklists/progress.py, so that it knows without a network what is missing.
// It may be milder than the server, which stays the judge; tests/browser holds the two against each other.
import { say, words } from "./dom.js";
import { judge } from "./measure.js";

export const takenBack = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
export const entryOf = (visit, step, key) => visit.answers.get(`${step}/${key}`);
export function valueOf(visit, step, key) {
  const value = entryOf(visit, step, key)?.value;
  return takenBack(value) ? undefined : value;
}
const stepOf = (visit, key) => visit.form.steps.find((step) => step.key === key);
export const fieldOf = (visit, step, key) => stepOf(visit, step).fields.find((field) => field.key === key);

export function holds(visit, { step, key, values }) {
  const entry = entryOf(visit, step, key);
  if (!entry || !isAsked(visit, stepOf(visit, step), fieldOf(visit, step, key))) return false;
  return [entry.value].flat().some((item) => values.includes(item));
}
function isNeeded(visit, step) {
  const stop = visit.form.stops_when;
  if (stop && step.number > stepOf(visit, stop.step).number && holds(visit, stop)) return false;
  return !step.skipped_if || !holds(visit, step.skipped_if);
}
export const isAsked = (visit, step, field) => isNeeded(visit, step) && (!field.shown_if || holds(visit, field.shown_if));
export const isRequired = (visit, step, field) =>
  isAsked(visit, step, field) && (field.blocks || Boolean(field.required_if && holds(visit, field.required_if)));

/** What the judge of a measurement has to know of this line; the access found on site counts first. */
export const contextOf = (visit, more) => ({ ...visit.measuring, access: valueOf(visit, "work", "access_technology") ?? visit.measuring.access, ...more });
export const verdictOf = (visit, field, { value, band, runs }) =>
  judge(visit.form.measurements[field.measurement], value, contextOf(visit, { band, runs }), visit.form.too_fast_to_be_true);
/** Every symptom that has to be watched: the order's, and those told at the home. */
export const symptomsToWatch = (visit, field) => [...new Set([...visit.order.symptoms, ...(valueOf(visit, ...field.watches) ?? [])])];

const count = (field, items) => (items.length < (field.min_count ?? 0) ? say(`至少 ${field.min_count} 项。`, `At least ${field.min_count}.`)
  : items.length > (field.max_count ?? 99) && say(`最多 ${field.max_count} 项。`, `At most ${field.max_count}.`));
const doubtful = (visit, field, one) => {
  const judged = verdictOf(visit, field, one);
  return !one.confirmed && judged.verdict === "implausible" && words(judged.reason);
};
const CHECKS = {
  text: (visit, field, value) => (!value.trim() ? say("不能只填空格。", "This cannot be only spaces.")
    : value.length > (field.max_count ?? 1000) && say(`最多 ${field.max_count} 个字。`, `At most ${field.max_count} characters.`)),
  number: (visit, field, { value }) => ((value < (field.min_value ?? -Infinity) || value > (field.max_value ?? Infinity))
    && say(`应在 ${field.min_value} 到 ${field.max_value} 之间。`, `It should be from ${field.min_value} to ${field.max_value}.`)),
  measurement: doubtful,
  room_measurements: (visit, field, list) => (list.some((one) => !one.room || !one.band) ? say("请填写房间和频段。", "Give the room and the band.")
    : new Set(list.map((one) => `${one.room.trim()}/${one.band}`)).size < list.length ? say("同一房间同一频段只测一次。", "One value for each room and band.")
      : count(field, list) || list.map((one) => doubtful(visit, field, one)).find(Boolean)),
  photo: (visit, field, value) => count(field, value),
  symptoms: (visit, field, value) => count(field, value),
  kit: (visit, field, lines) => (field.kit_part === "carried" && (lines.some((line) => line.carried === false && !line.reason)
    ? say("缺少的物品须写明原因。", "Say why an item is missing.")
    : lines.length < field.options.length && say(`请逐项清点，共 ${field.options.length} 项。`, `Check every item: there are ${field.options.length}.`))),
  open_questions: (visit, field, list) => list.some((one) => !one.text.trim()) && say("请写明问题。", "Write the question."),
  symptom_watch: (visit, field, list) => (list.some((one) => one.result === "could_not_test" && !one.note)
    ? say("未能测试的，请写明原因。", "Say why it could not be tested.")
    : symptomsToWatch(visit, field).some((name) => !list.some((one) => one.symptom === name)) && say("还有报过的现象没有观察。", "A reported symptom is still to be watched.")),
  dial_code: (visit, field, value) => !(value >= 600 && value <= 999) && say("拨号错误代码为三位数字，如 691。", "A dial-up code has three digits, such as 691."),
  device: (visit, field, value) => !(value.manufacturer && value.model && value.serial) && say("请填写厂家、型号和序列号。", "Give maker, model and serial."),
};
/** What is wrong with an answer, in words; false when nothing is. */
export const flawOf = (visit, field, value) => (!takenBack(value) && CHECKS[field.type]?.(visit, field, value)) || false;

/** Why a field has no sound answer, in words; false when it has one. */
export function problemOf(visit, step, field) {
  const value = valueOf(visit, step.key, field.key);
  if (value === undefined) return say("尚未填写。", "Not answered yet.");
  return flawOf(visit, field, value)
    || (field.must_be_yes && value !== true && say("完成此项后才能继续。", "This has to be done before going on."))
    || (field.options.some((option) => option.must && !value.includes(option.value)) && say("有必做项未勾选。", "A required item is not ticked."));
}

/** Each step with its state (done, open, locked, later, not_needed) and what is missing in it: [field, why]. */
export function progressOf(visit) {
  let next = null;
  const steps = visit.form.steps.map((step) => {
    if (!isNeeded(visit, step)) return { step, state: "not_needed", missing: [] };
    const missing = step.fields.filter((field) => isRequired(visit, step, field))
      .map((field) => [field, problemOf(visit, step, field)]).filter(([, why]) => why);
    let state = "done";
    if (next) state = "locked";
    else if (step.late_if && missing.length && holds(visit, step.late_if)) state = "later";
    else if (missing.length) [state, next] = ["open", step.key];
    return { step, state, missing };
  });
  return { steps, next, complete: next === null, endedEarly: Boolean(visit.form.stops_when && holds(visit, visit.form.stops_when)) };
}
