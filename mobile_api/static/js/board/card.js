// Everything about one visit or one technician, beside the board, with what may be done about it.

import { make } from "./drawing.js";
import { planForm } from "./planning.js";
import { clock } from "./time.js";

const UNDER_WAY = ["en_route", "on_site"];

export class Card {
  #shown = null;
  #person = null;

  constructor(board) {
    this.board = board;
    this.place = board.querySelector(".lb-card");
    this.place.addEventListener("click", (event) => event.target.closest("[data-close]") && this.close());
    this.place.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  show(id) {
    [this.#shown, this.#person] = [id, null];
    this.refresh();
    this.#begin();
  }

  showPerson(id) {
    [this.#shown, this.#person] = [null, id];
    this.refresh();
    this.#begin();
  }

  #begin() {
    this.place.querySelector("h2")?.focus();
    this.place.scrollIntoView({ block: "nearest" });
  }

  close() {
    const [visit, person] = [this.#shown, this.#person];
    this.#shown = this.#person = null;
    this.place.hidden = true;
    if (person) this.board.rows.get(person)?.row.querySelector(".lb-person")?.focus();
    else this.board.drawing.button(visit)?.focus();
  }

  // Drawn anew only when what it shows has changed: a form that somebody is about to press stays under their hand.
  refresh() {
    const { model } = this.board;
    const subject = this.#person ? model.technicians.get(this.#person) : model.visits.get(this.#shown);
    this.place.hidden = !subject;
    if (!subject) this.#drawn = null;
    else if (subject !== this.#drawn || this.#person) this.#draw(subject);
  }

  #drawn = null;

  #draw(subject) {
    const within = this.place.contains(document.activeElement);
    if (within && subject === this.#drawn) return;
    this.#drawn = subject;
    const heading = make("h2", "", this.#person ? `${subject.n} ${subject.c}` : this.board.speech.name(subject));
    heading.tabIndex = -1;
    const body = this.#person ? this.#ofPerson(subject) : this.#ofVisit(subject);
    const close = make("button", "button plain", this.board.speech.say("close"));
    close.type = "button";
    close.dataset.close = "";
    body.at(-1).append(close);
    this.place.replaceChildren(heading, ...body);
    if (within) heading.focus();
  }

  #facts(lines) {
    const facts = make("ul", "plain-list");
    for (const line of lines) if (line) facts.append(make("li", "", line));
    return facts;
  }

  #ofVisit(visit) {
    const { speech, drawing, model, told } = this.board;
    const technician = model.technicians.get(visit.t);
    const pills = make("p", "row");
    pills.append(drawing.statusPill(visit), ...visit.g.map((key) => drawing.pill(key)));
    const facts = this.#facts([
      speech.promised(visit),
      speech.planned(visit),
      visit.pr !== null ? speech.say("predicted", { at: clock(visit.pr) }) : "",
      technician ? `${technician.n} ${technician.c}` : speech.say("unassigned"),
      visit.a,
      visit.e,
    ]);
    const actions = make("div", "actions");
    if (visit.g.some((key) => key.startsWith("call"))) actions.append(this.#link(`/desk/visits/${visit.id}/call`, speech.say("call_now"), "primary"));
    actions.append(this.#link(`/desk/visits/${visit.id}`, speech.say("open")));
    if (told.plan && told.movable.includes(visit.s)) {
      actions.append(this.#link(`/desk/visits/${visit.id}/move`, speech.say("move_form")));
      const pick = make("button", "button plain", speech.say("pick"));
      pick.type = "button";
      pick.addEventListener("click", () => this.board.picking.toggle(visit));
      actions.append(pick);
    }
    if (told.plan && UNDER_WAY.includes(visit.s)) actions.append(planForm(this.board, "longer", [visit.id], speech.say("longer"), { minutes: true }));
    return [pills, facts, actions];
  }

  #ofPerson(technician) {
    const { speech, model, told } = this.board;
    const hours = technician.sh ? `${clock(technician.sh[0])}–${clock(technician.sh[1])}` : speech.say("no_shift");
    const visits = model.of(technician.id);
    const left = visits.filter((visit) => ["booked", "en_route", "on_site"].includes(visit.s)).length;
    const facts = this.#facts([
      `${speech.say("shift")} ${hours}`,
      speech.area(model.areas.get(technician.r)),
      `${speech.say("visits", { n: visits.length })} · ${speech.say("left", { n: left })}`,
      Object.keys(technician.sk).join(" "),
      technician.se !== null ? speech.say("seen", { at: clock(technician.se) }) : "",
    ]);
    const actions = make("div", "actions");
    if (told.plan && technician.r) {
      actions.append(
        planForm(this.board, "sick", [technician.id], speech.say("sick")),
        planForm(this.board, "late", [technician.id], speech.say("late_begin"), { minutes: true }),
        this.#link(`/desk/plan?day=${told.day}&area=${technician.r}`, speech.say("plan_area")),
      );
    }
    actions.append(this.#link(`/desk/day-sheets/${technician.id}.pdf?day=${told.day}`, speech.say("day_sheet")));
    return [facts, actions];
  }

  #link(href, text, kind = "plain") {
    const link = make("a", `button ${kind}`, text);
    link.href = href;
    return link;
  }
}
