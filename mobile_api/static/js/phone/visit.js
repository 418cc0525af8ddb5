// One visit on the phone: its data with what this phone has kept folded in, as the screens' templates read it ($visit).
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { show } from "./app.js";
import "./fields.js";
import "./late.js";
import "./line_test.js";
import { tableFor } from "./measure.js";
import { contentOf } from "./own_phone.js";
import { refresh } from "./pack.js";
import { contextOf, progressOf, valueOf, verdictOf } from "./progress.js";
import { news, send, soon } from "./sending.js";
import { look } from "./status.js";
import * as store from "./store.js";
import { fill, list, own, reader, time, words } from "./words.js";

const AS_IT_IS = { __v_skip: true }; // large and never changed in place: not watched part by part
const screens = {};
const raw = () => visit.stand && Alpine.raw(visit); // `stand` is new at every change: whoever asks is told again

export const visit = Alpine.reactive({
  id: "", stand: null, step: null, seal: null, busy: false, signed: null, elsewhere: "",
  answers: Object.assign(new Map(), AS_IT_IS),
  value: (step, key) => valueOf(raw(), step, key),
  at: (field) => visit.stand.at.get(`${field.step}/${field.key}`),
  isAsked: (field) => visit.at(field).asked,
  given: (field) => [visit.value(field.step, field.key)].filter((one) => one !== undefined),
  judged: (field, one) => verdictOf(raw(), field, one),
  tableFor: (field) => tableFor(visit.limits[field.measurement], contextOf(raw())),
  fields: (step, who) => step.fields.filter((field) => field.filled_by === who),
  thanked: (step) => visit.fields(step, "customer")
    .every((field) => (step.signs && field.type !== "signature") || visit.at(field).answered),
  get gaps() { return visit.stand.steps.filter((one) => one.state !== "later").flatMap((one) => one.missing); },
  get departed() {
    const told = visit.value("visit", "departed") ?? visit.departed_at;
    return told?.minutes ? told.at : told;
  },
  isStale(step) { // whether what the customer signed for was changed since
    const { key, steps, but } = visit.form.signed_for[step.key] ?? {};
    const at = key && visit.value(step.key, key) && visit.answers.get(`${step.key}/${key}`).at;
    const covers = (one) => steps.includes(one.step) && !but.includes(one.key);
    return Boolean(at) && [...visit.answers.values()].some((one) => covers(one) && one.at > at);
  },
  label: (options, value) => words(options.find((one) => one.value === value)?.label) || value,
  labels: (field, value) => list(...[value].flat().map((one) => visit.label(field.options, one))),
  kitSaid: (field, lines) => list(...lines.filter((line) => line.used || line.carried)
    .map((line) => visit.labels(field, line.item) + (line.used > 1 ? ` ×${line.used}` : ""))),
  /** The answers of some steps: of the fields `only`, or of all `but` some. Steps without any are left out. */
  told(keys, only, but = []) {
    const isTold = (field) => (only?.includes(field.key) ?? !but.includes(field.key)) && visit.isAsked(field);
    const answers = (step) => step.fields.filter(isTold)
      .flatMap((field) => visit.given(field).map((answer) => ({ field, answer })));
    return visit.form.steps.filter(({ key }) => keys.includes(key))
      .map((step) => ({ step, answers: answers(step) })).filter((one) => one.answers.length);
  },
  filled(say) { // what to say, with the facts of this visit filled in
    const arrival = visit.value("appointment", "announced_arrival") ?? (visit.planned ?? visit.window).start;
    return words(fill(say, { ...visit.facts, arrival: time(arrival) }));
  },
  goTo(field) {
    const root = document.getElementById(`f-${field.step}-${field.key}-field`) ?? document.getElementById("hand-over");
    root.scrollIntoView({ block: "center" });
    (root.querySelector("input, textarea, button, a") ?? root).focus({ preventScroll: true });
  },
  async put({ step, key, type }, given) { // keep an answer at once; it leaves when it can
    const value = JSON.parse(JSON.stringify(given ?? null));
    const at = Math.max(Date.now(), (visit.answers.get(`${step}/${key}`)?.at ?? 0) + 1);
    const entry = { visit: visit.id, step, key, value, blobs: type === "photo" ? value : [], at };
    fold([entry]);
    const isKept = await store.putEntry(entry).then(() => true, () => false);
    await look(isKept);
    if (isKept) soon();
  },
  async signElsewhere(told) { // the customer has signed {steps, content, decision} on their own phone
    await store.keepSigned(visit.id, told);
    visit.signed = told;
    fold([]);
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
});

function lookOf({ step, state }) { // how a step looks: the one that is open, or the one that is on the screen, is `now`
  if (step.key === visit.step?.key || (state === "open" && !visit.step)) return "now";
  if (state !== "open") return state === "locked" ? "todo" : state;
  return [...visit.answers.values()].some((entry) => entry.step === step.key) ? "blocked" : "todo";
}
/** The latest answer to a field counts, wherever it was made; and where the visit stands with it. */
function fold(entries) {
  const { answers } = Alpine.raw(visit);
  for (const { at: told, ...entry } of entries) {
    const at = typeof told === "number" ? told : Date.parse(told);
    const key = `${entry.step}/${entry.key}`;
    if (!(answers.get(key)?.at > at)) answers.set(key, { flags: [], ...entry, at });
  }
  const { signed } = Alpine.raw(visit); // it counts for what was signed, not for what was changed since
  visit.elsewhere = signed && contentOf(Alpine.raw(visit), signed.steps) === signed.content ? signed.decision : "";
  const { steps, next, endedEarly } = progressOf(Alpine.raw(visit));
  const at = new Map(steps.flatMap(({ fields }) => fields).map((one) => [`${one.field.step}/${one.field.key}`, one]));
  const isAhead = ({ state }) => state !== "not_needed";
  visit.stand = { ...AS_IT_IS, endedEarly, at, owed: steps.some(({ state }) => state === "later"),
    next: steps.find(({ step }) => step.key === next)?.step,
    steps: steps.map((one, n) => ({ ...one, look: lookOf(one), opens: isAhead(one) && one.state !== "locked",
      following: steps.slice(n + 1).find(isAhead)?.step })) };
}
async function load() { // read the visit from this phone; resolves to whether it is here
  const data = await store.partOf(`visit:${visit.id}`);
  const form = data && await store.partOf(`form:${data.form_key}`);
  if (!form) return false;
  const [common, ...steps] = await Promise.all(["form:common", ...form.steps].map(store.partOf));
  const [made, seal] = [await store.entriesOf(visit.id), await store.sealOf(visit.id) ?? null];
  const signed = await store.signedElsewhere(visit.id) ?? null;
  reader.zone = data.zone;
  Object.assign(visit, data, { seal, signed, form: { ...AS_IT_IS, ...common, ...form, steps } });
  fold([...data.entries, ...made]);
  return true;
}
async function draw() { // show the screen that the address names, from the templates that the phone keeps with the app
  const [, kind, key] = location.hash.match(/^#(step|customer)-(\w+)$/) ?? [];
  const language = kind === "customer" ? visit.customer.language : own;
  screens[language] ??= await (await fetch(`/t/screens/${language}`)).text();
  reader.language = language;
  visit.step = visit.form.steps.find((step) => step.key === key) ?? null;
  fold([]);
  const isLocked = kind === "step" && visit.stand.steps[visit.step.number - 1].state === "locked";
  const name = isLocked ? "locked" : kind ?? (location.hash === "#end" ? "end" : "overview");
  const drawn = new DOMParser().parseFromString(screens[language], "text/html").getElementById(`screen-${name}`);
  const title = `${visit.customer.name}${kind ? "" : ` · ${words(visit.form.kind_words)}`}`;
  show(drawn.innerHTML, { title });
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
const renew = async () => { if (await load() && !visit.step) await draw(); };
news.addEventListener("pack", ({ detail }) => { if (visit.form && detail.includes(`visit:${visit.id}`)) renew(); });
news.addEventListener("sealed", ({ detail }) => { if (detail === visit.id) renew(); });

export async function openVisit(wanted) { // open a visit; resolves to whether it is on this phone
  visit.id = wanted;
  const isHere = await load();
  if (isHere) await draw();
  return isHere;
}
