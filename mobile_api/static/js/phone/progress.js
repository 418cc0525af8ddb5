// How far a visit is: the phone's twin of checklists/progress.py, so that it knows without a network what is missing.
// It may be milder than the server, which stays the judge; tests/browser holds the two against each other.
import { judge } from "./measure.js";

export const takenBack = (value) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
export function valueOf(visit, step, key) {
  const value = visit.answers.get(`${step}/${key}`)?.value;
  return takenBack(value) ? undefined : value;
}
const stepOf = (visit, key) => visit.form.steps.find((step) => step.key === key);

export function holds(visit, { step: stepKey, key, values }) {
  const entry = visit.answers.get(`${stepKey}/${key}`);
  const step = stepOf(visit, stepKey);
  if (!entry || !isAsked(visit, step, step.fields.find((field) => field.key === key))) return false;
  return [entry.value].flat().some((item) => values.includes(item));
}
function isNeeded(visit, step) {
  const stop = visit.form.stops_when;
  if (stop && step.number > stepOf(visit, stop.step).number && holds(visit, stop)) return false;
  return !step.skipped_if || !holds(visit, step.skipped_if);
}
const isAsked = (visit, step, field) => isNeeded(visit, step) && (!field.shown_if || holds(visit, field.shown_if));

/** What the judge of a measurement has to know of this line; the access found on site counts first. */
export const contextOf = (visit, band) =>
  ({ access: valueOf(visit, "work", "access_technology") ?? visit.measuring.access, band });
export const verdictOf = (visit, { measurement }, { value, band }) => judge(visit.form.measurements[measurement],
  visit.limits[measurement], value, contextOf(visit, band), visit.form.reasons);
/** Every symptom that has to be watched: the order's, and those told at the home. */
export const symptomsToWatch = (visit, field) =>
  [...new Set([...visit.order.symptoms, ...(valueOf(visit, ...field.watches) ?? [])])];

export const average = (runs) => runs.reduce((sum, run) => sum + run, 0) / runs.length;
export function median(runs) {
  const sorted = [...runs].sort((a, b) => a - b);
  return average([sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]);
}
const isFar = (visit, { measurement }, { value, runs }, reckon) =>
  runs && Math.abs(reckon(runs) - value) > 10 ** -visit.form.measurements[measurement].decimals + 1e-9;

// What checklists/phone_checks.py can ask for: each says whether one of the answer's items, or its whole, is at fault.
const RULES = {
  blank: ({ value }) => !value.trim(),
  needs: ({ one, parts }) => parts.some((part) => !one[part]?.trim()),
  explained: ({ one, part, wanted, by }) => one[part] === wanted && !one[by],
  few: ({ value, low }) => value.length < low,
  many: ({ value, high }) => value.length > high,
  range: ({ value, low, high }) => (value.value ?? value) < low || (value.value ?? value) > high,
  twice: ({ value, parts }) =>
    new Set(value.map((one) => parts.map((part) => one[part].trim()).join("/"))).size < value.length,
  watched: ({ visit, field, value }) =>
    symptomsToWatch(visit, field).some((name) => !value.some((one) => one.symptom === name)),
  must: ({ value, values }) => values.some((wanted) => ![value].flat().includes(wanted)),
  median: ({ visit, field, one }) => one.method === "page" && isFar(visit, field, one, median),
  average: ({ visit, field, one }) => one.method !== "page" && isFar(visit, field, one, average),
  plausible: ({ visit, field, one }) => !one.confirmed && verdictOf(visit, field, one).verdict === "implausible",
};
/** One field: is it asked, does it have to be answered, and what is wrong with its answer (its check). */
function standOf(visit, step, field) {
  const value = valueOf(visit, step.key, field.key);
  const [asked, answered] = [isAsked(visit, step, field), value !== undefined];
  const required = asked && (field.blocks || Boolean(field.required_if && holds(visit, field.required_if)));
  const flaw = answered && field.checks.find((check) =>
    [value].flat().some((one) => RULES[check.rule]({ ...check, visit, field, value, one })));
  const why = flaw?.rule === "plausible" ? verdictOf(visit, field, value).reason : flaw?.words;
  const isElsewhere = visit.elsewhere && step.key === visit.form.own_phone.step && field.filled_by === "customer";
  return { step, field, asked, required, answered: answered || isElsewhere, flaw,
    why: answered || isElsewhere ? why : visit.form.unanswered };
}

/** Each step with its fields, its state (done, open, locked, later, not_needed) and what is missing in it. */
export function progressOf(visit) {
  let next = null;
  const steps = visit.form.steps.map((step) => {
    const fields = step.fields.map((field) => standOf(visit, step, field));
    const missing = fields.filter((one) => one.required && one.why);
    let state = "done";
    if (!isNeeded(visit, step)) state = "not_needed";
    else if (next) state = "locked";
    else if (step.late_if && missing.length && holds(visit, step.late_if)) state = "later";
    else if (missing.length) [state, next] = ["open", step.key];
    return { step, state, missing, fields };
  });
  return { steps, next, endedEarly: Boolean(visit.form.stops_when && holds(visit, visit.form.stops_when)) };
}
