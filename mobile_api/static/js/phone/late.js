// Telling the customer in time that one will be late: it needs a network, and says so.
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { visit } from "./visit.js";
import { time } from "./words.js";

const FIVE_MINUTES = 300_000;
Alpine.data("late", () => ({
  told: "", detail: "", at: "", reason: "", busy: false,
  async tell() {
    const expected = Math.ceil((Date.now() + this.$refs.minutes.value * 60_000) / FIVE_MINUTES) * FIVE_MINUTES;
    const predicted = new Date(expected).toISOString();
    const reason = this.$refs.why.selectedOptions[0].dataset[visit.customer.language];
    Object.assign(this, { busy: true, told: "", at: time(predicted), reason });
    try {
      const answer = await fetch(`/api/v1/visits/${visit.id}/running-late`, { method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ predicted, reason }), signal: AbortSignal.timeout(15_000) });
      const said = await answer.json();
      this.told = answer.ok ? "sent" : "refused";
      if (answer.ok) [visit.predicted_at, this.at] = [said.predicted_at, time(said.predicted_at)];
      else this.detail = said.detail;
    } catch { this.told = "offline"; }
    this.busy = false;
  },
}));
