// Draws rows and blocks, and draws again only what changed. Places are two numbers on each element; the sheet does the
// rest, so nothing is measured while drawing.

import { clock } from "./time.js";
import { isPressing, timeOf } from "./model.js";

const SVG = "http://www.w3.org/2000/svg";
const TONES = {
  booked: "plan", en_route: "move", on_site: "work", sealed: "good", no_access: "bad",
};
const STATUS_SIGNS = { booked: "calendar", en_route: "arrow", on_site: "half", sealed: "check", no_access: "nobody" };
const SIGN_LOOKS = {
  call_overdue: ["bad", "phone"], late: ["bad", "clock"], call: ["warn", "phone"], untold: ["bad", "message"],
  silent: ["warn", "offline"], wish: ["warn", "return"], not_departed: ["warn", "clock"], skill_missing: ["warn", "warn"],
  off_shift: ["warn", "clock"], unconfirmed: ["off", "question"], confirmed: ["good", "check"],
};

export function make(tag, name = "", text = "") {
  const one = document.createElement(tag);
  if (name) one.className = name;
  if (text) one.textContent = text;
  return one;
}

export class Drawing {
  #paths;
  #blocks = new Map(); // visit -> its list item
  #drawn = new Map(); // visit -> the block that its item shows

  constructor(speech, paths) {
    this.speech = speech;
    this.#paths = paths;
  }

