// Answers in words: what the customer reads before signing, and what the technician checks before handing in.
import { labelOf } from "./controls.js";
import { day, dayTime, say, words } from "./dom.js";
import { symptomOptions } from "./listed.js";
import { verdictOf } from "./progress.js";

const list = (items) => items.join(say("、", ", "));
const number = ({ value, unit }) => `${value} ${unit ?? ""}`.trim();
const several = (visit, field, value) => list(value.map((one) => labelOf(field.options, one)));
const judged = (visit, field, one) => `${number(one)}（${words(visit.form.verdicts[verdictOf(visit, field, one).verdict])}）`;
const kitLine = (visit, line) => `${words(visit.form.kit.find((item) => item.key === line.item).label)}${line.used > 1 ? ` ×${line.used}` : ""}`;

const SPEAKERS = {
  yes_no: (visit, field, value) => (value ? say("是", "Yes") : say("否", "No")),
  choice: (visit, field, value) => labelOf(field.options, value),
  multi_choice: several,
  symptoms: several,
  number: (visit, field, value) => number(value),
  measurement: judged,
  room_measurements: (visit, field, value) => list(value.map((one) => `${one.room} ${one.band} GHz ${judged(visit, field, one)}`)),
  photo: (visit, field, value) => say(`${value.length} 张`, `${value.length}`),
  moment: (visit, field, value) => (field.key === "password_changed_at" ? day(value) : dayTime(value)),
  open_questions: (visit, field, value) => list(value.map((one) => one.text)),
  device: (visit, field, value) => list([value.manufacturer, value.model, value.serial].filter(Boolean)),
  symptom_watch: (visit, field, value) => list(value.map((one) =>
    `${labelOf(symptomOptions(visit), one.symptom)}：${labelOf(visit.form.choices.symptom_results, one.result)}`)),
  kit: (visit, field, value) => list(value.filter((line) => (field.kit_part === "used" ? line.used : line.carried)).map((line) => kitLine(visit, line))),
  rating: (visit, field, value) => (value === "declined" ? words(visit.form.choices.declined.label) : say(`${value} 分`, `${value} of ${field.max_value}`)),
  signature: (visit, field, value) => (value.refused ? say("未签名", "not signed") : `${say("已签名", "signed")} ${value.name}`),
};
export const spoken = (visit, field, value) => (SPEAKERS[field.type] ?? ((_visit, _field, text) => String(text)))(visit, field, value);
