// The signature: strokes of a finger or pen, handed to the form as {strokes: [[{x, y, t, p}]], width, height}.
// Without this script the page offers the other ways.
import SignaturePad from "../../vendor/signature_pad/signature_pad.min.js";

const frame = document.querySelector("[data-pad]");
if (frame) {
  const canvas = frame.querySelector("canvas");
  const field = document.querySelector("[data-pad-strokes]");
  const state = frame.querySelector("[data-pad-state]");
  frame.hidden = false;
  document.querySelector("[data-no-pad]").hidden = true;
  const pad = new SignaturePad(canvas, { minDistance: 1, penColor: "#17211f" });
  let size = { width: 0, height: 0 };

  const tenth = (number) => Math.round(number * 10) / 10;
  const tell = () => {
    state.textContent = pad.isEmpty() ? state.dataset.empty : state.dataset.drawn;
    if (pad.isEmpty()) { field.value = ""; return; }
    const begun = pad.toData()[0].points[0].time;
    const strokes = pad.toData().map((stroke) => stroke.points.map((point) => (
      { x: tenth(point.x), y: tenth(point.y), t: point.time - begun, p: Math.round((point.pressure || 0) * 100) / 100 })));
    field.value = JSON.stringify({ strokes, ...size });
  };

  // A canvas has as many dots as the screen, so that the line is sharp. A turned phone keeps what was drawn if it fits.
  const fit = () => {
    const box = canvas.getBoundingClientRect();
    const now = { width: Math.round(box.width), height: Math.round(box.height) };
    if (!now.width || (now.width === size.width && now.height === size.height)) return;
    const drawn = pad.toData();
    const kept = now.width >= size.width && now.height >= size.height ? drawn : [];
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    size = now;
    canvas.width = now.width * ratio;
    canvas.height = now.height * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    if (kept.length) pad.fromData(kept);
    tell();
  };

  // The page came back because something else was amiss: the signature is still there.
  const again = () => {
    let kept;
    try { kept = JSON.parse(field.value); } catch { return; }
    if (!kept || !Array.isArray(kept.strokes)) return;
    const begun = Date.now();
    pad.fromData(kept.strokes.map((stroke) => ({ points: stroke.map((point) => (
      { x: point.x, y: point.y, time: begun + point.t, pressure: point.p || 0 })) })));
  };

  again();
  new ResizeObserver(fit).observe(canvas);
  fit();
  pad.addEventListener("endStroke", tell);
  frame.querySelector("[data-pad-clear]").addEventListener("click", () => { pad.clear(); tell(); });
}
