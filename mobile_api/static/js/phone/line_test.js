// The line test in the page: round trips, downloads and uploads, whose median counts; see checklists/line_test.py.
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { median } from "./progress.js";
import { visit } from "./visit.js";

const ask = async (path, options) => {
  const answer = await fetch(`/api/v1/line-test/${path}`, { cache: "no-store", ...options });
  if (!answer.ok) throw new Error(answer.status === 429 ? "busy" : "offline");
  return answer;
};
async function ping(_size, options) { // milliseconds, without what the server says it took
  const begun = performance.now();
  const { server_ms: own } = await (await ask("ping", options)).json();
  return { rate: Math.max(0, performance.now() - begun - own), seconds: Infinity };
}
async function download(size, options) { // ended after a while: what has arrived until then is the result
  const reader = (await ask(`down?bytes=${size}`, options)).body.getReader();
  let [begun, bytes, piece, seconds] = [performance.now(), 0, {}, 0];
  while (!piece.done && seconds < visit.form.line_test.longest) {
    piece = await reader.read();
    bytes += piece.value?.length ?? 0;
    seconds = (performance.now() - begun) / 1000;
  }
  reader.cancel();
  return { rate: bytes * 8 / seconds / 1e6, seconds };
}
async function upload(size, options) { // by the server's clock
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  const body = new Blob(Array(Math.ceil(size / noise.length)).fill(noise), { type: "application/octet-stream" });
  const { bytes, seconds } = await (await ask("up", { method: "POST", body, ...options })).json();
  return { rate: bytes * 8 / seconds / 1e6, seconds };
}
async function measured(run, size, most, options) { // too short says little of the line: the same again with more bytes
  const { rate, seconds } = await run(size, options);
  if (seconds >= visit.form.line_test.shortest) return { rate, size };
  if (size >= most) throw new Error("short");
  return measured(run, Math.min(most, size * 4), most, options);
}
Alpine.data("lineTest", () => ({
  doing: "", nth: 0, told: "", results: [], stop: null,
  async start() {
    const { rounds, steady, instrument } = visit.form.line_test;
    Object.assign(this, { told: "", results: [], stop: new AbortController() });
    try {
      for (const { name, unit, times, first, most } of rounds) {
        const [runs, run] = [[], { ping_avg: ping, dl_rate: download, ul_rate: upload }[name]];
        let size = first;
        for (this.doing = name, this.nth = 1; this.nth <= times; this.nth += 1) {
          const told = await measured(run, size, most, { signal: Alpine.raw(this.stop).signal });
          size = told.size;
          runs.push(Math.round(told.rate * 10) / 10);
        }
        const value = { value: Math.round(median(runs) * 10) / 10, unit, method: "page", instrument, runs };
        this.results.push({ name, ...value, isSteady: Math.max(...runs) <= steady * Math.min(...runs) });
        window.dispatchEvent(new CustomEvent("measured", { detail: { name, value } })); // for its field
      }
      this.told = "done";
    } catch (error) { this.told = { AbortError: "stopped", Error: error.message }[error.name] ?? "offline"; }
    this.doing = "";
  },
  cancel() { Alpine.raw(this.stop).abort(); },
}));
