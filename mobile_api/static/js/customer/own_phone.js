// Signing on the customer's own phone. What is to be signed came in the scanned address, after the #, so that it works
// while the technician's phone has no network; the format is in docs/signing-on-own-phone.md.
const room = document.querySelector("[data-own]");
const at = (name) => room.querySelector(`[data-${name}]`);
const language = room.dataset.language === "en" ? "en" : "zh";
const HELD = "doorstep-own-phone"; // a reload, or going back from another app, keeps what was scanned

function problem(text) {
  at("problem-text").textContent = text;
  at("problem").hidden = !text;
  if (text) at("problem").scrollIntoView({ block: "center" });
}

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

async function unpack(fragment) {
  let packed = new Blob([bytes(fragment.slice(1))]).stream();
  if (fragment[0] === "1") packed = packed.pipeThrough(new DecompressionStream("deflate-raw"));
  const told = JSON.parse(await new Response(packed).text());
  if (told.v !== 1 || !/^[0-9a-f]{32}$/.test(told.i) || !/^[0-9a-f]{64}$/.test(told.h)) throw new Error("not ours");
  return told;
}

// A value in words, by the checklist's own labels. Text only ever goes into textContent.
function spoken(field, value) {
  const label = (one) => field.options?.find((option) => option.value === one)?.label[language] ?? String(one);
  if (value === true || value === false) return value ? room.dataset.yes : room.dataset.no;
  if (Array.isArray(value)) {
    return value.map((one) => (one && typeof one === "object"
      ? [one.symptom ?? one.text ?? one.room, one.value, one.unit, words(one.result)].filter((part) => part !== undefined && part !== "").join(" ")
      : label(one))).join(language === "en" ? ", " : "、");
  }
  if (value && typeof value === "object") {
    return "value" in value ? `${value.value} ${value.unit ?? ""}`.trim() : [value.manufacturer, value.model, value.serial].filter(Boolean).join(" ");
  }
  return label(value);
}
let form;
const words = (result) => form.choices.symptom_results.find((one) => one.value === result)?.label[language] ?? result;

function show(told) {
  const list = at("summary");
  const row = (name, text) => {
    const pair = document.createElement("div");
    for (const [kind, content] of [["dt", name], ["dd", text]]) {
      const part = document.createElement(kind);
      part.textContent = content;
      pair.append(part);
    }
    list.append(pair);
  };
  row(room.dataset.technician, told.t);
  for (const [step, key, value] of told.y) {
    const field = form.steps.find((one) => one.key === step)?.fields.find((one) => one.key === key);
    row(field?.label[language] ?? key, spoken(field ?? {}, value));
  }
  at("reading").hidden = false;
}

// What the customer says, as the checklist wants it; null while something is missing.
function said(fields) {
  const points = (name) => (fields.get(name) === "declined" ? "declined" : Number(fields.get(name)));
  if (!fields.get("conduct_rating") || !fields.get("overall_rating") || !fields.get("decision")) return null;
  const reservation = fields.get("reservation")?.trim() ? { reservation: fields.get("reservation").trim() } : {};
  const answers = { conduct_rating: points("conduct_rating"), overall_rating: points("overall_rating") };
  if (fields.get("comment")?.trim()) answers.comment = fields.get("comment").trim();
  if (fields.get("decision") === "refuse") {
    const reason = fields.get("reason")?.trim();
    return reason ? { ...answers, customer_signature: { refused: true, reason, ...reservation } } : null;
  }
  const name = fields.get("name")?.trim();
  if (!name || !fields.get("strokes")) return null;
  return { ...answers, customer_signature: { ...JSON.parse(fields.get("strokes")), name, ...reservation } };
}

async function send(told, answers) {
  const sent = { visit_id: told.i, key: told.k, content_sha256: told.h, checklist: told.c, steps: told.s, summary: told.y, answers };
  const before = JSON.parse(sessionStorage.getItem(`${HELD}-sent`) ?? "null"); // pressed again: the same content keeps its id
  const same = before && JSON.stringify(before.sent) === JSON.stringify(sent);
  const id = same ? before.id : crypto.randomUUID();
  sessionStorage.setItem(`${HELD}-sent`, JSON.stringify({ id, sent }));
  const answer = await fetch("/own/signatures", {
    method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify({ id, ...sent }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

async function begin() {
  const fragment = location.hash.slice(1) || sessionStorage.getItem(HELD) || "";
  let told;
  try {
    told = await unpack(fragment);
    const answer = await fetch(`/own/forms/${encodeURIComponent(told.c)}`);
    if (!answer.ok) throw new Error("no such form");
    form = await answer.json();
  } catch { problem(room.dataset.lost); return; }
  sessionStorage.setItem(HELD, fragment);
  history.replaceState(null, "", location.pathname + location.search); // the key stays out of the history
  show(told);
  at("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answers = said(new FormData(event.target));
    if (!answers) { problem(room.dataset.incomplete); return; }
    problem("");
    const button = event.target.querySelector("button:not([type=button])");
    button.disabled = true;
    try {
      const done = await send(told, answers);
      at("code").textContent = `${done.code.slice(0, 3)} ${done.code.slice(3)}`;
      at("done-refuse").hidden = done.decision !== "refuse";
      at("done-sign").hidden = done.decision === "refuse";
      at("reading").hidden = true;
      at("done").hidden = false;
      at("done").focus();
      sessionStorage.removeItem(HELD);
    } catch (error) {
      problem(error instanceof TypeError ? room.dataset.offline : error.message);
    }
    button.disabled = false;
  });
}
begin();
