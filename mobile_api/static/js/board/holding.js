// A visit that is held, by hand or by keyboard: where it would land, whether it fits there, and who cannot take it.

import { make, place } from "./drawing.js";
import { Fitting } from "./fitting.js";
import { clock, snapped } from "./time.js";
import { timeOf } from "./model.js";

export class Holding {
  technician;
  start;
  fit = null;

  constructor(board, visit, onFit) {
    this.board = board;
    this.visit = visit;
    this.onFit = onFit;
    const [from, to] = timeOf(visit);
    this.start = from;
    this.technician = visit.t;
    this.length = visit.p ? to - from : visit.m;
    this.spot = make("li", "lb-spot");
    this.spot.ariaHidden = "true";
    this.told = make("li", "lb-told");
    this.told.ariaHidden = "true";
    place(this.told, visit.w[0], visit.w[1]);
    this.fitting = new Fitting(board.told.day, visit);
    board.classList.add("holding");
    this.fitting.crew().then((why) => {
      this.why = why;
      if (board.classList.contains("holding"))
        for (const [id, { row }] of board.rows) row.classList.toggle("unfit", id in why);
    });
  }

  // Over a technician's lane at a minute; null for the pool.
  over(technician, minute) {
    const { opens, closes } = this.board;
    const start = technician ? Math.max(opens, Math.min(closes - 15, snapped(minute))) : this.start;
    if (technician === this.technician && start === this.start && this.spot.isConnected) return false;
    this.technician = technician;
    this.start = start;
    this.board.pool.classList.toggle("over", technician === null);
    if (technician === null) {
      this.spot.remove();
      this.told.remove();
      this.fitting.stop();
      this.#tell({ fits: true, why: [] });
      return true;
    }
    place(this.spot, start, start + this.length);
    const lane = this.board.rows.get(technician)?.lane;
    if (lane && this.spot.parentElement !== lane) lane.append(this.told, this.spot);
    this.fitting.ask(technician, start, (fit) => this.#tell(fit));
    return true;
  }

  #tell(fit) {
    this.fit = fit;
    this.spot.dataset.fits = fit === null ? "asking" : String(fit.fits);
    this.onFit?.(this);
  }

  // What is said of where it is held.
  get verdict() {
    const { speech } = this.board;
    if (this.technician === null) return speech.say("over_pool");
    if (this.fit === null) return speech.say("checking");
    if (this.fit.fits === null) return speech.say("unknown_fit");
    return this.fit.fits ? speech.say("fits") : this.fit.why.join(" ");
  }

  get where() {
    const { speech, model } = this.board;
    if (this.technician === null) return speech.say("over_pool");
    const technician = model.technicians.get(this.technician);
    return speech.say("over", { who: technician?.n ?? "", at: clock(this.start), fit: this.verdict });
  }

  get moved() {
    return this.technician !== this.visit.t || (this.technician !== null && this.start !== this.visit.p?.[0]);
  }

  end() {
    this.fitting.stop();
    this.spot.remove();
    this.told.remove();
    this.board.classList.remove("holding");
    this.board.pool.classList.remove("over");
    for (const { row } of this.board.rows.values()) row.classList.remove("unfit");
  }
}
