// The board by keyboard: one stop for Tab, arrows to choose, Enter or Space to pick up, arrows to carry, Enter to drop.

import { Holding } from "./holding.js";
import { SNAP } from "./time.js";
import { timeOf } from "./model.js";

const STEP = 15; // minutes that an arrow carries; with Shift the finest step
const SAID_AFTER = 350; // milliseconds: what is passed over in a hurry need not be said

export class Keys {
  #held = null;
  #chosen = null;
  #saying = 0;

  constructor(board) {
    this.board = board;
    board.addEventListener("keydown", (event) => this.#key(event));
    board.addEventListener("focusin", (event) => event.target.matches(".lb-visit button") && this.choose(event.target));
    board.addEventListener("focusout", (event) => {
      if (this.#held && !board.redrawing && !board.contains(event.relatedTarget)) this.#drop(false);
    });
    document.addEventListener("keydown", (event) => this.#anywhere(event));
  }

  get holding() {
    return this.#held;
  }

  choose(button) {
    if (this.#chosen && this.#chosen !== button) this.#chosen.tabIndex = -1;
    this.#chosen = button;
    button.tabIndex = 0;
  }

  // Tab finds the board in one stop, whatever was drawn anew.
  settle() {
    if (this.#chosen?.isConnected) return;
    const first = this.board.querySelector(".lb-visit button");
    if (first) this.choose(first);
  }

  #key(event) {
    const button = event.target.closest(".lb-visit button");
    if (!button || event.ctrlKey || event.metaKey || event.altKey) return;
    const visit = this.board.model.visits.get(button.id.slice(2));
    if (!visit) return;
    const handled = this.#held ? this.#carry(event) : this.#walk(event, visit, button);
    if (handled) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  #walk(event, visit, button) {
    switch (event.key) {
      case "Enter":
      case " ":
        this.#pick(visit);
        return true;
      case "ArrowLeft":
      case "ArrowRight": {
        const row = visit.t ? this.board.model.of(visit.t) : this.board.model.pool();
        return this.#go(row[row.indexOf(visit) + (event.key === "ArrowLeft" ? -1 : 1)]);
      }
      case "ArrowUp":
      case "ArrowDown":
        return this.#upOrDown(visit, event.key === "ArrowUp" ? -1 : 1);
      case "Escape":
        if (!this.board.picking.some) return false;
        this.board.picking.clear();
        return true;
      case "Home":
      case "End": {
        const row = visit.t ? this.board.model.of(visit.t) : this.board.model.pool();
        return this.#go(row.at(event.key === "Home" ? 0 : -1));
      }
      case "i":
        this.board.card.show(visit.id);
        return true;
      case "x":
        this.board.picking.toggle(visit);
        return true;
      case "t":
        if (visit.t) this.board.card.showPerson(visit.t);
        return true;
      case "o":
        location.assign(`/desk/visits/${visit.id}`);
        return true;
      case "p":
        return this.#go(visit.t ? this.board.model.pool()[0] : this.board.model.of([...this.#shown()][0])[0]);
      default:
        return button === null;
    }
  }

  #go(visit) {
    const button = visit && this.board.drawing.button(visit.id);
    button?.focus();
    button?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  // The technicians whose rows are drawn, in the order of the screen.
  #shown() {
    return [...this.board.body.querySelectorAll(".lb-row")].map((row) => row.dataset.technician);
  }

  #upOrDown(visit, by) {
    const { model } = this.board;
    if (!visit.t) {
      const pool = model.pool();
      return this.#go(pool[pool.indexOf(visit) + by]);
    }
    const rows = this.#shown();
    const middle = (timeOf(visit)[0] + timeOf(visit)[1]) / 2;
    for (let at = rows.indexOf(visit.t) + by; at >= 0 && at < rows.length; at += by) {
      const there = model.of(rows[at]);
      if (!there.length) continue;
      const away = (one) => Math.abs((timeOf(one)[0] + timeOf(one)[1]) / 2 - middle);
      return this.#go(there.reduce((best, one) => (away(one) < away(best) ? one : best)));
    }
    return true;
  }

  #pick(visit) {
    if (!this.board.moving.mayMove(visit)) return;
    const holding = new Holding(this.board, visit, () => this.#say(holding.where));
    this.#held = holding;
    this.board.drawing.item(visit.id).classList.add("taken");
    const rows = this.#shown();
    holding.over(visit.t ?? rows[0], visit.p ? visit.p[0] : Math.max(visit.w[0], this.board.opens));
    this.board.announce(this.board.speech.say("picked", { what: this.board.speech.name(visit), where: holding.where }));
  }

  #carry(event) {
    const holding = this.#held;
    const rows = this.#shown();
    const at = rows.indexOf(holding.technician);
    const step = event.shiftKey ? SNAP : STEP;
    switch (event.key) {
      case "ArrowLeft":
        holding.over(holding.technician ?? rows[0], holding.start - step);
        break;
      case "ArrowRight":
        holding.over(holding.technician ?? rows[0], holding.start + step);
        break;
      case "ArrowUp":
        holding.over(rows[Math.max(0, at - 1)] ?? rows[0], holding.start);
        break;
      case "ArrowDown":
        holding.over(rows[Math.min(rows.length - 1, at + 1)], holding.start);
        break;
      case "Delete":
      case "Backspace":
        holding.over(null, 0);
        break;
      case "Enter":
      case " ":
        this.#drop(true);
        return true;
      case "Escape":
        this.#drop(false);
        return true;
      case "Tab":
        this.#drop(false);
        return false;
      default:
        return false;
    }
    holding.spot.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  #say(text) {
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => this.#held && this.board.announce(text), SAID_AFTER);
  }

  #drop(there) {
    const holding = this.#held;
    this.#held = null;
    this.board.drawing.item(holding.visit.id)?.classList.remove("taken");
    holding.end();
    if (there && holding.moved) this.board.moving.ask(holding);
    else this.board.announce(this.board.speech.say("dropped_back", { what: this.board.speech.name(holding.visit) }));
  }

  // Keys that work wherever nobody is typing.
  #anywhere(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("input, select, textarea, dialog")) return;
    if (event.key === "?") document.getElementById("board-keys")?.showModal();
    else if (event.key === "/") document.querySelector(".lb-tools [name=find]")?.focus();
    else if (event.key === "g") this.#chosen?.focus();
    else if (event.key === "m") this.board.map.open(this.board.map.place.hidden);
    else if (event.key === "n") location.assign("/desk/exceptions");
    else if (event.key === "w" || (event.key === "Escape" && this.board.told.wall)) this.board.toWall(!this.board.told.wall);
    else return;
    event.preventDefault();
  }
}
