// Drawing: elements, words in the reader's language, signs, and times in the business zone.
let language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
let zone = "Asia/Shanghai";

export const say = (zh, en) => (language === "en" ? en : zh);
export const words = (both) => both[language];
export const spokenLanguage = () => language;
export const speak = (wanted) => { language = wanted; };
export const setZone = (name) => { zone = name; };

/** An element: h("p.muted", {hidden: true, onclick: f}, children…). Texts become text, never markup. */
export function h(tag, properties, ...children) {
  const [name, ...classes] = tag.split(".");
  const made = document.createElement(name);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

/** One of our line drawings; the shell holds those that are used here. */
export function sign(name) {
  const copy = document.getElementById(`sign-${name}`).content.firstElementChild.cloneNode(true);
  return copy;
}

export const button = (text, kind, icon, onclick, more) =>
  h(`button.button.${kind}`, { type: "button", onclick, ...more }, icon && sign(icon), h("span", null, text));
export const link = (text, kind, icon, href, more) =>
  h(`a.button.${kind}`, { href, ...more }, icon && sign(icon), h("span", null, text));
export const note = (tone, ...children) =>
  h(`div.note.tone-${tone}`, null, sign(tone === "good" ? "check" : tone === "note" ? "info" : "warn"), h("p", null, children));
export const facts = (pairs) => h("dl.facts", null, pairs.filter(([, value]) => value).map(([label, value]) =>
  h("div", null, h("dt", null, label), h("dd", null, value))));

/** "2026-11-23T09:05" on the wall of the business zone, and back to an instant. */
export const wall = (instant) => new Intl.DateTimeFormat("sv-SE", {
  timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
}).format(new Date(instant)).replace(" ", "T");
export function instantOf(onTheWall) {
  const guess = Date.parse(`${onTheWall}Z`);
  return new Date(guess + (guess - Date.parse(`${wall(guess)}Z`))).toISOString();
}
export const time = (instant) => wall(instant).slice(11);
export const day = (instant) => new Intl.DateTimeFormat(language === "en" ? "en-GB" : "zh-CN", {
  timeZone: zone, month: "short", day: "numeric", weekday: "short" }).format(new Date(instant));
export const dayTime = (instant) => `${day(instant)} ${time(instant)}`;
