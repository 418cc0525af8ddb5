// <doorstep-board>: the day by technician, kept true while it is open. The parts know their own business: model what is
// known, drawing how it looks, live how it stays true, dragging and keys how a visit is taken, moving what comes of it.

import { Dragging } from "./dragging.js";
import { Drawing, make } from "./drawing.js";
import { Card } from "./card.js";
import { Keys } from "./keys.js";
import { BoardMap } from "./map.js";
import { Live } from "./live.js";
import { Model, isPressing } from "./model.js";
import { Moving } from "./moving.js";
import { Needs } from "./needs.js";
import { Picking, planForm } from "./planning.js";
import { nobody } from "./nobody.js";
import { ServerClock, clock, hoursOf } from "./time.js";
import { turnOver } from "./wall.js";
import { Speech } from "./words.js";

const told = (id) => JSON.parse(document.getElementById(id).textContent);

export class DoorstepBoard extends HTMLElement {
  model = new Model();
  clock = new ServerClock();
  rows = new Map(); // technician -> {row, lane, who}
  #folded = new Set();

  connectedCallback() {
    this.told = told("board-told");
    this.speech = new Speech(this.told);
    this.drawing = new Drawing(this.speech, told("board-signs"));
    this.drawing.urgent = (order) => planForm(this, "urgent", [order.id], this.speech.say("urgent"), { sign: "pulse" });
    this.model.rules = this.told.travel;
    this.scroller = this.querySelector(".lb-scroll");
    this.body = this.querySelector(".lb-body");
    this.head = this.querySelector(".lb-hours");
    this.nowLine = this.querySelector(".lb-now");
    this.state = this.querySelector(".lb-state");
    this.aloud = this.querySelector(".lb-aloud");
    this.pool = this.querySelector(".lb-pool");
    this.orders = this.querySelector(".lb-orders");
    this.tools = document.querySelector(".lb-tools");
    this.card = new Card(this);
    this.moving = new Moving(this);
    this.picking = new Picking(this, this.querySelector(".lb-picked"));
    this.needs = new Needs(document.querySelector(".lb-needs"));
    this.map = new BoardMap(this, this.querySelector(".lb-map"));
    this.keys = new Keys(this);
    this.dragging = new Dragging(this);
    this.body.addEventListener("click", this.#person);
    this.tools?.addEventListener("input", () => this.arrange());
    this.tools?.addEventListener("submit", (event) => event.submitter?.dataset.tool && event.preventDefault());
    document.querySelector("[data-tool=fold]")?.addEventListener("click", () => this.foldAll());
    new ResizeObserver(() => this.#scale()).observe(this.scroller);
    setInterval(() => this.#now(), 15_000);
    this.model.masks = this.told.wall;
    if (this.told.wall) turnOver(this);
    this.live = new Live(this.told.day, {
      day: (data) => this.#fill(data),
      board: (changes) => this.apply(changes),
      beat: (at) => this.clock.hear(at),
      needs: (told) => this.needs.show(told),
      state: (name) => this.#say(name),
    });
    this.live.start();
  }

  toWall(yes) {
    location.assign(`/desk/board?day=${this.told.day}${yes ? "&wall=1" : ""}`);
  }

  announce(text) {
    this.aloud.textContent = text;
  }

  #say(name) {
    if (this.state.dataset.state === name) return;
    this.state.dataset.state = name;
    const signs = { live: "pulse", lost: "offline", failed: "warn", reading: "refresh", signed_out: "lock" };
    this.state.replaceChildren(this.drawing.sign(signs[name]), this.speech.say(name));
    if (name === "failed") {
      const again = make("button", "button plain", this.speech.say("read_again"));
      again.type = "button";
      again.addEventListener("click", () => this.live.start());
      this.state.append(again);
    }
    if (name === "signed_out") {
      const link = make("a", "", "→");
      link.href = "/sign-in";
      link.ariaLabel = this.speech.say(name);
      this.state.append(link);
    }
  }

  // ---- The whole day ----

  #fill(day) {
    const before = performance.now();
    const focused = document.activeElement?.closest?.(".lb-visit button")?.id;
    this.clock.tell(day.now, day.at);
    this.model.fill(day);
    this.drawing.clear();
    this.rows.clear();
    this.#hours(true);
    this.arrange();
    this.#poolAndOrders();
    this.#now();
    this.card.refresh();
    this.picking.draw();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    this.#say("live");
    this.dataset.ready = "yes";
    performance.measure("board fill", { start: before });
    this.dispatchEvent(new CustomEvent("board:filled"));
  }

  // The hours that are shown; when a visit comes to stand outside of them, there are more.
  #hours(anew = false) {
    const [opens, closes] = hoursOf(this.model.stretches());
    if (!anew && opens === this.opens && closes === this.closes) return;
    [this.opens, this.closes] = [opens, closes];
    const marks = [];
    for (let minute = this.opens; minute < this.closes; minute += 60) {
      const mark = make("span", "", clock(minute));
      mark.style.setProperty("--s", minute);
      marks.push(mark);
    }
    this.head.replaceChildren(...marks);
    this.style.setProperty("--opens", this.opens);
    this.style.setProperty("--long", this.closes - this.opens);
    this.#scale();
  }

