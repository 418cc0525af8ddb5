// Signing: strokes on a pad, kept only when the signer says so; or a refusal with its reason; either with a reservation.
import SignaturePad from "../../vendor/signature_pad/signature_pad.min.js";
import { Field } from "./field.js";
import { visit } from "./visit.js";

const SMALLEST_SHARE = 0.05; // of the pad, in one direction: less is a touch, not a signature
const tenth = (x) => Math.round(x * 10) / 10;
let pad; // one at a time: the one on the screen

/** The strokes as the server keeps them: pixels of the pad, milliseconds since the first touch. */
function strokesOf() {
  const groups = pad.toData().filter((group) => group.points.length);
  const begun = groups[0]?.points[0].time ?? 0;
  return groups.map(({ points }) => points.map(({ x, y, time, pressure }) =>
    ({ x: tenth(x), y: tenth(y), t: Math.max(0, Math.round(time - begun)), p: Math.min(1, tenth(pressure)) })));
}
function isTouch(strokes, width, height) {
  const spread = (all) => Math.max(...all) - Math.min(...all);
  const points = strokes.flat();
  return !points.length || (spread(points.map(({ x }) => x)) < SMALLEST_SHARE * width
    && spread(points.map(({ y }) => y)) < SMALLEST_SHARE * height);
}

export class Signing extends Field {
  trouble = "";
  from() {
    const { name } = this.field.filled_by === "customer" ? visit.customer : visit.technician;
    return { name, reservation: "", reason: "" };
  }
  hand() {} // what is written here is kept with the key that confirms it
  get drawn() {
    return this.answer?.strokes?.map((stroke) => `M${stroke.map(({ x, y }) => `${x},${y}`).join("L")}`).join("");
  }
  begin(root) {
    const canvas = root.querySelector("canvas");
    pad = new SignaturePad(canvas, { penColor: "#10312e", minWidth: 0.8, maxWidth: 2.6 });
    new ResizeObserver(() => {
      const [data, scale] = [pad.toData(), Math.max(1, devicePixelRatio)];
      Object.assign(canvas, { width: canvas.offsetWidth * scale, height: canvas.offsetHeight * scale });
      canvas.getContext("2d").scale(scale, scale);
      pad.fromData(data);
    }).observe(canvas);
  }
  clear() { pad.clear(); }
  keep(trouble, value) {
    this.trouble = trouble;
    const reservation = this.draft.reservation.trim();
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
