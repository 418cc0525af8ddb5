// Fields of measured values: the range is shown before, and what a value means as it is typed.
import { choices, input, labelled, numberBox, option, rows } from "./controls.js";
import { button, day, h, say, sign, words } from "./dom.js";
import { limitFor, range } from "./measure.js";
import { contextOf, verdictOf } from "./progress.js";

const TONES = { pass: "good", warn: "warn", fail: "bad", implausible: "bad", plain: "note" };
const SIGNS = { pass: "check", warn: "warn", fail: "cross", implausible: "question", plain: "info" };
const AVERAGED = ["dl_rate", "ul_rate"]; // "average of 3": the single results are typed, the phone reckons
const RUNS = [0, 1, 2];

function judged(visit, { verdict, reason }) {
  const pill = h(`span.pill.tone-${TONES[verdict]}`, null, sign(SIGNS[verdict]), h("span", null, words(visit.form.verdicts[verdict])));
  return h("p", null, pill, " ", words(reason));
}

/** What a typed value means. `now` is changed when the technician takes the hint or confirms. */
function verdictBox({ visit, field, id, redraw }, now, hand) {
  const box = h("div.verdict", { role: "status" });
  const { plausible, unit, ...measurement } = visit.form.measurements[field.measurement];
  const take = (hint) => { now.value = hint; delete now.runs; hand(); redraw(); };
  const sure = () => choices(`${id}-sure`, [option("yes", "已复核，读数确实如此", "Read twice: it truly shows this")], () => now.confirmed, (_, on) => {
    if (on) now.confirmed = true;
    else delete now.confirmed;
    hand();
  }, "checkbox");
  box.update = () => {
    if (now.value === undefined || now.value === null) {
      const limit = limitFor(measurement, contextOf(visit));
      const wanted = limit && words(range(limit.pass_min, limit.pass_max, unit, limit.pass_max_open));
      const possible = words(range(...plausible, unit));
      box.replaceChildren(h("p.hint", null, wanted && say(`合格 ${wanted}；`, `Good: ${wanted}; `), say(`可能 ${possible}`, `possible: ${possible}`)));
      return;
    }
    const found = verdictOf(visit, field, now);
    const doubtful = found.verdict === "implausible" && Number.isFinite(now.value);
    box.replaceChildren(judged(visit, found), ...[
      found.hint !== null && button(say(`改为 ${found.hint} ${unit}`, `Make it ${found.hint} ${unit}`), "plain", "edit", () => take(found.hint)),
      doubtful && sure()].filter(Boolean));
  };
  box.update();
  return box;
}

/** What this line showed before, to stand beside the new value. */
function past(visit, field) {
  const { baseline, last, last_at: at } = visit.past[field.measurement] ?? {};
  const told = [last !== undefined && say(`上次 ${last}（${day(at)}）`, `Last: ${last} (${day(at)})`),
    baseline !== undefined && say(`基准 ${baseline}`, `baseline: ${baseline}`)].filter(Boolean);
  return told.length > 0 && h("p.hint.past-values", null, told.join(say("，", ", ")));
}

/** Three results and their average. */
function averaged({ id, visit, field }, now, hand) {
  const { decimals, unit } = visit.form.measurements[field.measurement];
  const runs = now.runs ? [...now.runs] : [now.value];
  const told = h("p.average");
  const reckon = () => {
    const given = runs.filter((run) => Number.isFinite(run));
    const mean = given.reduce((sum, run) => sum + run, 0) / given.length;
    now.value = given.length ? Number(mean.toFixed(decimals)) : undefined;
    if (given.length > 1) now.runs = given;
    else delete now.runs;
    told.textContent = given.length > 1 ? `${say("平均", "Average")} ${now.value} ${unit}` : "";
  };
  const box = (n) => numberBox(`${id}${n ? `-${n}` : ""}`, runs[n], "", false, `${words(field.label)} ${n + 1}`, (one) => {
    runs[n] = one ?? undefined;
    delete now.confirmed;
    reckon();
    hand();
  });
  reckon();
  return [h("div.runs", null, RUNS.map(box), h("span.unit", null, unit)), told];
}

/** One value; some instruments show a word in place of a number ("LO"). */
function single({ id, visit, field, put }, now, hand) {
  const { special, plausible, unit } = visit.form.measurements[field.measurement];
  const asWord = special.map(([word, { zh, en }]) => option(word, `${zh}（${word}）`, `${en} (${word})`));
  const shown = asWord.some((one) => one.value === now.value) ? "" : now.value;
  const typed = (one) => {
    now.value = one;
    delete now.confirmed;
    if (Number.isNaN(one)) put(null);
    else hand();
  };
  const picked = (one, on) => { now.value = on ? one : undefined; hand(); };
  return [numberBox(id, shown, unit, plausible[0] < 0, words(field.label), typed),
    asWord.length > 0 && choices(`${id}-word`, asWord, (one) => one === now.value, picked, "checkbox")];
}

export function measurement(given) {
  const { id, visit, field, value, put } = given;
  const { kind, name, unit, allowed } = visit.form.measurements[field.measurement];
  if (kind === "choice") {
    return choices(id, allowed.map((one) => option(one, one, one)), (one) => one === value?.value, (one) => put({ value: one, unit }));
  }
  const now = { ...value };
  const hand = () => put(now.value === undefined || now.value === null ? null : { ...now, unit });
  return [past(visit, field), (AVERAGED.includes(name) ? averaged : single)(given, now, hand), verdictBox(given, now, hand)];
}

export function roomMeasurements({ id, visit, field, value, put }) {
  const { unit } = visit.form.measurements[field.measurement];
  const draw = (item, n, changed) => {
    const told = h("div.verdict", { role: "status" });
    const tell = () => told.replaceChildren(...(Number.isFinite(item.value) ? [judged(visit, verdictOf(visit, field, item))] : []));
    const set = (part) => (given) => { item[part] = given; tell(); changed(); };
    const room = input("text", item.room, (text) => set("room")(text.trim()), { id: `${id}-${n}-room`, list: "rooms", maxlength: 40 });
    tell();
    return [labelled(`${id}-${n}-room`, say("房间", "Room"), room),
      choices(`${id}-${n}-band`, visit.form.choices.bands, (one) => one === item.band, set("band")),
      numberBox(`${id}-${n}`, item.value, unit, true, say("信号强度", "Signal"), set("value")), told];
  };
  const isWhole = (item) => item.room && item.band && Number.isFinite(item.value);
  return rows(value ?? [], { draw, isWhole, blank: { room: "", band: "5", unit }, add: say("添加房间", "Add a room"), put });
}
