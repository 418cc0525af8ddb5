// What comes of a drop: the server says what it means for the customer, a person confirms, and it can be undone until
// the customer has been told. Refusals come back in the same dialog, with theirs and ours.

import { make } from "./drawing.js";

export class Moving {
  #dialog;
  #ours = new Set(); // visits whose next change is our own

  constructor(board) {
    this.board = board;
    this.#dialog = board.querySelector(".lb-dialog");
    this.news = board.querySelector(".lb-news");
    this.#dialog.addEventListener("click", (event) => event.target.closest("[data-close]") && this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#back());
    this.#dialog.addEventListener("submit", (event) => this.#send(event));
    this.news.addEventListener("click", (event) => event.target.closest("[data-undo]") && this.#undo(event.target.closest("[data-undo]")));
  }

  expects(visits) {
    return visits.every((visit) => this.#ours.has(visit.id));
  }

  mayMove(visit) {
    const { told, speech } = this.board;
    if (told.plan && told.movable.includes(visit.s)) return true;
    this.#say(speech.say(told.plan ? "not_movable" : "not_allowed", { what: speech.name(visit) }), "warn");
    return false;
  }

  // The dialog for what is held, drawn by the server.
  async ask({ visit, technician, start }) {
    this.visit = visit;
    const asked = new URLSearchParams({ day: this.board.told.day, version: visit.v });
    if (technician !== null) {
      asked.set("technician", technician);
      asked.set("start", start);
    }
    const answer = await fetch(`/desk/board/move/${visit.id}?${asked}`).catch(() => null);
    if (!answer || !(await this.#show(answer))) this.#say(this.board.speech.say("failed"), "bad");
  }

  async #show(answer) {
    if (!(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) return false;
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    const body = drawn.querySelector(".lb-move");
    if (!body) return false;
    this.#dialog.replaceChildren(document.adoptNode(body));
    if (!this.#dialog.open) this.#dialog.showModal();
    (this.#dialog.querySelector("[autofocus]") ?? this.#dialog.querySelector("h2"))?.focus();
    return true;
  }

  async #send(event) {
    event.preventDefault();
    const form = event.target;
    const sent = new FormData(form, event.submitter);
    const button = event.submitter;
    if (button) button.disabled = true;
    this.#ours.add(this.visit.id);
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent) }).catch(() => null);
    if (button) button.disabled = false;
    if (answer?.ok && (answer.headers.get("Content-Type") ?? "").startsWith("application/json")) return this.#done(await answer.json());
    this.#ours.delete(this.visit.id);
    if (!answer || !(await this.#show(answer))) this.#say(this.board.speech.say("failed"), "bad");
  }

  #done({ block, words, undo, gone }) {
    this.#dialog.close();
    this.board.apply(gone ? { gone: [gone] } : { visits: [block] });
    setTimeout(() => this.#ours.delete(block?.id ?? gone), 2000);
    this.#say(words, "good", undo);
    this.board.drawing.button(block?.id)?.focus();
  }

  async #undo(button) {
    button.disabled = true;
    const { visit, version, key } = button.dataset;
    const sent = new URLSearchParams({ version, key });
    const answer = await fetch(`/desk/board/undo/${visit}?day=${this.board.told.day}`, { method: "POST", body: sent }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (answer?.ok) this.#done(told);
    else this.#say(told?.detail ?? this.board.speech.say("failed"), "bad");
  }

  // One line of news above the board, for eyes and ears.
  #say(text, tone, undo = null) {
    const { drawing, speech } = this.board;
    const note = make("div", `note tone-${tone}`);
    note.append(drawing.sign({ good: "check", warn: "warn", bad: "cross" }[tone]), make("p", "", text));
    if (undo) {
      const button = make("button", "button plain", speech.say("undo"));
      button.type = "button";
      Object.assign(button.dataset, { undo: "", visit: undo.visit, version: undo.version, key: undo.key });
      note.append(button);
    }
    this.news.replaceChildren(note);
    this.board.announce(text);
  }

  #back() {
    this.board.drawing.button(this.visit?.id)?.focus();
  }
}

