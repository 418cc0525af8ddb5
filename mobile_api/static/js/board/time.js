// Minutes after midnight of the shown day, as people read them, and the scale that puts them on the screen.

export const SNAP = 5;

export function clock(minute) {
  const inDay = ((minute % 1440) + 1440) % 1440;
  const text = `${String(Math.floor(inDay / 60)).padStart(2, "0")}:${String(Math.floor(inDay % 60)).padStart(2, "0")}`;
  const days = Math.floor(minute / 1440);
  return days ? `${days > 0 ? "+" : ""}${days} ${text}` : text;
}

export const snapped = (minute) => Math.round(minute / SNAP) * SNAP;

// Whole hours that hold everything; never less than 8 to 18.
export function hoursOf(stretches) {
  let opens = 8 * 60;
  let closes = 18 * 60;
  for (const [from, to] of stretches) {
    if (from >= 0 && from < opens) opens = from;
    if (to <= 1440 && to > closes) closes = to;
  }
  return [Math.floor(opens / 60) * 60, Math.min(1440, Math.ceil(closes / 60) * 60)];
}

// The time now by the server's clock: the reader's own may be set wrong, and stands still while a laptop sleeps.
export class ServerClock {
  #told = 0;
  #at = 0;
  #midnight = 0;
  // `minute` of the shown day, and the same instant in seconds since 1970.
  tell(minute, seconds) {
    this.#told = minute;
    this.#at = performance.now();
    this.#midnight = seconds - minute * 60;
  }
  hear(seconds) {
    this.tell((seconds - this.#midnight) / 60, seconds);
  }
  get minute() {
    return this.#told + (performance.now() - this.#at) / 60_000;
  }
}
