// What some types of fields do beside: moments, photos, symptoms in own words, and answers made of parts.
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { Field, Measured, filled, numberIn } from "./field.js";
import { keepPhoto, photoAddress } from "./photo.js";
import { symptomsToWatch } from "./progress.js";
import { Signing } from "./signing.js";
import { visit } from "./visit.js";
import { instantOf, wall } from "./words.js";

class Symptoms extends Field {
  get own() { return [...new Set([...visit.order.symptoms, ...this.draft])].filter((name) => !this.isNamed(name)); }
  isNamed(name) { return this.field.options.some(({ value }) => value === name); }
  tell(name) {
    if (name.trim()) this.draft = [...new Set([...this.draft, name.trim()])];
    this.hand();
    return "";
  }
}
class DialCode extends Field {
  to(draft) { return Number.isInteger(numberIn(draft)) ? numberIn(draft) : null; }
  get known() { return visit.form.dial_errors.find(({ code }) => code === this.answer); }
}
class Moment extends Field {
  dated = this.field.key.endsWith("_changed_at");
  from(value) { return value ? wall(value).slice(0, this.dated ? 10 : 16) : ""; }
  to(draft) { return draft && instantOf(this.dated ? `${draft}T12:00` : draft); }
  now() { this.take(new Date().toISOString()); }
}
class Photos extends Field {
  shown = {};
  trouble = "";
  async init() { super.init(); for (const name of this.draft) this.shown[name] = await photoAddress(name); }
  async add(input) {
    this.trouble = "";
    for (const file of input.files) {
      try {
        const name = await keepPhoto(file, visit.id);
        this.shown[name] = await photoAddress(name);
        if (!this.draft.includes(name)) this.draft.push(name);
      } catch (error) { this.trouble = error.name === "QuotaExceededError" ? "full" : "no picture"; }
    }
    input.value = "";
    this.hand();
  }
}
/** An answer of parts, or rows of them: rows are added and removed, or given (`named`); whole ones are handed over. */
class Parts extends Field {
  scans = Boolean(globalThis.BarcodeDetector);
  unread = false;
  from(value) {
    const { named, options, type } = this.field;
    const rows = super.from(value);
    const names = type === "kit" ? options.map((one) => one.value) : named && symptomsToWatch(visit, this.field);
    return named ? names.map((name) => ({ [named]: name, ...rows.find((row) => row[named] === name) })) : rows;
  }
  read(row) {
    const { numbers, whole } = this.field;
    const isCounted = (part, number) => Number.isInteger(number) || (part === "value" && Number.isFinite(number));
    const parts = filled(Object.fromEntries(Object.entries(row).map(([part, given]) => [part, !numbers.includes(part)
      ? given?.trim?.() ?? given : isCounted(part, numberIn(given)) ? numberIn(given) : ""])));
    return Object.keys(parts).length && whole.every((part) => part in parts) ? parts : null;
  }
  to(draft) { return Array.isArray(draft) ? draft.map((row) => this.read(row)).filter(Boolean) : this.read(draft); }
  add() {
    this.draft.push({ ...this.field.row });
    this.$nextTick(() => this.$root.querySelector(".item:last-of-type :is(input, textarea)").focus());
  }
  choose(row, parts) { Object.assign(row, { reason: "" }, parts); this.hand(); }
  get measured() { return visit.form.measurements[this.field.measurement]; }
  judged(row) {
    return [numberIn(row.value)].filter(Number.isFinite).map((value) => visit.judged(this.field, { ...row, value }));
  }
  async scan(input) { // a serial number from its barcode: a picture is taken, read, and forgotten
    const found = await createImageBitmap(input.files[0])
      .then((picture) => new BarcodeDetector().detect(picture)).catch(() => []);
    const text = found[0]?.rawValue.trim();
    this.unread = !text;
    if (text) this.draft.serial = text.slice(0, 64);
    input.value = "";
    this.hand();
  }
}

const TYPES = { symptoms: Symptoms, dial_code: DialCode, moment: Moment, photo: Photos, signature: Signing,
  measurement: Measured, number: Parts, device: Parts, room_measurements: Parts, open_questions: Parts,
  symptom_watch: Parts, kit: Parts };
Alpine.data("control", (field) => new (TYPES[field.type] ?? Field)(field));
