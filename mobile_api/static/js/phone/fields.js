// For each type of field: how an answer becomes the draft that its controls are bound to, and back.
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { Field, Measured, filled, numberOr } from "./field.js";
import { keepPhoto, photoAddress } from "./photo.js";
import { symptomsToWatch } from "./progress.js";
import { Signing } from "./signing.js";
import { visit } from "./visit.js";
import { instantOf, wall } from "./words.js";

class Ticks extends Field {
  from(value) { return [...(value ?? [])]; }
  remove(n) {
    this.draft.splice(n, 1);
    this.hand();
  }
}
class Symptoms extends Ticks {
  get own() {
    const isNamed = (name) => this.field.options.some(({ value }) => value === name);
    return [...new Set([...visit.order.symptoms, ...this.draft])].filter((name) => !isNamed(name));
  }
  tell(name) {
    if (name.trim()) this.draft = [...new Set([...this.draft, name.trim()])];
    this.hand();
    return "";
  }
}
class Rating extends Field {
  from(value) { return String(value ?? ""); }
  to(draft) { return numberOr(draft, draft); }
}
class Quantity extends Field {
  from(value) { return value?.value ?? ""; }
  to(draft) {
    const value = numberOr(null, draft);
    return value === null ? null : { value, unit: this.field.unit ?? "" };
  }
}
class DialCode extends Field {
  to(draft) { return numberOr(null, draft); }
  get known() { return visit.form.dial_errors.find(({ code }) => code === this.answer); }
}
class Moment extends Field {
  dated = this.field.key.endsWith("_changed_at");
  from(value) { return value ? wall(value).slice(0, this.dated ? 10 : 16) : ""; }
  to(draft) { return draft && instantOf(this.dated ? `${draft}T12:00` : draft); }
  now() { this.take(new Date().toISOString()); }
}
class Photos extends Ticks {
  shown = {};
  trouble = "";
  async init() {
    super.init();
    for (const name of this.draft) this.shown[name] = await photoAddress(name);
  }
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

/** Rows of parts; only whole ones are handed over. Some are added and taken away, others are given by the visit. */
class Rows extends Ticks {
  get blank() { return { text: "", answer_by: "" }; }
  isWhole(row) { return row.text.trim(); }
  from(list) { return (list ?? []).map((row) => ({ ...row })); }
  to(rows) { return rows.filter((row) => this.isWhole(row)).map(filled); }
  add() {
    this.draft.push(this.blank);
    this.$nextTick(() => this.$root.querySelector(".item:last-of-type :is(input, textarea)").focus());
  }
}
class Rooms extends Rows {
  get measured() { return visit.form.measurements[this.field.measurement]; }
  get blank() { return { room: "", band: "5", value: "", unit: this.measured.unit }; }
  isWhole(row) { return row.room.trim() && Number.isFinite(row.value); }
  to(rows) { return super.to(rows.map((row) => ({ ...row, value: numberOr("", row.value) }))); }
  judged(row) {
    const value = numberOr(null, row.value);
    return value === null ? [] : [visit.judged(this.field, { ...row, value })];
  }
}
/** A row for each thing that has to be told of: `key` is the part that names it, `count` the one that is a number. */
class Given extends Rows {
  from(list) { return this.names.map((name) => ({ [this.key]: name, ...list?.find((row) => row[this.key] === name) })); }
  to(rows) {
    const whole = (text) => (Number.isInteger(numberOr(null, text)) ? numberOr(null, text) : null);
    return super.to(rows.map((row) => ({ ...row, [this.count]: whole(row[this.count]) })));
  }
}
class Watched extends Given {
  key = "symptom";
  count = "watched_minutes";
  get names() { return symptomsToWatch(visit, this.field); }
  isWhole(row) { return row.result; }
}
class Kit extends Given {
  key = "item";
  count = "used";
  get names() { return visit.form.kit.map((item) => item.key); }
  isWhole(row) { return row.carried !== undefined || row.used !== null; }
  choose(row, parts) {
    Object.assign(row, { reason: "" }, parts);
    this.hand();
  }
}
class Device extends Field {
  scans = Boolean(globalThis.BarcodeDetector);
  unread = false;
  from(value) { return { ...value }; }
  to(draft) { return Object.keys(filled(draft)).length ? filled(draft) : null; }
  /** A serial number from its barcode: a picture is taken, read, and forgotten. */
  async scan(input) {
    const found = await createImageBitmap(input.files[0])
      .then((picture) => new BarcodeDetector().detect(picture)).catch(() => []);
    const text = found[0]?.rawValue.trim();
    Object.assign(this, { unread: !text });
    Object.assign(this.draft, text && { serial: text.slice(0, 64) });
    input.value = "";
    this.hand();
  }
}

const TYPES = { multi_choice: Ticks, symptoms: Symptoms, rating: Rating, number: Quantity, dial_code: DialCode,
  moment: Moment, photo: Photos, signature: Signing, measurement: Measured, open_questions: Rows,
  room_measurements: Rooms, symptom_watch: Watched, device: Device, kit: Kit };
Alpine.data("control", (field) => new (TYPES[field.type] ?? Field)(field));
