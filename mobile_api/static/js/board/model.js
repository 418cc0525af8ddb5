// What is known of the day: rows of technicians, blocks of visits, orders that wait. Knows nothing of the screen.

import { minutesBetween } from "./travel.js";

const APART = new Set(["cancelled"]);
const PRESSING = new Set(["call_overdue", "late", "call", "untold", "silent", "wish", "not_departed", "skill_missing", "off_shift"]);

export const timeOf = (visit) => visit.p ?? visit.w;
const masked = (name) => `${[...name][0] ?? ""}＊`;

export const isPressing = (visit) => visit.g.some((sign) => PRESSING.has(sign));

export class Model {
  visits = new Map();
  technicians = new Map();
  orders = new Map();
  areas = new Map();
  rules = {};
  masks = false; // on a wall customers stand with the first sign of their name

  #rows = new Map(); // technician -> ids of their visits

  fill(day) {
    this.areas = new Map(day.areas.map((area) => [area.id, area]));
    this.technicians = new Map(day.technicians.map((one) => [one.id, one]));
    this.orders = new Map(day.orders.map((one) => [one.id, this.masks ? { ...one, n: masked(one.n), a: "" } : one]));
    this.visits = new Map();
    this.#rows = new Map();
    for (const visit of day.visits) this.put(visit);
  }

  // Takes a visit as it is now; gives the rows to be drawn anew ("" is the pool). An older version changes nothing.
  put(visit) {
    const known = this.visits.get(visit.id);
    if (known && known.v > visit.v) return new Set();
    const rows = new Set(known ? [known.t ?? ""] : []);
    this.drop(visit.id);
    if (this.masks) visit = { ...visit, n: masked(visit.n), a: "" };
    if (APART.has(visit.s)) return rows;
    this.visits.set(visit.id, visit);
    const row = visit.t ?? "";
    if (!this.#rows.has(row)) this.#rows.set(row, new Set());
    this.#rows.get(row).add(visit.id);
    return rows.add(row);
  }

  drop(id) {
    const known = this.visits.get(id);
    if (!known) return new Set();
    this.visits.delete(id);
    this.#rows.get(known.t ?? "")?.delete(id);
    return new Set([known.t ?? ""]);
  }

  of(technician) {
    return [...(this.#rows.get(technician ?? "") ?? [])]
      .map((id) => this.visits.get(id))
      .sort((one, other) => timeOf(one)[0] - timeOf(other)[0] || (one.id < other.id ? -1 : 1));
  }

  // Each visit of a row with the lane in which nothing covers it: [[visit, lane], ...] and how many lanes there are.
  lanes(technician) {
    const free = [];
    const placed = this.of(technician).map((visit) => {
      const [from, to] = timeOf(visit);
      let lane = free.findIndex((until) => until <= from);
      if (lane < 0) lane = free.length;
      free[lane] = to;
      return [visit, lane];
    });
    return [placed, Math.max(free.length, 1)];
  }

  // The ways of a row: [from, minutes, tight, visit]; from where the visit before ends.
  ways(technician) {
    const ways = [];
    const visits = this.of(technician).filter((visit) => visit.p && visit.s !== "no_access");
    for (let at = 1; at < visits.length; at += 1) {
      const minutes = minutesBetween(visits[at - 1].xy, visits[at].xy, this.rules);
      const room = visits[at].p[0] - visits[at - 1].p[1];
      if (minutes > 0) ways.push([visits[at - 1].p[1], minutes, minutes > room, visits[at]]);
    }
    return ways;
  }

  // What waits for somebody, the most urgent first: what should have begun, then by window.
  pool() {
    return this.of("").sort((one, other) => Number(isPressing(other)) - Number(isPressing(one)) || one.w[0] - other.w[0]);
  }

  waiting() {
    return [...this.orders.values()].sort((one, other) => (one.d ?? 1e9) - (other.d ?? 1e9));
  }

  stretches() {
    const found = [];
    for (const visit of this.visits.values()) found.push(timeOf(visit));
    for (const one of this.technicians.values()) if (one.sh) found.push(one.sh);
    return found;
  }
}
