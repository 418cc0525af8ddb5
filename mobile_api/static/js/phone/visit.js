// One visit on the phone: its data with what this phone has kept folded in, as the screens' templates read it ($visit).
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { show } from "./app.js";
import "./fields.js";
import "./late.js";
import "./line_test.js";
import { tableFor } from "./measure.js";
import { refresh } from "./pack.js";
import { contextOf, progressOf, valueOf, verdictOf } from "./progress.js";
import { news, send, soon } from "./sending.js";
import { look } from "./status.js";
import * as store from "./store.js";
import { fill, list, own, reader, time, words } from "./words.js";

const AS_IT_IS = { __v_skip: true }; // large and never changed in place: not watched part by part
const screens = {};
const raw = () => visit.stand && Alpine.raw(visit); // `stand` is new at every change: whoever asks is told again
const filledBy = (who) => visit.step.fields.filter((field) => field.filled_by === who);

export const visit = Alpine.reactive({
  id: "", stand: null, step: null, seal: null, busy: false,
  value: (step, key) => valueOf(raw(), step, key),
  at: (field) => visit.stand.at.get(`${field.step}/${field.key}`),
  isAsked: (field) => visit.at(field).asked,
  given: (field) => [visit.value(field.step, field.key)].filter((one) => one !== undefined),
  judged: (field, one) => verdictOf(raw(), field, one),
  tableFor: (field) => tableFor(visit.limits[field.measurement], contextOf(raw())),
  get here() { return visit.stand.steps[visit.step.number - 1]; },
  get before() { return visit.form.steps[visit.step.number - 2]; },
  get following() { return visit.stand.steps.slice(visit.step.number).find((one) => one.state !== "not_needed")?.step; },
  get nextStep() { return visit.form.steps.find((step) => step.key === visit.stand.next); },
  get gaps() { return visit.stand.steps.filter((one) => one.state !== "later").flatMap((one) => one.missing); },
  get ours() { return filledBy("technician"); },
  get theirs() { return filledBy("customer"); },
  get thanked() {
    const signed = visit.theirs.filter((field) => field.type === "signature");
    return (signed.length ? signed : visit.theirs).every((field) => visit.at(field).answered);
  },
  /** Whether what the customer signed for was changed since. */
  get isStale() {
    const { key, steps, but } = visit.form.signed_for[visit.step.key] ?? {};
    const at = key && visit.value(visit.step.key, key) && visit.answers.get(`${visit.step.key}/${key}`).at;
    return Boolean(at) && [...visit.answers.values()].some((one) =>
      steps.includes(one.step) && !but.includes(one.key) && one.at > at);
  },
  get departed() {
    const told = visit.value("visit", "departed");
    return told?.at ?? told ?? visit.departed_at;
  },
  get between() {
    const { start, end, exact } = visit.window;
    return exact ? time(start) : `${time(start)}–${time(end)}`;
  },

  label: (options, value) => words(options.find((one) => one.value === value)?.label) || value,
  labels: (field, value) => list(...[value].flat().map((one) => visit.label(field.options, one))),
  symptom: (value) => visit.labels(visit.form.steps[1].fields.find(({ type }) => type === "symptoms"), value),
  kitSaid: (field, lines) => list(...lines.filter((line) => line.used || line.carried)
    .map((line) => visit.labels(field, line.item) + (line.used > 1 ? ` ×${line.used}` : ""))),
  /** The answers of some steps: of the fields `only`, or of all `but` some. Steps without any are left out. */
  told: (keys, only, but = []) => visit.form.steps.filter(({ key }) => keys.includes(key)).map((step) => ({ step,
    answers: step.fields.filter(({ key }) => (only?.includes(key) ?? true) && !but.includes(key)).filter(visit.isAsked)
      .flatMap((field) => visit.given(field).map((answer) => ({ field, answer }))) })).filter((one) => one.answers.length),
  scripts: (field) => visit.form.scripts.filter((one) => one.step === field.step && one.at === field.key),
  /** What to say, with the facts of this visit filled in. */
  filled: (say) => words(fill(say, { company: visit.company, technician: visit.technician.name,
    number: visit.technician.code, customer: visit.customer.name, time: visit.between, hotline: visit.hotline,
    arrival: time(visit.value("appointment", "announced_arrival") ?? (visit.planned ?? visit.window).start),
    reason: "……" })),

  /** Keep an answer at once; it leaves when it can. */
  async put({ step, key, type }, given) {
    const value = JSON.parse(JSON.stringify(given ?? null));
    const at = Math.max(Date.now(), (visit.answers.get(`${step}/${key}`)?.at ?? 0) + 1);
    const entry = { visit: visit.id, step, key, value, blobs: type === "photo" ? value : [], at };
    fold([entry]);
    try {
      await store.putEntry(entry);
      await look(true);
      soon();
    } catch { await look(false); }
  },
  depart(minutes) {
    const at = new Date().toISOString();
    visit.put({ step: "visit", key: "departed" }, minutes ? { at, minutes } : at);
  },
  /** Hand everything in: the seal leaves after the last parcel and picture, now or when there is a signal. */
  async handIn() {
    visit.busy = true;
    await store.putSeal({ id: visit.id, at: Date.now(), told: "" });
    await send();
    visit.busy = false;
    if (await store.sealOf(visit.id)) return load();
    await refresh({ now: true });
    return location.assign(`/t/visits/${visit.id}/record`);
  },
  async takeBack() {
    await store.dropSeal(visit.id);
    visit.seal = null;
    soon();
  },
  go(hash) { location.hash = hash; },
  goTo(field) {
    const root = document.getElementById(`f-${field.step}-${field.key}-field`) ?? document.getElementById("hand-over");
    root.scrollIntoView({ block: "center" });
    (root.querySelector("input, textarea, button, a") ?? root).focus({ preventScroll: true });
  },
});

