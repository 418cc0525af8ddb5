// Telling the customer in time that one will be late: it needs a network, and says so.
import Alpine from "../../vendor/alpine/alpine-csp.esm.min.js";
import { visit } from "./visit.js";
import { time } from "./words.js";

const [MINUTE, ROUND] = [60_000, 300_000];
const headers = { "Content-Type": "application/json", Accept: "application/json" };
async function ask(predicted, reason) {
  const [body, signal] = [JSON.stringify({ predicted, reason }), AbortSignal.timeout(15_000)];
  const answer = await fetch(`/api/v1/visits/${visit.id}/running-late`, { method: "POST", headers, body, signal });
  const { detail, predicted_at: at } = await answer.json();
  if (answer.ok) visit.predicted_at = at;
  return answer.ok ? { told: "sent", at: time(at) } : { told: "refused", detail };
}
Alpine.data("late", () => ({
  told: "", detail: "", at: "", reason: "", busy: false,
  async tell() {
    const at = new Date(Math.ceil((Date.now() + this.$refs.minutes.value * MINUTE) / ROUND) * ROUND).toISOString();
    const reason = this.$refs.why.selectedOptions[0].dataset[visit.customer.language];
    Object.assign(this, { busy: true, told: "", at: time(at), reason });
    Object.assign(this, await ask(at, reason).catch(() => ({ told: "offline" })), { busy: false });
  },
}));
