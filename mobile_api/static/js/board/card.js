// Everything about one visit, beside the board, with what may be done about it.

import { make } from "./drawing.js";
import { clock } from "./time.js";

export class Card {
  #shown = null;

  constructor(board) {
    this.board = board;
    this.place = board.querySelector(".lb-card");
    this.place.addEventListener("click", (event) => event.target.closest("[data-close]") && this.close());
    this.place.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  show(id) {
    this.#shown = id;
    this.refresh();
    this.place.querySelector("h2")?.focus();
  }

  close() {
    const id = this.#shown;
    this.#shown = null;
    this.place.hidden = true;
    this.board.drawing.button(id)?.focus();
  }

  refresh() {
    const visit = this.board.model.visits.get(this.#shown);
    if (!visit) {
      this.place.hidden = true;
      return;
    }
    const { speech, drawing, model, told } = this.board;
    const technician = model.technicians.get(visit.t);
    const heading = make("h2", "", speech.name(visit));
    heading.tabIndex = -1;
    const pills = make("p", "row");
    pills.append(drawing.statusPill(visit), ...visit.g.map((key) => drawing.pill(key)));
    const facts = make("ul", "plain-list");
    const lines = [
      speech.promised(visit),
      speech.planned(visit),
      visit.pr !== null ? speech.say("predicted", { at: clock(visit.pr) }) : "",
      technician ? `${technician.n} ${technician.c}` : speech.say("unassigned"),
      visit.a,
      visit.e,
    ];
    for (const line of lines) if (line) facts.append(make("li", "", line));
    const actions = make("div", "actions");
    actions.append(this.#link(`/desk/visits/${visit.id}`, speech.say("open")));
    if (told.plan && told.movable.includes(visit.s)) actions.append(this.#link(`/desk/visits/${visit.id}/move`, speech.say("move_form")));
    const close = make("button", "button plain", speech.say("close"));
    close.type = "button";
    close.dataset.close = "";
    actions.append(close);
    this.place.replaceChildren(heading, pills, facts, actions);
    this.place.hidden = false;
  }

  #link(href, text) {
    const link = make("a", "button plain", text);
    link.href = href;
    return link;
  }
}
