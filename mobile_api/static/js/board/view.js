// What of the plane is seen: pan and zoom by hand, wheel, keys and buttons. Moves one group; nothing is drawn anew.

const CLOSEST = 16; // pixels a unit: zoom 16
const FARTHEST = 1 / 64;
const STEP = 1.4;

export class View {
  #centre = [0, 0];
  #scale = 1;
  #touched = false;

  constructor(svg, group, changed) {
    this.svg = svg;
    this.group = group;
    this.changed = changed;
    svg.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    svg.addEventListener("pointerdown", (event) => this.#down(event));
    svg.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#place()).observe(svg);
  }

  get size() {
    return [this.svg.clientWidth || 1, this.svg.clientHeight || 1];
  }

  get scale() {
    return this.#scale;
  }

  get centre() {
    return this.#centre;
  }

  // The part of the plane that is seen: [west, north, east, south] in units.
  get box() {
    const [wide, high] = this.size.map((one) => one / 2 / this.#scale);
    const [x, y] = this.#centre;
    return [x - wide, y - high, x + wide, y + high];
  }

  // Everything in sight; once somebody has moved the map by hand, only when asked to.
  fit(points, asked = false) {
    if (!points.length || (this.#touched && !asked)) return;
    this.#touched = false;
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const [wide, high] = this.size;
    this.#centre = [(west + east) / 2, (north + south) / 2];
    this.#zoomTo(Math.min(wide / Math.max(east - west, 20), high / Math.max(south - north, 20)) * 0.85);
  }

  show(point) {
    this.#touched = true;
    this.#centre = point;
    this.#zoomTo(Math.max(this.#scale, 1));
  }

  zoom(by) {
    this.#touched = true;
    this.#zoomTo(this.#scale * by);
  }

  #zoomTo(scale) {
    this.#scale = Math.max(FARTHEST, Math.min(CLOSEST, scale));
    this.#place();
  }

  #place() {
    const [wide, high] = this.size;
    const [x, y] = this.#centre;
    this.group.setAttribute("transform", `translate(${wide / 2 - x * this.#scale} ${high / 2 - y * this.#scale}) scale(${this.#scale})`);
    this.svg.style.setProperty("--k", String(1 / this.#scale));
    this.changed();
  }

  #wheel(event) {
    event.preventDefault();
    const [left, top] = [this.svg.getBoundingClientRect().left, this.svg.getBoundingClientRect().top];
    const [wide, high] = this.size;
    const away = [event.clientX - left - wide / 2, event.clientY - top - high / 2];
    const before = this.#scale;
    this.#touched = true;
    const scale = Math.max(FARTHEST, Math.min(CLOSEST, before * (event.deltaY < 0 ? STEP : 1 / STEP)));
    this.#centre = this.#centre.map((one, at) => one + away[at] / before - away[at] / scale);
    this.#zoomTo(scale);
  }

  #down(event) {
    if (event.button || event.target.closest("[data-visit]")) return;
    const from = [event.clientX, event.clientY];
    const centre = this.#centre;
    const over = new AbortController();
    const move = (now) => {
      if (now.pointerId !== event.pointerId) return;
      this.#touched = true;
      this.#centre = [centre[0] - (now.clientX - from[0]) / this.#scale, centre[1] - (now.clientY - from[1]) / this.#scale];
      this.#place();
    };
    addEventListener("pointermove", move, { signal: over.signal });
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => over.abort(), { signal: over.signal });
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = 60 / this.#scale;
    const moves = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] };
    if (event.key in moves) {
      this.#touched = true;
      this.#centre = this.#centre.map((one, at) => one + moves[event.key][at]);
      this.#place();
    } else if (event.key === "+" || event.key === "=") this.zoom(STEP);
    else if (event.key === "-") this.zoom(1 / STEP);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
