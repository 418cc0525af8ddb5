// Reading a serial number from its barcode, where the browser can: a picture is taken, read, and forgotten.
import { h, note, say, sign } from "./dom.js";

/** A key that reads a code and hands its text over; null where the browser cannot, and typing is the way. */
export function scanKey(id, onread) {
  if (!globalThis.BarcodeDetector) return null;
  const told = h("div", { role: "status" });
  const read = async ({ target }) => {
    const found = await createImageBitmap(target.files[0])
      .then((picture) => new BarcodeDetector().detect(picture)).catch(() => []);
    target.value = "";
    const text = found[0]?.rawValue.trim();
    told.replaceChildren(...(text ? [] : [note("warn",
      say("没有读到条码，请靠近、对正再拍，或直接输入。", "No code was read. Go closer and hold it straight, or type it."))]));
    if (text) onread(text);
  };
  return [h("label.button.plain.file", null, sign("camera"), h("span", null, say("扫条码", "Scan the code")),
    h("input", { id: `${id}-scan`, type: "file", accept: "image/*", capture: "environment", onchange: read })), told];
}
