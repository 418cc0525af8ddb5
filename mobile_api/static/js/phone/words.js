// The reader's language, and times on the wall of the business zone.
export const own = document.documentElement.lang.startsWith("en") ? "en" : "zh";
export const reader = { language: own, zone: "Asia/Shanghai" };
export const words = (both) => both?.[reader.language] ?? "";
export const list = (...items) => items.filter(Boolean).join(reader.language === "en" ? ", " : "、");
export function fill(both, parts) { // words with their places filled: each by a text, or by words
  const filled = (language) => both[language].replace(/\{(\w+)\}/g,
    (_, name) => parts[name]?.[language] ?? parts[name]);
  return { zh: filled("zh"), en: filled("en") };
}

/** "2026-11-23T09:05" on the wall of the business zone, and back to an instant. */
export const wall = (instant) => new Intl.DateTimeFormat("sv-SE", {
  timeZone: reader.zone, dateStyle: "short", timeStyle: "short" }).format(new Date(instant)).replace(" ", "T");
export function instantOf(onTheWall) {
  const guess = Date.parse(`${onTheWall}Z`);
  return new Date(guess + (guess - Date.parse(`${wall(guess)}Z`))).toISOString();
}
export const time = (instant) => wall(instant).slice(11);
export const day = (instant) => new Intl.DateTimeFormat(reader.language === "en" ? "en-GB" : "zh-CN", {
  timeZone: reader.zone, month: "short", day: "numeric", weekday: "short" }).format(new Date(instant));
export const dayTime = (instant) => `${day(instant)} ${time(instant)}`;
