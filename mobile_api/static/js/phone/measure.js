// Is a measured value good? The phone's twin of checklists/measurements.py, fed with the same limits as data.
// tests/browser holds the two against each other. The server stays the judge.
const exact = (x) => Math.round(x * 1e9) / 1e9; // 0.1 is a tenth, not the binary fraction next to it
const outside = (value, low, high) => (low !== null && value < low) || (high !== null && value > high);
const same = (zh, en) => ({ zh, en });
const PLAIN = same("已记录，本项不作判定。", "Kept; this is not judged here.");

export function limitFor(measurement, context) {
  for (const limit of measurement.limits) {
    if (limit.access.length && !limit.access.includes(context.access)) continue;
    if (limit.band.length && !limit.band.includes(context.band)) continue;
    if (limit.plan_above !== null && !((context.subscribed_down ?? 0) > limit.plan_above)) continue;
    if (limit.share_of === null) return limit;
    const rate = context[limit.share_of];
    if (!(rate > 0)) continue;
    const share = (percent) => (percent === null ? null : exact((percent * rate) / 100));
    return { ...limit, pass_min: share(limit.pass_min), warn_min: share(limit.warn_min) };
  }
  return null;
}

export function range(low, high, unit, open = false) {
  const behind = unit ? ` ${unit}` : "";
  if (low !== null && high !== null) return same(`${low} 至 ${high}${behind}`, `${low} to ${high}${behind}`);
  const one = low !== null ? `≥ ${low}${behind}` : `${open ? "<" : "≤"} ${high}${behind}`;
  return same(one, one);
}

function byLimit(limit, value, runs = []) {
  const above = limit.pass_max !== null && (value > limit.pass_max || (limit.pass_max_open && value === limit.pass_max));
  const below = limit.pass_min !== null && value < limit.pass_min;
  if (limit.single_max !== null && runs.some((run) => run > limit.single_max)) return "fail";
  if (!above && !below) return "pass";
  if (limit.single_max !== null) return runs.length < 2 && value <= limit.single_max ? "warn" : "fail";
  const atFloor = value > limit.warn_min || (value === limit.warn_min && !limit.warn_min_open);
  if (below && limit.warn_min !== null) return atFloor ? "warn" : "fail";
  return above && limit.warn_max !== null && value <= limit.warn_max ? "warn" : "fail";
}

/** What `value` means: {verdict: pass|warn|fail|implausible|plain, reason: {zh, en}, hint: the value probably meant}. */
export function judge(measurement, value, context, tooFast) {
  const spoken = (verdict, wanted) => ({ verdict, hint: null, reason: {
    pass: same(`合格（${wanted.zh}）。`, `Good (${wanted.en}).`),
    warn: same(`可用，但偏离合格范围（${wanted.zh}），请关注。`, `Usable, but outside the good range (${wanted.en}). Keep an eye on it.`),
    fail: same(`不合格，应为 ${wanted.zh}。`, `Not good; it should be ${wanted.en}.`),
  }[verdict] });
  if (measurement.kind === "choice") {
    const wanted = measurement.good.join("/");
    return spoken(measurement.good.includes(value) ? "pass" : "fail", same(wanted, wanted));
  }
  const special = measurement.special.find(([word]) => word === value)?.[1];
  if (special) return { verdict: "fail", hint: null, reason: same(`不合格：${special.zh}。`, `Not good: ${special.en}.`) };
  if (!Number.isFinite(value)) return { verdict: "implausible", hint: null, reason: same("这里应填写数字。", "This should be a number.") };
  const limit = limitFor(measurement, context);
  const [low, high] = measurement.plausible;
  const rate = limit?.share_of && limit.share_of !== "room_minimum" ? context[limit.share_of] : null;
  const meant = (every) => measurement.slips.filter((slip) => every || Math.abs(slip) >= 8)
    .map((slip) => exact(value * slip)).find((guess) => !outside(guess, low, high)
      && !(rate !== null && guess > rate * 1.2) && (!limit || byLimit(limit, guess) !== "fail")) ?? null;
  const hinted = (verdict, hint) => {
    const meantTo = hint === null ? "" : `${Number(hint.toPrecision(6))} ${measurement.unit}`.trim();
    const { zh, en } = verdict.reason;
    return { ...verdict, hint, reason: hint === null ? verdict.reason : same(`${zh}是否应为 ${meantTo}？`, `${en} Did you mean ${meantTo}?`) };
  };
  if (rate !== null && value > tooFast * rate) {
    return hinted({ verdict: "implausible", reason: same("远高于签约速率，请核对小数点和单位。", "Far above the subscribed rate. Check the decimal point and the unit.") }, meant(true));
  }
  if (outside(value, low, high)) {
    const possible = range(low, high, measurement.unit);
    return hinted({ verdict: "implausible", reason: same(`超出可能的范围（${possible.zh}），请核对小数点、单位和正负号。`,
      `This cannot be (${possible.en}). Check the decimal point, unit and sign.`) }, meant(true));
  }
  const elsewhere = measurement.only_for.length && context.access && !measurement.only_for.includes(context.access);
  if (elsewhere || !limit) return { verdict: "plain", hint: null, reason: (elsewhere && measurement.note) || PLAIN };
  const verdict = spoken(byLimit(limit, value, context.runs), range(limit.pass_min, limit.pass_max, measurement.unit, limit.pass_max_open));
  return verdict.verdict === "fail" ? hinted(verdict, meant(false)) : verdict;
}