/** How each step looks: the one that is open, or the one that is on the screen, is `now`. */
function lookOf({ step, state }) {
  if (step.key === visit.step?.key || (state === "open" && !visit.step)) return "now";
  if (state === "locked") return "todo";
  if (state !== "open") return state;
  return [...visit.answers.values()].some((entry) => entry.step === step.key) ? "blocked" : "todo";
}
function reckon() {
  const { steps, ...found } = progressOf(Alpine.raw(visit));
  const at = new Map(steps.flatMap(({ fields }) => fields).map((one) => [`${one.field.step}/${one.field.key}`, one]));
  const drawn = steps.map((one) => {
    const look = lookOf(one);
    return { ...one, look, mark: look === "later" ? "blocked" : look, opens: !["locked", "not_needed"].includes(one.state) };
  });
  visit.stand = { ...AS_IT_IS, ...found, at, steps: drawn, owed: steps.some(({ state }) => state === "later") };
}
/** The latest answer to a field counts, wherever it was made. */
function fold(entries) {
  const { answers } = Alpine.raw(visit);
  for (const { at: told, ...entry } of entries) {
    const at = typeof told === "number" ? told : Date.parse(told);
    const key = `${entry.step}/${entry.key}`;
    if (!(answers.get(key)?.at > at)) answers.set(key, { flags: [], ...entry, at });
  }
  if (visit.form) reckon();
}

/** Read the visit from this phone; resolves to whether it is here. */
async function load() {
  const data = await store.partOf(`visit:${visit.id}`);
  const form = data && await store.partOf(`form:${data.form_key}`);
  if (!form) return false;
  reader.zone = data.zone;
  for (const step of form.steps) for (const field of step.fields) field.step = step.key;
  visit.step = form.steps.find(({ key }) => key === visit.step?.key) ?? null;
  Object.assign(visit, data, { form: { ...AS_IT_IS, ...form }, answers: Object.assign(new Map(), AS_IT_IS),
    seal: await store.sealOf(visit.id) ?? null });
  fold([...data.entries, ...await store.entriesOf(visit.id)]);
  return true;
}
/** The screens in one language: templates that the phone keeps with the app. */
const drawnIn = async (language) => {
  const page = await fetch(`/t/screens/${language}`);
  return screens[language] ??= new DOMParser().parseFromString(await page.text(), "text/html");
};

async function draw() {
  const [, kind, key] = location.hash.match(/^#(step|customer)-(\w+)$/) ?? [];
  visit.step = visit.form.steps.find((step) => step.key === key) ?? null;
  fold([]);
  const name = kind === "step" && visit.here.state === "locked" ? "locked" : kind ?? (location.hash === "#end" ? "end" : "overview");
  reader.language = kind === "customer" ? visit.customer.language : own;
  const screen = (await drawnIn(reader.language)).getElementById(`screen-${name}`);
  document.body.classList.toggle("with-customer", kind === "customer");
  show(screen.innerHTML, { title: kind ? visit.customer.name : `${visit.customer.name} · ${words(visit.form.kind_words)}` });
  const background = document.getElementById("background");
  if (background) background.innerHTML = visit.background[own]; // our own template, with every text escaped
}

Alpine.magic("visit", () => visit);
window.addEventListener("hashchange", async () => {
  if (!visit.form || location.hash.startsWith("#f-")) return;
  await draw();
  scrollTo(0, 0);
  document.getElementById("content").focus({ preventScroll: true });
});
news.addEventListener("receipt", async ({ detail }) => {
  if (detail.visit.id !== visit.id || !visit.form) return;
  visit.status = detail.visit.status;
  fold(await store.entriesOf(visit.id));
});
// What comes from the desk meanwhile is taken in; nothing is drawn anew under a typing thumb or a half-made signature.
news.addEventListener("pack", ({ detail }) => { if (visit.form && detail.includes(`visit:${visit.id}`)) load(); });
news.addEventListener("sealed", ({ detail }) => { if (detail === visit.id) load(); });

/** Open a visit; resolves to whether it is on this phone. */
export async function openVisit(wanted) {
  visit.id = wanted;
  if (!(await load())) return false;
  await draw();
  return true;
}
