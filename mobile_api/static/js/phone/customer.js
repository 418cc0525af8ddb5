// The phone in the customer's hand, in their language: what was done, what their signature says, rating and signing.
// And the technician's last look before handing in.
import { button, dayTime, facts, h, link, note, say, speak, spokenLanguage, words } from "./dom.js";
import { drawField } from "./form.js";
import { kindOf, panel } from "./overview.js";
import { isAsked, progressOf, valueOf } from "./progress.js";
import { spoken } from "./spoken.js";
import { missingList } from "./step.js";

const AGREED_ON = ["access_technology", "placement_agreed", "alters_home", "alteration_what"];
const NOT_THEIRS = ["filed_when", "baseline"];

/** The answers of some steps in words; `wanted` says which fields. */
function summary(visit, keys, wanted = () => true) {
  return visit.form.steps.filter((step) => keys.includes(step.key)).map((step) => {
    const answer = (field) => valueOf(visit, step.key, field.key);
    const told = step.fields.filter((field) => wanted(field.key) && isAsked(visit, step, field) && answer(field) !== undefined);
    return told.length > 0 && panel(words(step.title), facts(told.map((field) => [words(field.label), spoken(visit, field, answer(field))])));
  });
}

/** What the customer reads first: for an alteration what is agreed, else the whole of the work. */
function reading(visit, isAgreement) {
  if (isAgreement) return summary(visit, ["work"], (key) => AGREED_ON.includes(key));
  const arrived = valueOf(visit, "appointment", "arrived_at");
  return [panel(null, facts([[say("服务", "Service"), kindOf(visit)],
    [say("装维人员", "Technician"), `${visit.technician.name}（${visit.technician.code}）`], [say("到达", "Arrived"), arrived && dayTime(arrived)]])),
  summary(visit, ["work", "proof", "file"], (key) => !NOT_THEIRS.includes(key))];
}

export function customerScreen(visit, key, { put, go }) {
  const own = spokenLanguage();
  const theirs = visit.customer.language;
  speak(theirs);
  const step = visit.form.steps.find((one) => one.key === key);
  const fields = step.fields.filter((field) => field.filled_by === "customer" && isAsked(visit, step, field));
  const drawn = fields.map((field) => drawField(visit, step, field, (one, value) => put(key, one.key, value)));
  const signature = fields.find((field) => field.type === "signature");
  const isAgreement = key === "work";
  const back = () => go(`#step-${key}`);
  const thanks = h("div.thanks", { role: "status" },
    note("good", say("谢谢您！请把手机交还给装维人员。", "Thank you! Please hand the phone back to the technician.")),
    button(say("交还手机", "Hand the phone back"), "primary", "return", back));
  const update = () => {
    speak(theirs);
    for (const one of drawn) one.update();
    thanks.hidden = !(signature ? [signature] : fields).every((field) => valueOf(visit, key, field.key) !== undefined);
    speak(own);
  };
  const heading = isAgreement ? say("改动确认", "Agreement to the alteration")
    : signature ? say("请您过目、评价、签名", "Please read, rate and sign") : say("请您确认", "Please confirm");
  const meaning = isAgreement ? say("我已看过上面的改动内容与位置，同意动工。", "I have read what is to be altered and where, and agree to it.") : words(visit.consent);
  const body = [h("div.letter", { lang: theirs === "en" ? "en" : "zh-CN" }, h("p.brand", null, words(visit.company)), h("h1", null, heading),
    h("p", null, `${visit.customer.name}${say("，您好！", ",")} ${visit.site.address}`), signature && reading(visit, isAgreement),
    signature && panel(say("您签名表示", "What your signature says"), h("p", null, meaning)),
    h("section.panel", null, drawn.map(({ root }) => root)), thanks)];
  update();
  return { title: words(visit.company), back: null, customer: true, update, body,
    dock: [button(say("返回（装维人员）", "Back (technician)"), "quiet", "back", back)] };
}

export function endScreen(visit, { hand, takeBack }) {
  const { steps, endedEarly } = progressOf(visit);
  const items = steps.filter(({ state }) => state !== "later").flatMap(({ step, missing }) =>
    missing.map(([field, why]) => ({ href: `#step-${step.key}`, text: `${step.number}. ${words(field.label)}`, why })));
  const press = async ({ currentTarget: pressed }) => {
    pressed.disabled = true;
    await hand();
    pressed.disabled = false;
  };
  const queued = visit.seal && (visit.seal.told ? note("bad", visit.seal.told)
    : note("warn", say("已提交，有信号时自动上传并封存。可以离开了。", "Handed in. It leaves and is sealed when there is a signal: you may go.")));
  const title = say("检查并提交", "Check and hand in");
  const ready = note("good", say("所有必填项已完成。提交后记录封存，不能再修改。", "All that is needed is there. Once handed in, the record is sealed and cannot be changed."));
  return { title, back: "#", body: [h("h1", null, endedEarly ? say("未能入户", "No access") : title),
    h("div", { role: "alert" }, queued), items.length ? missingList(say(`还差 ${items.length} 项`, `${items.length} missing`), items) : ready,
    steps.some(({ state }) => state === "later")
      && note("warn", say("档案将回站补录，补录会注明为后补。", "The file is to be entered later; it will be marked as late.")),
    summary(visit, endedEarly ? ["talk"] : ["proof", "leave"])],
  dock: [link(say("概览", "Overview"), "plain", "back", "#"), visit.seal && !visit.seal.told
    ? button(say("撤回提交", "Take it back"), "plain", "return", takeBack)
    : !items.length && button(say("提交并封存", "Hand in and seal"), "primary", "seal", press)] };
}
