// Signing: strokes on a pad, kept only when the signer says so; or a refusal with its reason; either with a reservation.
import SignaturePad from "../../vendor/signature_pad/signature_pad.min.js";
import { button, h, note, say } from "./dom.js";

const SMALLEST_SHARE = 0.05; // of the pad, in one direction: less is a touch, not a signature
const tenth = (x) => Math.round(x * 10) / 10;

/** The strokes as the server keeps them: pixels of the pad, milliseconds since the first touch. */
function strokesOf(pad) {
  const groups = pad.toData().filter((group) => group.points.length);
  const begun = groups[0]?.points[0].time ?? 0;
  return groups.map(({ points }) => points.map(({ x, y, time, pressure }) =>
    ({ x: tenth(x), y: tenth(y), t: Math.max(0, Math.round(time - begun)), p: Math.min(1, tenth(pressure)) })));
}
function isTouch(strokes, width, height) {
  const spread = (axis) => { const all = strokes.flat().map((point) => point[axis]); return Math.max(...all) - Math.min(...all); };
  return !strokes.length || (spread("x") < SMALLEST_SHARE * width && spread("y") < SMALLEST_SHARE * height);
}

/** A signature that was given, drawn as lines; a refusal as words. */
export function signed(value) {
  if (value.refused) return note("warn", say("未签名：", "Not signed: "), value.reason);
  const made = (name, more) => { const e = document.createElementNS("http://www.w3.org/2000/svg", name); for (const key in more) e.setAttribute(key, more[key]); return e; };
  const lines = made("svg", { viewBox: `0 0 ${value.width} ${value.height}`, class: "signature ink", role: "img", "aria-label": `${say("签名：", "Signature: ")}${value.name}` });
  for (const stroke of value.strokes) lines.append(made("polyline", { points: stroke.map((p) => `${p.x},${p.y}`).join(" ") }));
  return h("figure", null, lines, h("figcaption", null, value.name, value.reservation && `（${say("保留意见", "reservation")}：${value.reservation}）`));
}

/** A pad for one signer. `keep` is given the value once it is confirmed; `yes` is what the button says. */
export function signingPad({ id, name, mayRefuse, reservations, yes, keep }) {
  const canvas = h("canvas.signature", { id, role: "img", tabindex: 0, "aria-label": say("在此签名", "Sign here") });
  const pad = new SignaturePad(canvas, { penColor: "#10312e", minWidth: 0.8, maxWidth: 2.6 });
  const fit = () => {
    const data = pad.toData();
    const scale = Math.max(1, devicePixelRatio);
    [canvas.width, canvas.height] = [canvas.offsetWidth * scale, canvas.offsetHeight * scale];
    canvas.getContext("2d").scale(scale, scale);
    pad.fromData(data);
  };
  new ResizeObserver(fit).observe(canvas);
  const text = (key, label, value, tag = "textarea") => h("div.field", null, h("label", { for: `${id}-${key}` }, label),
    h(tag, { id: `${id}-${key}`, rows: tag === "textarea" ? 2 : null, maxlength: tag === "textarea" ? 500 : 60, value, autocomplete: "off" }));
  const told = h("div", { role: "alert" });
  const field = (key) => root.querySelector(`#${id}-${key}`)?.value.trim();
  const withReservation = (value) => (field("reservation") ? { ...value, reservation: field("reservation") } : value);
  const refuse = () => {
    if (!field("reason")) return told.replaceChildren(note("bad", say("请写明不签名的原因。", "Write why it is not signed.")));
    return keep(withReservation({ refused: true, reason: field("reason") }));
  };
  const confirm = () => {
    const strokes = strokesOf(pad);
    const [width, height] = [canvas.offsetWidth, canvas.offsetHeight];
    if (isTouch(strokes, width, height)) return told.replaceChildren(note("bad", say("请在框内签名。", "Please sign inside the frame.")));
    if (!field("name")) return told.replaceChildren(note("bad", say("请写明签名人姓名。", "Give the signer's name.")));
    return keep(withReservation({ strokes, width, height, name: field("name") }));
  };
  const root = h("div.signing", null,
    text("name", say("签名人姓名", "Signer's name"), name, "input"),
    reservations && h("details", null, h("summary", null, say("我有保留意见", "I have a reservation")), text("reservation", say("保留意见", "Reservation"))),
    h("p.hint", null, say("请用手指在框内签名", "Sign in the frame with a finger")), canvas,
    h("div.actions", null, button(say("清除重签", "Clear"), "plain", "return", () => pad.clear()), button(yes, "primary", "sign", confirm)), told,
    mayRefuse && h("details", null, h("summary", null, say("不愿签名", "I would rather not sign")), text("reason", say("原因", "Reason")),
      button(say("不签名，仅记录原因", "Do not sign, keep the reason"), "plain", null, refuse)));
  return root;
}
