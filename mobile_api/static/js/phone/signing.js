// Signing: strokes on a pad, kept only when the signer says so; or a refusal and its reason; either with a reservation.
import SignaturePad from "../../vendor/signature_pad/signature_pad.min.js";
import { Field } from "./field.js";
import { visit } from "./visit.js";

const SMALLEST_SHARE = 0.05; // of the pad, in one direction: less is a touch, not a signature
const tenth = (x) => Math.round(x * 10) / 10;
let pad; // one at a time: the one on the screen

function strokesOf() { // as the server keeps them: pixels of the pad, milliseconds since the first touch
  const groups = pad.toData().filter((group) => group.points.length);
  const begun = groups[0]?.points[0].time ?? 0;
  return groups.map(({ points }) => points.map(({ x, y, time, pressure }) =>
    ({ x: tenth(x), y: tenth(y), t: Math.max(0, Math.round(time - begun)), p: Math.min(1, tenth(pressure)) })));
}
function isTouch(strokes, width, height) {
  const isShort = (all, side) => Math.max(...all) - Math.min(...all) < SMALLEST_SHARE * side;
  const points = strokes.flat();
  return !points.length || (isShort(points.map(({ x }) => x), width) && isShort(points.map(({ y }) => y), height));
}
function fit(canvas) { // to its place and the screen's dots, with what was drawn
  const [data, scale] = [pad.toData(), Math.max(1, devicePixelRatio)];
  Object.assign(canvas, { width: canvas.offsetWidth * scale, height: canvas.offsetHeight * scale });
  canvas.getContext("2d").scale(scale, scale);
  pad.fromData(data);
}
const lineOf = (stroke) => `M${stroke.map(({ x, y }) => `${x},${y}`).join("L")}`;

export class Signing extends Field {
  trouble = "";
  from() {
    const { name } = this.field.filled_by === "customer" ? visit.customer : visit.technician;
    return { name, reservation: "", reason: "" };
  }
  hand() {} // what is written here is kept with the key that confirms it
  get drawn() { return this.answer?.strokes?.map(lineOf).join(""); }
  begin(root) {
    const canvas = root.querySelector("canvas");
    pad = new SignaturePad(canvas, { penColor: "#10312e", minWidth: 0.8, maxWidth: 2.6 });
    new ResizeObserver(() => fit(canvas)).observe(canvas);
  }
  clear() { pad.clear(); }
  keep(trouble, value) {
    const reservation = this.draft.reservation.trim();
    this.trouble = trouble;
    if (!trouble) visit.put(this.field, reservation ? { ...value, reservation } : value);
  }
  confirm() {
    const { offsetWidth: width, offsetHeight: height } = pad.canvas;
    const [strokes, name] = [strokesOf(), this.draft.name.trim()];
    this.keep(isTouch(strokes, width, height) ? "touch" : name ? "" : "name", { strokes, width, height, name });
  }
  refuse() {
    const reason = this.draft.reason.trim();
    this.keep(reason ? "" : "reason", { refused: true, reason });
  }
}
