// A field of a step, as the screens' templates read it: its answer, and the `draft` that its controls are bound to.
import { average, median, takenBack } from "./progress.js";
import { visit } from "./visit.js";

const clone = (value) => JSON.parse(JSON.stringify(value));
const isThere = (part, given) => part === "unit" || (given !== "" && given !== null && given !== undefined);
export const filled = (row) => Object.fromEntries(Object.entries(row).filter(([part, given]) => isThere(part, given)));

/** "－18。5" and "-18,5" are what a phone's keyboard makes of -18.5. NaN for what is no number. */
export function numberIn(text) {
  const plain = String(text ?? "").normalize("NFKC").replace(/[−–—]/g, "-").replace(/[,。]/g, ".").trim();
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}

export class Field {
  constructor(field) {
    const alone = ["text", "dial_code", "moment"].includes(field.type); // one control; the others are groups
    Object.assign(this, { field, id: `f-${field.step}-${field.key}`, alone, draft: null });
  }
  init() { this.draft = this.from(this.answer); }
  from(value) { return clone(value ?? this.field.blank); }
  to(draft) { return draft; }
  get at() { return visit.at(this.field); }
  get answer() { return visit.value(this.field.step, this.field.key); }
  get flags() { return this.at.flaw ? [] : visit.answers.get(`${this.field.step}/${this.field.key}`)?.flags ?? []; }
  get suggestion() { // what a fact of the visit suggests as a first answer: taken over with one press, never by itself
    const { order: { symptoms: reported_symptoms }, measuring: { access }, form: { kit_used } } = visit;
    const offered = { reported_symptoms, access, kit_used }[this.field.prefill];
    return !this.at.answered && !takenBack(offered) && offered;
  }
  hand() { // every change of a control comes here; only what is another answer is kept
    const value = this.to(this.draft) ?? null;
    if (JSON.stringify(value) !== JSON.stringify(this.answer ?? null)) visit.put(this.field, value);
  }
  take(value) { visit.put(this.field, value); this.draft = this.from(value); }
  remove(n) { this.draft.splice(n, 1); this.hand(); }
  turned(text) { return String(text).startsWith("-") ? String(text).slice(1) : `-${text}`; }
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
    return { ...more, word, runs: clone(runs ?? [word ? "" : value]) };
  }
  to({ runs, word, unit, confirmed, ...more }) {
    const given = runs.map(numberIn).filter(Number.isFinite);
    if (!word && !given.length) return null;
    const reckoned = (more.method === "page" ? median : average)(given);
    const value = word || (given.length > 1 ? Number(reckoned.toFixed(this.measured.decimals)) : reckoned);
    return filled({ value, unit: this.measured.unit, ...more, runs: given.length > 1 ? given : null,
      confirmed: confirmed || null });
  }
  typed() { this.draft = { runs: this.draft.runs, word: "" }; } // whoever types over a value has measured anew
  meant(hint) { this.draft = this.from({ value: hint }); this.hand(); }
}
