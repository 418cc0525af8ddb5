// Names made on the phone: random ids, and the SHA-256 of what is sent.
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const random = (digit) => (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16);
/** A version 4 UUID, on plain http too. */
export const newId = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, random);
/** SHA-256 of bytes, in lower-case hex. Browsers offer it on https and on the machine itself only: see `mayHash`. */
export const sha256 = async (bytes) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
export const mayHash = Boolean(globalThis.crypto?.subtle);
