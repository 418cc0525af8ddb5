// Keeps the board true: reads the day once, then follows the stream; after any silence it comes back by itself.

const SILENCE = 12_500; // three beats of the server
const TRIES = [500, 1000, 2000, 3000]; // milliseconds between them: true again within five seconds of coming back

export class Live {
  #stream = null;
  #place = "";
  #heard = 0;
  #tries = 0;
  #timer = 0;
  #run = 0;

  // on: {day(data), board(changes), beat(seconds), needs(counts), state(name)}; state is reading, live, lost, failed or signed_out.
  constructor(day, on) {
    this.day = day;
    this.on = on;
    for (const sign of ["online", "pageshow"]) addEventListener(sign, () => this.#suspect());
    document.addEventListener("visibilitychange", () => document.hidden || this.#suspect());
    addEventListener("pagehide", () => this.#close());
    setInterval(() => {
      if (this.#stream && performance.now() - this.#heard > SILENCE) this.#again("lost");
    }, 1000);
  }

  async start() {
    const run = (this.#run += 1);
    this.#close();
    try {
      const answer = await fetch(`/desk/board/data?day=${this.day}`, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (run !== this.#run) return;
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 404) return this.on.state("signed_out");
      if (!answer.ok) throw new Error(`answer ${answer.status}`);
      const data = await answer.json();
      if (run !== this.#run) return;
      this.#place = data.place;
      this.on.day(data);
      this.#follow();
    } catch {
      if (run === this.#run) this.#again("failed");
    }
  }

  #follow() {
    this.#close();
    const stream = new EventSource(`/desk/board/live?day=${this.day}&after=${encodeURIComponent(this.#place)}`);
    this.#stream = stream;
    this.#heard = performance.now();
    const heard = (message) => {
      if (stream !== this.#stream) return false;
      this.#heard = performance.now();
      this.#tries = 0;
      if (message.lastEventId) this.#place = message.lastEventId;
      return true;
    };
    stream.addEventListener("open", () => stream === this.#stream && (this.#heard = performance.now()));
    stream.addEventListener("beat", (message) => {
      if (!heard(message)) return;
      this.on.state("live");
      this.on.beat(JSON.parse(message.data).at);
    });
    stream.addEventListener("board", (message) => {
      if (!heard(message)) return;
      this.on.state("live");
      this.on.board(JSON.parse(message.data));
    });
    stream.addEventListener("needs", (message) => heard(message) && this.on.needs(JSON.parse(message.data)));
    stream.addEventListener("anew", (message) => heard(message) && this.start());
    stream.addEventListener("error", () => stream === this.#stream && this.#again("lost"));
  }

  // The laptop woke, the page was shown again, the network came back: what is open may be dead without knowing it.
  #suspect() {
    if (performance.now() - this.#heard > 5000) this.#again("lost", 0);
  }

  #again(state, wait = TRIES[Math.min(this.#tries, TRIES.length - 1)]) {
    this.#close();
    this.#tries += 1;
    this.on.state(state);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#place && this.#tries < 3 ? this.#follow() : this.start()), wait);
  }

  #close() {
    this.#stream?.close();
    this.#stream = null;
  }
}
