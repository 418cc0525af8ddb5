// A field of a step, as the screens' templates read it: its answer, and the `draft` that its controls are bound to.
import { average, median, takenBack } from "./progress.js";
import { visit } from "./visit.js";

export const filled = (object) =>
  Object.fromEntries(Object.entries(object).filter(([, part]) => part !== "" && part !== null && part !== undefined));

/** "－18。5" and "-18,5" are what a phone's keyboard makes of -18.5. NaN for what is no number. */
export function numberIn(text) {
  const plain = String(text ?? "").normalize("NFKC").replace(/[−–—]/g, "-").replace(/[,。]/g, ".").trim();
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}
export const numberOr = (nothing, text) => (Number.isNaN(numberIn(text)) ? nothing : numberIn(text));

export class Field {
  constructor(field) {
    const alone = ["text", "number", "dial_code", "moment"].includes(field.type); // one control; the others are groups
    Object.assign(this, { field, id: `f-${field.step}-${field.key}`, alone, draft: null });
  }
  init() { this.draft = this.from(this.answer); }
  from(value) { return value ?? ""; }
  to(draft) { return draft; }
  get at() { return visit.at(this.field); }
  get answer() { return visit.value(this.field.step, this.field.key); }
  get flags() { return this.at.flaw ? [] : visit.answers.get(`${this.field.step}/${this.field.key}`)?.flags ?? []; }
  /** What a fact of the visit suggests as a first answer: taken over with one press, never by itself. */
  get suggestion() {
    const { symptoms } = visit.order;
    const offered = { reported_symptoms: symptoms, access: visit.measuring.access, kit_used: visit.form.kit_used };
    const one = offered[this.field.prefill];
    return !this.at.answered && !takenBack(one) && one;
  }
  /** Every change of a control comes here; only what is another answer is kept. */
  hand() {
    const value = this.to(this.draft) ?? null;
    if (JSON.stringify(value) !== JSON.stringify(this.answer ?? null)) visit.put(this.field, value);
  }
  take(value) {
    visit.put(this.field, value);
    this.draft = this.from(value);
  }
  turned(text) { return String(text).startsWith("-") ? text.slice(1) : `-${text}`; }
}

/** A measured value: one number, a word that the instrument shows, or single results that are reckoned into one. */
export class Measured extends Field {
  get measured() { return visit.form.measurements[this.field.measurement]; }
  get averaged() { return visit.form.averaged.includes(this.field.measurement); }
  get past() { return visit.past[this.field.measurement]; }
  get wanted() { return visit.tableFor(this.field)?.wanted; }
  get verdict() { return this.answer && visit.judged(this.field, this.answer); }
  from({ value = "", runs, ...more } = {}) {
    const word = typeof value === "string" ? value : "";
    return { ...more, word, runs: runs ?? [word ? "" : value] };
  }
  to({ runs, word, unit, confirmed, ...more }) {
    const given = runs.map(numberIn).filter(Number.isFinite);
    if (!word && !given.length) return null;
    const reckoned = (more.method === "page" ? median : average)(given);
    const value = word || (given.length > 1 ? Number(reckoned.toFixed(this.measured.decimals)) : reckoned);
    return filled({ value, unit: this.measured.unit, runs: given.length > 1 ? given : null, ...more,
      confirmed: confirmed || null });
  }
  /** Whoever types over a value has measured anew. */
  typed() { this.draft = { runs: this.draft.runs, word: "" }; }
  meant(hint) {
    this.draft = this.from({ value: hint });
    this.hand();
  }
}
