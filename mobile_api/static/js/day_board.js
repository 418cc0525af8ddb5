// Puts each visit of the day where its time is. Without this script, and on a narrow screen, the board is a list.

class DayBoard extends HTMLElement {
  connectedCallback() {
    const opens = Number(this.dataset.opens);
    const length = Number(this.dataset.closes) - opens;
    this.style.setProperty("--hours", length / 60);
    for (const each of this.querySelectorAll("[data-from]")) {
      each.style.setProperty("--at", (Number(each.dataset.from) - opens) / length);
      each.style.setProperty("--long", Number(each.dataset.minutes ?? 0) / length);
      each.style.setProperty("--lane", each.dataset.lane ?? 0);
    }
    for (const track of this.querySelectorAll("[data-lanes]")) track.style.setProperty("--lanes", track.dataset.lanes);
  }
}

customElements.define("day-board", DayBoard);
