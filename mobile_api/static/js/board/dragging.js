// Taking a visit with mouse, pen or finger. A finger must rest first, so that it can still scroll. While dragging, rows
// are found by their own places, measured once; each frame moves one element and nothing is laid out anew.

import { make } from "./drawing.js";
import { Holding } from "./holding.js";
import { clock } from "./time.js";

const NEAR = 5; // pixels of a click that trembles
const REST = 350; // milliseconds that a finger rests to take a visit
const EDGE = 48; // pixels from the border in which the board scrolls along

export class Dragging {
  #held = null;

  constructor(board) {
    this.board = board;
    board.addEventListener("pointerdown", (event) => this.#down(event));
    board.addEventListener("click", (event) => this.#click(event), true);
  }

  #click(event) {
    const button = event.target.closest(".lb-visit button");
    if (!button) return;
    event.preventDefault();
    if (this.justDropped) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      const visit = this.board.model.visits.get(button.id.slice(2));
      if (visit) this.board.picking.toggle(visit);
      return;
    }
    this.board.keys.choose(button);
    this.board.card.show(button.id.slice(2));
  }

  #down(event) {
    const button = event.target.closest(".lb-visit button");
    if (!button || event.button || this.#held) return;
    const visit = this.board.model.visits.get(button.id.slice(2));
    if (!visit) return;
    this.justDropped = false;
    const over = new AbortController();
    const begun = { x: event.clientX, y: event.clientY };
    const touch = event.pointerType === "touch";
    let taken = false;
    const take = (at) => {
      taken = true;
      if (this.board.moving.mayMove(visit)) this.#take(visit, button, begun, at, over, event.pointerId);
      else over.abort();
    };
    const rest = touch ? setTimeout(() => take(begun), REST) : 0;
    const on = { signal: over.signal };
    addEventListener("pointermove", (now) => {
      if (taken || now.pointerId !== event.pointerId) return;
      if (Math.hypot(now.clientX - begun.x, now.clientY - begun.y) < NEAR) return;
      if (touch) over.abort();
      else take({ x: now.clientX, y: now.clientY });
    }, on);
    addEventListener("pointerup", () => !taken && over.abort(), on);
    addEventListener("pointercancel", () => !taken && over.abort(), on);
    over.signal.addEventListener("abort", () => clearTimeout(rest));
  }

  #take(visit, button, begun, at, over, pointer) {
    const { board } = this;
    const box = button.getBoundingClientRect();
    const ghost = make("div", "lb-ghost");
    const face = button.cloneNode(true);
    face.removeAttribute("id");
    const verdict = make("p", "lb-verdict");
    ghost.append(face, verdict);
    ghost.ariaHidden = "true";
    ghost.style.setProperty("--w", `${Math.max(box.width, 90)}px`);
    board.append(ghost);
    button.parentElement.classList.add("taken");
    const grip = Math.min(begun.x - box.left, box.width);
    const inPool = !visit.t;
    const holding = new Holding(board, visit, () => {
      verdict.textContent = holding.technician === null ? holding.verdict : `${clock(holding.start)} ${board.model.technicians.get(holding.technician)?.n ?? ""} · ${holding.verdict}`;
      verdict.dataset.fits = holding.fit === null ? "asking" : String(holding.fit.fits);
    });
    this.#held = { holding, ghost };
    const rows = this.#measured();
    const last = { x: at.x, y: at.y };
    let frame = 0;
    const draw = () => {
      frame = 0;
      ghost.style.transform = `translate(${last.x - Math.min(grip, 80)}px, ${last.y - 18}px)`;
      const scroller = rows.scroller;
      const inside = last.x > scroller.left && last.x < scroller.right && last.y > scroller.top && last.y < scroller.bottom;
      if (!inside) {
        if (last.x > scroller.right) holding.over(null, 0);
        return;
      }
      const down = last.y < scroller.top + rows.head + EDGE / 2 ? -12 : last.y > scroller.bottom - EDGE ? 12 : 0;
      const right = last.x > scroller.right - EDGE ? 12 : last.x < scroller.left + rows.who && last.x > scroller.left + rows.who - EDGE ? -12 : 0;
      if (down || right) {
        board.scroller.scrollBy(right, down);
        frame = requestAnimationFrame(draw);
      }
      const technician = this.#rowAt(rows, last.y - scroller.top + board.scroller.scrollTop);
      const from = last.x - (inPool ? 0 : Math.min(grip, 80));
      const minute = board.opens + (from - scroller.left - rows.who + board.scroller.scrollLeft) / board.minute;
      if (technician) holding.over(technician, minute);
    };
    const ask = () => (frame ||= requestAnimationFrame(draw));
    const on = { signal: over.signal };
    addEventListener("pointermove", (now) => {
      if (now.pointerId !== pointer) return;
      last.x = now.clientX;
      last.y = now.clientY;
      ask();
    }, on);
    const end = (drop) => {
      cancelAnimationFrame(frame);
      over.abort();
      ghost.remove();
      button.parentElement?.classList.remove("taken");
      this.#held = null;
      this.justDropped = true;
      setTimeout(() => (this.justDropped = false), 50);
      holding.end();
      if (drop && holding.moved) board.moving.ask(holding);
      else board.announce(board.speech.say("dropped_back", { what: board.speech.name(visit) }));
    };
    addEventListener("pointerup", (now) => now.pointerId === pointer && (draw(), end(true)), on);
    addEventListener("pointercancel", () => end(false), on);
    addEventListener("keydown", (key) => key.key === "Escape" && (key.preventDefault(), end(false)), { ...on, capture: true });
    addEventListener("touchmove", (move) => move.preventDefault(), { ...on, passive: false });
    addEventListener("contextmenu", (menu) => menu.preventDefault(), on);
    navigator.vibrate?.(10);
    board.announce(board.speech.say("picked", { what: board.speech.name(visit), where: "" }));
    ask();
  }

  // Where each row is in the scrolled content, and where the scroller is on the screen.
  #measured() {
    const { board } = this;
    const scroller = board.scroller.getBoundingClientRect();
    const base = scroller.top - board.scroller.scrollTop;
    const tops = [];
    for (const [id, { row }] of board.rows) {
      if (!row.isConnected) continue;
      const box = row.getBoundingClientRect();
      tops.push([box.top - base, box.bottom - base, id]);
    }
    tops.sort((one, other) => one[0] - other[0]);
    const corner = board.querySelector(".lb-corner");
    return { tops, scroller, who: corner.offsetWidth, head: corner.offsetHeight };
  }

  #rowAt({ tops }, y) {
    let low = 0;
    let high = tops.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (y < tops[middle][0]) high = middle - 1;
      else if (y >= tops[middle][1]) low = middle + 1;
      else return tops[middle][2];
    }
    return null;
  }
}
