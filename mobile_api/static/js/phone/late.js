// Setting out with an expected arrival, and telling the customer in time that one will be late.
import { button, h, note, say, sign, time } from "./dom.js";
import { entryOf } from "./progress.js";

const MINUTES = [15, 30, 45, 60, 90, 120];
const REASONS = [["上一户用时较长", "The work before took longer"], ["路上堵车", "Heavy traffic"], ["需要先取器材", "Equipment had to be fetched first"]];
const when = (told) => (told && typeof told === "object" ? told.at : told);

const choice = (id, label, options) => h("div.field", null, h("label", { for: id }, label),
  h("select", { id }, options.map(([value, text]) => h("option", { value }, text))));

/** “Set out now”, with the minutes that the technician expects, or the distance's guess. */
export function departButton(visit, { put, redraw }, wasCalled) {
  const told = when(entryOf(visit, "visit", "departed")?.value) ?? visit.departed_at;
  if (told) return note("good", say(`${time(told)} 已出发`, `Set out at ${time(told)}`),
    visit.predicted_at && say(`，预计 ${time(visit.predicted_at)} 到达`, `, expected at ${time(visit.predicted_at)}`));
  if (visit.status !== "booked") return null;
  const road = choice("road", say("路上大约", "On the road"), [["", say("按距离估计", "By distance")],
    ...[10, 20, ...MINUTES.slice(1, 4)].map((minutes) => [minutes, say(`${minutes} 分钟`, `${minutes} min`)])]);
  const leave = () => {
    const at = new Date().toISOString();
    const minutes = Number(road.querySelector("select").value);
    put("visit", "departed", minutes ? { at, minutes } : at);
    redraw();
  };
  // The call comes first, every time.
  return h("div.departing", null, road, button(say("现在出发", "Set out now"), wasCalled ? "primary" : "plain", "arrow", leave));
}

/** What to say on the phone, in the customer's language. */
const sentence = ({ customer, company, technician }, at, reason) => (customer.language === "en"
  ? `Hello, this is ${technician.name} from ${company.en}. I am very sorry: I shall be late (${reason[1].toLowerCase()}) and expect to be with you at ${at}. Would that still suit you?`
  : `您好，我是${company.zh}的装维人员${technician.name}。非常抱歉，因为${reason[0]}，我预计 ${at} 才能到您家，让您久等了。请问这样您方便吗？`);

/** A fold with one small form; it needs a network, and says so. */
export function lateFold(visit) {
  if (!["booked", "en_route"].includes(visit.status)) return null;
  const minutes = choice("late-by", say("大约还要多久到", "I shall be there in"), MINUTES.map((many) => [many, say(`${many} 分钟`, `${many} min`)]));
  const why = choice("late-why", say("原因（客户会看到）", "Why (the customer reads it)"), REASONS.map(([zh, en], at) => [at, say(zh, en)]));
  const told = h("div", { role: "status" });
  const press = async ({ currentTarget: pressed }) => {
    const predicted = new Date(Math.ceil((Date.now() + minutes.querySelector("select").value * 60_000) / 300_000) * 300_000);
    const reason = REASONS[why.querySelector("select").value];
    pressed.disabled = true;
    let isLate = true;
    try {
      const answer = await fetch(`/api/v1/visits/${visit.id}/running-late`, { method: "POST", signal: AbortSignal.timeout(15_000),
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ predicted: predicted.toISOString(), reason: reason[visit.customer.language === "en" ? 1 : 0] }) });
      const body = await answer.json();
      isLate = answer.ok;
      if (!isLate) told.replaceChildren(note("warn", body.detail));
      else {
        visit.predicted_at = body.predicted_at;
        told.replaceChildren(note("good", say(`已通知客户：预计 ${time(body.predicted_at)} 到达。`, `The customer is told: expected at ${time(body.predicted_at)}.`)));
      }
    } catch {
      told.replaceChildren(note("warn", say("没有网络，通知没有发出。请直接致电客户。", "No network, nothing was sent. Please call the customer.")));
    }
    if (isLate) told.append(h("p", null, say("电话里可以这样说：", "On the phone, say:")), h("blockquote", { lang: visit.customer.language === "en" ? "en" : "zh-CN" }, sentence(visit, time(predicted.toISOString()), reason)));
    pressed.disabled = false;
  };
  return h("details.late", null, h("summary", null, sign("clock"), h("span", null, say("会晚到？告诉客户", "Running late? Tell the customer"))),
    minutes, why, button(say("通知客户", "Tell the customer"), "plain", "message", press), told);
}
