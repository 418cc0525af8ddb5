// Asks the judge whether a visit fits where it is held, once for each place, and never for a place already left.

const WAIT = 90; // milliseconds that a hand must rest on a place

export class Fitting {
  #known = new Map();
  #timer = 0;
  #asking = null;

  constructor(day, visit) {
    this.day = day;
    this.visit = visit;
  }

  // tell({fits, why: [..]}) is called at once if it is known, else when the judge has spoken; null while nobody knows.
  ask(technician, start, tell) {
    const key = `${technician} ${start}`;
    clearTimeout(this.#timer);
    this.#asking?.abort();
    if (this.#known.has(key)) return tell(this.#known.get(key));
    tell(null);
    this.#timer = setTimeout(async () => {
      this.#asking = new AbortController();
      try {
        const answer = await fetch(`/desk/board/fit/${this.visit.id}?day=${this.day}&technician=${technician}&start=${start}`, { signal: this.#asking.signal });
        if (!answer.ok) return tell({ fits: null, why: [] });
        this.#known.set(key, await answer.json());
        tell(this.#known.get(key));
      } catch (error) {
        if (error.name !== "AbortError") tell({ fits: null, why: [] });
      }
    }, WAIT);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  // Who cannot take it whatever the time, and why: {technician: reason}.
  async crew() {
    const answer = await fetch(`/desk/board/crew/${this.visit.id}?day=${this.day}`).catch(() => null);
    return answer?.ok ? (await answer.json()).why : {};
  }
}
