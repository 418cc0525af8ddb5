// Photos: upright, at most 1600 px, JPEG, named by the SHA-256 of their bytes. Nothing of the camera's data goes along.
import { sha256 } from "./ids.js";
import { blobOf, putBlob } from "./store.js";

const [LONGEST_SIDE, QUALITY] = [1600, 0.82];

/** Keep a picture from the camera or the album; resolves to its hash. Throws for what is no picture. */
export async function keepPhoto(file, visit) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
  picture.close();
  const jpeg = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
  const bytes = await jpeg.arrayBuffer();
  const name = await sha256(bytes);
  await putBlob({ sha256: name, visit, type: jpeg.type, bytes });
  return name;
}
export async function photoAddress(name) { // where to show it from: this phone if it is still here, else the server
  const kept = await blobOf(name);
  if (kept) return URL.createObjectURL(new Blob([kept.bytes], { type: kept.type }));
  try { // past the browser's own cache: nothing of the customer stays there after signing out
    return URL.createObjectURL(await (await fetch(`/api/v1/blobs/${name}`, { cache: "no-store" })).blob());
  } catch { return ""; }
}