  // As wide as there is room, but never so narrow that an hour cannot be read.
  #scale() {
    if (!this.closes) return;
    const room = this.scroller.clientWidth - this.querySelector(".lb-corner").offsetWidth;
    this.minute = Math.max(room / (this.closes - this.opens), 1.25);
    this.style.setProperty("--px", `${this.minute}px`);
  }

  // ---- Rows by area, filtered and sorted ----

  arrange() {
    const wanted = this.tools ? Object.fromEntries(new FormData(this.tools)) : {};
    const text = (wanted.find ?? "").trim().toLowerCase();
    const fits = (one) => {
      if (wanted.area && one.r !== wanted.area) return false;
      const visits = this.model.of(one.id);
      if (wanted.pressing && !visits.some(isPressing)) return false;
      if (!text) return true;
      return `${one.n} ${one.c}`.toLowerCase().includes(text) || visits.some((visit) => `${visit.n} ${visit.a} ${visit.e}`.toLowerCase().includes(text));
    };
    const load = (one) => this.model.of(one.id).length;
    const pressing = (one) => this.model.of(one.id).filter(isPressing).length;
    const orders = {
      load: (a, b) => load(b) - load(a),
      free: (a, b) => load(a) - load(b),
      pressing: (a, b) => pressing(b) - pressing(a),
    };
    const listed = [...this.model.technicians.values()].filter(fits);
    const by = orders[wanted.sort] ?? (() => 0);
    listed.sort((a, b) => by(a, b) || (a.c < b.c ? -1 : 1));
    const areas = new Map();
    for (const one of listed) {
      const area = one.r ?? "";
      if (!areas.has(area)) areas.set(area, []);
      areas.get(area).push(one);
    }
    const names = [...areas.keys()].sort((a, b) => this.#areaName(a).localeCompare(this.#areaName(b)));
    this.body.replaceChildren(...names.map((area) => this.#area(area, areas.get(area))), this.nowLine);
    if (!listed.length) this.body.append(nobody(this));
    this.keys.settle();
    this.map.changed();
  }

  // A technician's name opens their card.
  #person = (event) => {
    const row = event.target.closest(".lb-person")?.closest(".lb-row");
    if (row) this.card.showPerson(row.dataset.technician);
  };

  #areaName(id) {
    return this.speech.area(this.model.areas.get(id));
  }

  #area(id, technicians) {
    const section = make("section", "lb-area");
    const folded = this.#folded.has(id);
    const heading = make("h2");
    const fold = make("button", "lb-fold");
    fold.type = "button";
    fold.append(this.drawing.sign(folded ? "forward" : "down"), `${this.#areaName(id)} · ${technicians.length}`);
    fold.ariaExpanded = String(!folded);
    fold.addEventListener("click", () => {
      this.#folded[folded ? "delete" : "add"](id);
      this.arrange();
      this.querySelector(`.lb-area[data-area="${id}"] .lb-fold`)?.focus();
    });
    heading.append(fold);
    section.dataset.area = id;
    section.append(heading);
    if (!folded) section.append(...technicians.map((one) => this.#row(one)));
    return section;
  }

  foldAll() {
    const all = new Set([...this.model.technicians.values()].map((one) => one.r ?? ""));
    this.#folded = this.#folded.size ? new Set() : all;
    this.arrange();
  }

  #row(technician) {
    const known = this.rows.get(technician.id);
    if (known) return known.row;
    const row = make("div", "lb-row");
    const lane = make("ol", "lb-lane");
    row.setAttribute("role", "group");
    row.dataset.technician = technician.id;
    row.append(make("div"), lane);
    this.rows.set(technician.id, { row, lane });
    this.drawRow(technician.id);
    return row;
  }

  drawRow(id) {
    const known = this.rows.get(id);
    const technician = this.model.technicians.get(id);
    if (!known || !technician) return;
    const count = this.drawing.lane(known.lane, technician, this.model);
    const who = this.drawing.who(technician, this.speech.say("visits", { n: count }));
    known.row.firstElementChild.replaceWith(who);
    known.row.ariaLabel = `${technician.n} ${technician.c}`;
  }

  #poolAndOrders() {
    const held = document.activeElement;
    const pool = this.model.pool().map((visit) => this.drawing.card(visit));
    this.pool.replaceChildren(...(pool.length ? pool : [make("li", "muted", this.speech.say("none_pool"))]));
    this.querySelector(".lb-pool-count").textContent = String(pool.length);
    if (held && held !== document.activeElement && this.pool.contains(held)) held.focus({ preventScroll: true });
    this.#waiting();
  }

  #waiting() {
    const orders = this.model.waiting().map((order) => this.drawing.order(order, this.clock.minute));
    this.orders.replaceChildren(...(orders.length ? orders : [make("li", "muted", this.speech.say("none_orders"))]));
    this.querySelector(".lb-orders-count").textContent = String(orders.length);
  }

  #now() {
    const minute = this.clock.minute;
    this.nowLine.hidden = !(minute >= this.opens && minute < this.closes);
    this.nowLine.style.setProperty("--s", minute);
    this.nowLine.firstElementChild.textContent = clock(minute);
  }

  // ---- What changed ----

  apply({ visits = [], gone = [], technicians = [], orders = [], left = [] }) {
    const held = document.activeElement?.closest?.(".lb-visit button");
    this.redrawing = true;
    const rows = new Set();
    const add = (some) => some.forEach((row) => rows.add(row));
    for (const visit of visits) add(this.model.put(visit));
    for (const id of gone) {
      add(this.model.drop(id));
      this.drawing.forget(id);
    }
    let anew = false;
    for (const one of technicians) {
      anew ||= this.model.technicians.get(one.id)?.r !== one.r;
      this.model.technicians.set(one.id, one);
      rows.add(one.id);
    }
    for (const order of orders) this.model.orders.set(order.id, order);
    for (const id of left) this.model.orders.delete(id);
    this.#hours();
    for (const row of rows) if (row) this.drawRow(row);
    if (rows.has("")) this.#poolAndOrders();
    else if (orders.length || left.length) this.#waiting();
    if (anew) this.arrange();
    if (visits.length && !this.moving.expects(visits)) this.announce(this.speech.say("changed", { what: visits.slice(0, 3).map((one) => this.speech.aloud(one)).join("; ") }));
    if (held && held !== document.activeElement && held.isConnected) held.focus({ preventScroll: true });
    this.redrawing = false;
    this.card.refresh();
    this.picking.draw();
    this.map.changed();
    this.keys.settle();
    this.dispatchEvent(new CustomEvent("board:applied", { detail: visits.map((one) => one.id) }));
  }

  async refresh(id) {
    const answer = await fetch(`/desk/board/visits/${id}?day=${this.told.day}`);
    if (answer.ok) this.apply({ visits: [await answer.json()] });
    else if (answer.status === 404) this.apply({ gone: [id] });
  }
}

customElements.define("doorstep-board", DoorstepBoard);

document.querySelector("[data-keys]")?.addEventListener("click", () => document.getElementById("board-keys").showModal());
