// Is a measured value good? The judge of checklists/measurements.py as tables (phone_limits.py), looked up here.
// tests/browser holds the two against each other. The server stays the judge.
import { fill } from "./words.js";

const VERDICTS = { special: "fail", number: "implausible", too_fast: "implausible", impossible: "implausible",
  note: "plain" };
const verdictOf = (says) => VERDICTS[says] ?? says;
const exact = (x) => Math.round(x * 1e9) / 1e9; // 0.1 is a tenth, not the binary fraction next to it

export const tableFor = (tables, { access, band }) => // the table for what is found on site; none for a choice
  tables.find(({ on }) => on.includes(`${access ?? ""}/${band ?? ""}`));

/** What `value` means: {verdict: pass|warn|fail|implausible|plain, reason: {zh, en}, hint: what was probably meant}. */
export function judge(measured, tables, value, context, reasons) {
  const table = tableFor(tables, context);
  const at = (x) => table.bands.find(({ to, closed }) => to === null || x < to || (closed && x === to)).says;
  const isNumber = Number.isFinite(value);
  const says = measured.said_of[value] ?? (isNumber ? at(value) : "number");
  const [verdict, { meanings, possible, slips, unit }] = [verdictOf(says), measured];
  const range = says === "impossible" ? possible : table?.wanted ?? measured.wanted;
  const reason = says === "note" ? measured.note : fill(reasons[says], { range, meaning: meanings[value] });
  // a value that could well be real is doubted only for a lost digit or unit, never for being bad
  const lost = slips.filter((slip) => Math.abs(slip) >= 8);
  const doubted = { implausible: slips, fail: lost }[isNumber ? verdict : ""] ?? [];
  const isBad = (guess) => ["fail", "implausible"].includes(verdictOf(at(guess)));
  const isSound = (guess) => !isBad(guess) && guess <= (table.likely ?? guess);
  const hint = doubted.map((slip) => exact(value * slip)).find(isSound) ?? null;
  if (hint === null) return { verdict, reason, hint };
  const { zh, en } = fill(reasons.meant, { shown: `${Number(hint.toPrecision(6))} ${unit}`.trim() });
  return { verdict, reason: { zh: reason.zh + zh, en: reason.en + en }, hint };
}
