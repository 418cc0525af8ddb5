// How much needs a person, above the board: the stream tells it, each chip leads to its part of the list.

export class Needs {
  constructor(strip) {
    this.strip = strip;
  }

  show({ counts, total }) {
    if (!this.strip) return;
    for (const chip of this.strip.querySelectorAll("[data-need]")) {
      const many = chip.dataset.need === "all" ? total : (counts[chip.dataset.need] ?? 0);
      chip.querySelector(".lb-count").textContent = String(many);
      chip.hidden = many === 0 && chip.dataset.need !== "all";
    }
    this.strip.dataset.total = String(total);
    this.strip.querySelector(".lb-well").hidden = total > 0;
  }
}
