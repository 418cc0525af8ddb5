// The map beside the board: areas, routes, visits and technicians on a ground of our own, or on the operator's tiles.
// What it shows also stands in the list below it, for keyboards and for who listens.

import { make } from "./drawing.js";
import { isPressing, timeOf } from "./model.js";
import { REFERENCE, metresAUnit, project, toGcj02, unproject } from "./projection.js";
import { clock } from "./time.js";
import { View } from "./view.js";
import { route, whereabouts } from "./whereabouts.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_TILES = 64;
const ROUTES = 8; // patterns that tell neighbouring routes apart, beside their colour

function draw(tag, facts = {}, ...inside) {
  const one = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(facts)) one.setAttribute(name, value);
  one.append(...inside);
  return one;
}

export class BoardMap {
  #ground = null;
  #pending = 0;

  constructor(board, place) {
    this.board = board;
    this.place = place;
    this.toggle = document.querySelector("[data-map]");
    this.svg = place.querySelector("svg");
    this.group = draw("g");
    this.layers = Object.fromEntries(["tiles", "cells", "homes", "routes", "visits", "people"].map((name) => [name, draw("g", { class: `lm-${name}` })]));
    this.group.append(...Object.values(this.layers));
    this.svg.append(this.group);
    this.list = place.querySelector(".lm-list");
    this.scale = place.querySelector(".lm-scale");
    this.tiles = board.told.tiles;
    this.shift = this.tiles.address && this.tiles.datum === "gcj02" ? toGcj02 : (point) => point;
    this.view = new View(this.svg, this.group, () => this.#moved());
    this.toggle?.addEventListener("click", () => this.open(this.place.hidden));
    place.addEventListener("click", (event) => this.#click(event));
    if (this.#wished === "yes" && !board.told.wall) this.open(true);
  }

  get #wished() {
    try {
      return localStorage.getItem("doorstep-map");
    } catch {
      return null; // a browser that keeps nothing: the map is opened by hand
    }
  }

  open(yes) {
    this.place.hidden = !yes;
    this.board.classList.toggle("with-map", yes);
    if (this.toggle) this.toggle.ariaExpanded = String(yes);
    try {
      localStorage.setItem("doorstep-map", yes ? "yes" : "no");
    } catch {
      // as above
    }
    if (yes) this.draw();
  }

  // What changed is drawn with the next frame, however much changes at once.
  changed() {
    if (this.place.hidden || this.#pending) return;
    this.#pending = requestAnimationFrame(() => {
      this.#pending = 0;
      this.draw();
    });
  }

  async #read() {
    if (this.#ground) return;
    this.#ground = { areas: [], homes: [] };
    const answer = await fetch("/desk/board/ground").catch(() => null);
    if (answer?.ok) this.#ground = await answer.json();
    else this.place.querySelector(".lm-state").textContent = this.board.speech.say("no_ground");
    this.#drawGround();
    this.fit(true);
  }

  // Where a place lies on the plane, from the first place that was asked for: small numbers stay exact on the screen.
  at(place) {
    const [x, y] = project(this.shift(place));
    this.#origin ??= [x, y];
    return [x - this.#origin[0], y - this.#origin[1]];
  }

  #origin = null;

  draw() {
    this.#read();
    const { model, clock: time, speech } = this.board;
    const today = time.minute >= 0 && time.minute < 1440;
    const shown = [...this.board.rows.keys()].map((id) => model.technicians.get(id)).filter((one) => one && this.board.rows.get(one.id).row.isConnected);
    const routes = [];
    const visits = [];
    const people = [];
    const lines = [];
    shown.forEach((technician, number) => {
      const own = model.of(technician.id);
      const way = route(technician, own).map((place) => this.at(place));
      if (own.length && way.length > 1) routes.push(draw("polyline", { points: way.map((point) => point.join(",")).join(" "), class: `lm-route way-${number % ROUTES}` }));
      own.forEach((visit, order) => visit.xy && visits.push(this.#visit(visit, String(order + 1))));
      const where = today ? whereabouts(technician, own, time.minute) : null;
      if (where) people.push(this.#person(technician, where));
      lines.push(this.#line(technician, where, today));
    });
    for (const visit of model.pool()) if (visit.xy) visits.push(this.#visit(visit, "?"));
    this.layers.routes.replaceChildren(...routes);
    this.layers.visits.replaceChildren(...visits);
    this.layers.people.replaceChildren(...people);
    this.list.replaceChildren(...(lines.length ? lines : [make("li", "muted", speech.say("nobody"))]));
    this.#placed = [...model.visits.values()].filter((visit) => visit.xy).map((visit) => this.at(visit.xy));
    this.fit();
  }

  #placed = [];

  fit(asked = false) {
    const centres = this.#ground?.areas.map((area) => this.at(area.xy)) ?? [];
    this.view.fit(this.#placed.length ? this.#placed : centres, asked);
  }

  #visit(visit, number) {
    const [x, y] = this.at(visit.xy);
    const name = `${clock(timeOf(visit)[0])} ${this.board.speech.name(visit)}`;
    const mark = visit.t ? draw("circle", { class: "lm-dot" }) : draw("rect", { class: "lm-dot", x: "-8", y: "-8", width: "16", height: "16" });
    const text = draw("text", { class: "lm-number", dy: ".35em" }, number);
    return draw("g", { class: `lm-visit${isPressing(visit) ? " pressing" : ""} is-${visit.s}`, "data-visit": visit.id, transform: `translate(${x} ${y})` }, draw("title", {}, name), draw("g", { class: "lm-still" }, mark, text));
  }

  #person(technician, { how, xy }) {
    const [x, y] = this.at(xy);
    const text = draw("text", { class: "lm-code", y: "-16" }, technician.c);
    const title = draw("title", {}, this.#words(technician, { how, xy }));
    return draw("g", { class: `lm-person how-${how}`, transform: `translate(${x} ${y})` }, title, draw("g", { class: "lm-still" }, draw("circle", { class: "lm-ring" }), text));
  }

  #words(technician, where) {
    const { speech } = this.board;
    const visit = where.visit;
    return `${technician.n} ${technician.c} ${speech.say(`where_${where.how}`, visit ? { who: visit.n, at: clock(timeOf(visit)[0]) } : {})}`;
  }

  #line(technician, where, today) {
    const item = make("li");
    const { speech } = this.board;
    const text = where ? this.#words(technician, where) : `${technician.n} ${technician.c} ${speech.say(today ? "where_off" : "where_other_day")}`;
    const button = make("button", "lm-go", text);
    button.type = "button";
    button.dataset.technician = technician.id;
    if (where) button.dataset.place = where.xy.join(",");
    item.append(button);
    return item;
  }

  #click(event) {
    const visit = event.target.closest("[data-visit]")?.dataset.visit;
    if (visit) return this.board.card.show(visit);
    const go = event.target.closest(".lm-go");
    if (go) {
      if (go.dataset.place) this.view.show(this.at(go.dataset.place.split(",").map(Number)));
      return this.board.card.showPerson(go.dataset.technician);
    }
    const does = event.target.closest("[data-view]")?.dataset.view;
    if (does === "in") this.view.zoom(1.6);
    else if (does === "out") this.view.zoom(1 / 1.6);
    else if (does === "fit") this.fit(true);
  }

  #drawGround() {
    const { speech } = this.board;
    const corners = (cell) => cell.map((place) => this.at(place).join(",")).join(" ");
    this.layers.cells.replaceChildren(
      ...this.#ground.areas.flatMap((area, number) => {
        const [x, y] = this.at(area.xy);
        const name = draw("g", { transform: `translate(${x} ${y})` }, draw("text", { class: "lm-area lm-still" }, speech.area(area)));
        return [draw("polygon", { points: corners(area.cell), class: `lm-cell cell-${number % 4}` }), name];
      }),
    );
    if (this.tiles.address) return;
    const dots = this.#ground.homes.map((place) => `M${this.at(place).join(" ")}h0`).join("");
    this.layers.homes.replaceChildren(draw("path", { d: dots }));
  }

  #moved() {
    if (!this.#origin) return;
    const [x, y] = this.#origin;
    const [west, north, east, south] = this.view.box.map((one, at) => one + (at % 2 ? y : x));
    const across = metresAUnit(unproject([(west + east) / 2, (north + south) / 2])[0]) / this.view.scale; // metres a pixel
    const round = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000].find((metres) => metres / across > 60) ?? 100_000;
    this.scale.textContent = round < 1000 ? `${round} m` : `${round / 1000} km`;
    this.scale.style.setProperty("--long", `${Math.round(round / across)}px`);
    if (this.tiles.address) this.#drawTiles(west, north, east, south);
  }

  #drawTiles(west, north, east, south) {
    let zoom = Math.max(3, Math.min(18, Math.round(REFERENCE + Math.log2(this.view.scale))));
    let size = 256 * 2 ** (REFERENCE - zoom);
    while (((east - west) / size + 2) * ((south - north) / size + 2) > MOST_TILES && zoom > 3) [zoom, size] = [zoom - 1, size * 2];
    const tiles = [];
    const last = 2 ** zoom - 1;
    for (let column = Math.max(0, Math.floor(west / size)); column <= Math.min(last, Math.floor(east / size)); column += 1) {
      for (let row = Math.max(0, Math.floor(north / size)); row <= Math.min(last, Math.floor(south / size)); row += 1) {
        const href = this.tiles.address.replace("{z}", zoom).replace("{x}", column).replace("{y}", row);
        tiles.push(draw("image", { href, x: column * size - this.#origin[0], y: row * size - this.#origin[1], width: size, height: size }));
      }
    }
    this.layers.tiles.replaceChildren(...tiles);
  }
}