  sign(name) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "sign");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", this.#paths[name]);
    svg.append(path);
    return svg;
  }

  item(id) {
    return this.#blocks.get(id);
  }

  button(id) {
    return this.#blocks.get(id)?.firstElementChild;
  }

  forget(id) {
    this.#blocks.get(id)?.remove();
    this.#blocks.delete(id);
    this.#drawn.delete(id);
  }

  clear() {
    this.#blocks.clear();
    this.#drawn.clear();
  }

  // The list item of a visit, as it is now; the same element as long as the visit is on the board.
  visit(visit) {
    let item = this.#blocks.get(visit.id);
    if (!item) {
      item = make("li", "lb-visit");
      const button = make("button");
      button.type = "button";
      button.tabIndex = -1;
      button.id = `v-${visit.id}`;
      item.append(button);
      this.#blocks.set(visit.id, item);
    }
    if (this.#drawn.get(visit.id) === visit) return item;
    this.#drawn.set(visit.id, visit);
    const [from, to] = timeOf(visit);
    item.className = `lb-visit tone-${TONES[visit.s] ?? "off"}${isPressing(visit) ? " pressing" : ""}${to - from <= 60 ? " short" : ""}`;
    place(item, from, Math.max(to, from + 15));
    item.style.setProperty("--ws", visit.w[0]);
    item.style.setProperty("--we", visit.w[1]);
    this.#fill(item.firstElementChild, visit);
    return item;
  }

  #fill(button, visit) {
    const first = make("span", "lb-line");
    first.append(make("b", "", clock(timeOf(visit)[0])), ` ${visit.n}`);
    const second = make("span", "lb-line lb-small");
    second.append(this.sign(STATUS_SIGNS[visit.s] ?? "question"));
    const [worst, ...more] = visit.g;
    if (worst) second.append(this.chip(worst, more.length));
    second.append(make("span", "lb-kind", this.speech.told.kinds[visit.k]));
    button.replaceChildren(first, second);
    button.ariaDescription = this.speech.more(visit);
    button.dataset.version = visit.v;
  }

  chip(key, more = 0) {
    const [tone, sign] = SIGN_LOOKS[key] ?? ["off", "question"];
    const chip = make("span", `lb-chip tone-${tone}`);
    chip.append(this.sign(sign), this.speech.short(key) + (more ? ` +${more}` : ""));
    return chip;
  }

  pill(key) {
    const [tone, sign] = SIGN_LOOKS[key] ?? ["off", "question"];
    const pill = make("span", `pill tone-${tone}`);
    pill.append(this.sign(sign), this.speech.sign(key));
    return pill;
  }

  statusPill(visit) {
    const pill = make("span", `pill tone-${TONES[visit.s] ?? "off"}`);
    pill.append(this.sign(STATUS_SIGNS[visit.s] ?? "question"), this.speech.told.statuses[visit.s]);
    return pill;
  }

  // A row's own face: who, and what the shift is.
  who(technician, count) {
    const who = make("div", "lb-who");
    const hours = technician.sh ? `${clock(technician.sh[0])}–${clock(technician.sh[1])}` : this.speech.say("no_shift");
    const person = make("button", "lb-person");
    person.type = "button";
    person.tabIndex = -1; // by keyboard: t on one of their visits
    person.append(make("strong", "", technician.n), make("span", "lb-small muted", `${technician.c} · ${hours} · ${count}`));
    who.append(person);
    return who;
  }

  // Everything in a row's lane, in the order of time.
  lane(lane, technician, model) {
    const [placed, lanes] = model.lanes(technician.id);
    lane.parentElement.style.setProperty("--lanes", lanes);
    const items = [];
    if (technician.sh) items.push(this.#stretch("lb-shift", technician.sh));
    if (technician.lu) items.push(this.#lunch(technician.lu));
    for (const [from, minutes, tight, visit] of model.ways(technician.id)) {
      const way = this.#stretch(tight ? "lb-way tight" : "lb-way", [from, from + minutes]);
      way.style.setProperty("--lane", placed.find(([one]) => one === visit)[1]);
      way.title = this.speech.say(tight ? "tight" : "travel", { n: minutes });
      items.push(way);
    }
    for (const [visit, number] of placed) {
      const item = this.visit(visit);
      item.style.setProperty("--lane", number);
      items.push(item);
    }
    const held = document.activeElement;
    lane.replaceChildren(...items);
    if (held && held !== document.activeElement && lane.contains(held)) held.focus({ preventScroll: true });
    return placed.length;
  }

  #stretch(name, [from, to]) {
    const item = make("li", name);
    item.ariaHidden = "true";
    place(item, from, to);
    return item;
  }

  #lunch([from, to, minutes]) {
    const item = this.#stretch("lb-lunch", [from, to]);
    item.append(make("span", "", `${this.speech.say("lunch")} ${minutes || ""}`));
    return item;
  }

  // A card of the pool: a visit that nobody has.
  card(visit) {
    const item = this.visit(visit);
    item.classList.add("card");
    item.style.removeProperty("--lane");
    const button = item.firstElementChild;
    button.replaceChildren(
      this.#cardLine(visit),
      make("span", "lb-small", visit.a),
      this.#chips(visit),
    );
    this.#drawn.delete(visit.id); // in a lane it looks different
    return item;
  }

  #cardLine(visit) {
    const line = make("span", "lb-line");
    line.append(make("b", "", clock(visit.w[0])), ` ${visit.n} · ${this.speech.told.kinds[visit.k]} · ${this.speech.promised(visit)}`);
    return line;
  }

  #chips(visit) {
    const chips = make("span", "lb-chips");
    for (const key of visit.g) chips.append(this.chip(key));
    return chips;
  }

  order(order, now) {
    const item = make("li", "lb-order");
    const link = make("a", "row-link", `${order.n} · ${this.speech.told.kinds[order.k]}`);
    link.href = `/desk/orders/${order.id}`;
    const facts = make("span", "lb-small muted", order.a);
    item.append(link, facts);
    if (this.speech.told.plan) {
      const slots = make("a", "row-link", this.speech.say("slots"));
      slots.href = `/desk/orders/${order.id}/slots`;
      slots.ariaLabel = `${this.speech.say("slots")} ${order.n}`;
      item.append(slots);
      if (order.r && this.urgent) item.append(this.urgent(order));
    }
    if (order.d !== null) {
      const late = order.d < now;
      const days = Math.floor((order.d - now) / 1440);
      const text = late ? this.speech.say("overdue") : days > 0 ? this.speech.say("due_day", { n: days }) : this.speech.say("due", { at: clock(order.d) });
      const chip = make("span", `lb-chip tone-${late ? "bad" : days > 0 ? "off" : "warn"}`);
      chip.append(this.sign(late ? "warn" : "clock"), text);
      item.append(chip);
    }
    return item;
  }
}

export function place(element, from, to) {
  element.style.setProperty("--s", from);
  element.style.setProperty("--e", to);
}

