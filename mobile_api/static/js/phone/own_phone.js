// Signing on the customer's own phone: the code to scan, and the digits read back; docs/signing-on-own-phone.md.
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { correction, generate } from "../../vendor/lean-qr/lean-qr.js";
import { sha256 } from "./ids.js";
import { refresh } from "./pack.js";
import { takenBack } from "./progress.js";
import { visit } from "./visit.js";

const LONGEST = 1200; // characters of a fragment that a screen of 6 cm shows legibly
const LOOK_EVERY = 10_000; // ms: with a signal the signature may come by itself
const DECISIONS = ["sign", "refuse"];
const bytesOf = (text) => new TextEncoder().encode(text);

function canonical(value) { // as dispatch/records/canonical.py writes it
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (!value || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`;
}
const saidIn = ({ form, answers }, steps) => form.steps.filter(({ key }) => steps.includes(key))
  .flatMap((step) => step.fields.map(({ key }) => [step.key, key, answers.get(`${step.key}/${key}`)?.value]))
  .filter(([, , value]) => !takenBack(value));
/** What is signed for some steps: text whose SHA-256 the customer's phone sends along. */
export function contentOf(at, steps) {
  const said = saidIn(at, steps).sort(([a, b], [c, d]) => (a < c || (a === c && b < d) ? -1 : 1));
  return canonical({ checklist: at.form.key, format: "doorstep-signing/1", said, steps, visit: at.id });
}

async function fragmentOf(told) { // short enough to be scanned: lines of the summary are left out from its end
  const text = bytesOf(JSON.stringify(told));
  const packed = globalThis.CompressionStream
    && await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer();
  const base64 = btoa(String.fromCharCode(...new Uint8Array(packed ?? text)));
  const fragment = (packed ? "1" : "0") + base64.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  return fragment.length <= LONGEST || !told.y.length ? fragment : fragmentOf({ ...told, y: told.y.slice(0, -1) });
}
async function codeOf(key, decision, hash) {
  const hmac = await crypto.subtle.importKey("raw", bytesOf(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const digest = await crypto.subtle.sign("HMAC", hmac, bytesOf(`${decision}\n${hash}`));
  return String(new DataView(digest).getUint32(0) % 1e6).padStart(6, "0");
}

Alpine.data("ownPhone", () => ({
  hash: "", digits: "", isWrong: false, looking: 0, told: null,
  async show() { // a new code each time it is opened, for what stands here now
    const { form, own_phone: { address, key }, technician } = visit;
    const isCovered = ({ step, state }) => state === "done" && step.key !== form.own_phone.step;
    const steps = visit.stand.steps.filter(isCovered).map(({ step }) => step.key);
    this.told = { steps, content: contentOf(Alpine.raw(visit), steps) };
    this.hash = await sha256(bytesOf(this.told.content));
    const said = saidIn(Alpine.raw(visit), steps);
    const summary = form.own_phone.summarised.flatMap(([step, name]) =>
      said.filter(([at, field]) => at === step && field === name));
    const fragment = await fragmentOf({ v: 1, i: visit.id.replaceAll("-", ""), k: key, h: this.hash, c: form.key,
      s: steps, t: `${technician.name} ${technician.code}`, y: summary });
    const code = generate(`${address}#${fragment}`, { minCorrectionLevel: correction.M });
    code.toCanvas(this.$root.querySelector("canvas"));
    clearInterval(this.looking);
    this.looking = setInterval(() => refresh({ now: true }), LOOK_EVERY);
  },
  destroy() { clearInterval(this.looking); },
  async check() {
    const codes = await Promise.all(DECISIONS.map((decision) => codeOf(visit.own_phone.key, decision, this.hash)));
    const decision = DECISIONS[codes.indexOf(this.digits.replace(/\D/g, ""))];
    this.isWrong = !decision;
    if (decision) await visit.signElsewhere({ ...Alpine.raw(this.told), decision });
  },
}));
