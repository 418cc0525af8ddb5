// Planning in place: small forms that lead to the planner's proposal, for whom or what was chosen on the board. The
// key makes a double click one question; everything else is decided by the server.

import { make } from "./drawing.js";

const DELAYS = [15, 30, 45, 60, 90, 120]; // minutes that are offered for late and longer

function key() {
  const random = crypto.getRandomValues(new Uint8Array(12));
  return [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function hidden(name, value) {
  const input = make("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

// One form: its button's text, what happened (`kind`), whom or what it is about; with `minutes` a choice of them.
export function planForm(board, kind, about, text, { minutes = false, sign = "return" } = {}) {
  const form = make("form", "lb-plan");
  form.method = "post";
  form.action = "/desk/board/replan";
  form.append(hidden("key", key()), hidden("day", board.told.day), hidden("kind", kind));
  for (const id of about) form.append(hidden("about", id));
  if (minutes) {
    const choice = make("select");
    choice.name = "minutes";
    choice.ariaLabel = board.speech.say("by_minutes");
    for (const many of DELAYS) {
      const option = make("option", "", board.speech.say("minutes", { n: many }));
      option.value = many;
      option.selected = many === 30;
      choice.append(option);
    }
    form.append(choice);
  }
  const button = make("button", "button plain");
  button.append(board.drawing.sign(sign), make("span", "", text));
  form.append(button);
  return form;
}

// Visits picked one by one, to be planned anew together. They stay picked while the board changes around them.
export class Picking {
  #picked = new Set();

  constructor(board, bar) {
    this.board = board;
    this.bar = bar;
  }

  toggle(visit) {
    const { board } = this;
    if (!this.#picked.has(visit.id) && !board.moving.mayMove(visit)) return;
    this.#picked[this.#picked.has(visit.id) ? "delete" : "add"](visit.id);
    this.draw();
    const picked = this.#picked.has(visit.id);
    board.announce(board.speech.say(picked ? "picked_out" : "put_back", { what: board.speech.name(visit), n: this.#picked.size }));
  }

  clear() {
    this.#picked.clear();
    this.draw();
  }

  get some() {
    return this.#picked.size > 0;
  }

  draw() {
    const { board } = this;
    for (const id of this.#picked) if (!board.model.visits.has(id)) this.#picked.delete(id);
    for (const item of board.querySelectorAll(".lb-visit.picked")) item.classList.remove("picked");
    for (const id of this.#picked) board.drawing.item(id)?.classList.add("picked");
    this.bar.hidden = this.#picked.size === 0;
    if (this.bar.hidden) return this.bar.replaceChildren();
    const clear = make("button", "button quiet", board.speech.say("unpick"));
    clear.type = "button";
    clear.addEventListener("click", () => this.clear());
    this.bar.replaceChildren(
      make("strong", "", board.speech.say("n_picked", { n: this.#picked.size })),
      planForm(board, "picked", [...this.#picked], board.speech.say("replan_picked")),
      clear,
    );
  }
}
