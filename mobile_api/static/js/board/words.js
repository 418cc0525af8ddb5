// Words in the reader's language, as the page was given them; what a visit is called aloud.

import { clock } from "./time.js";
import { timeOf } from "./model.js";

export class Speech {
  constructor(told) {
    this.told = told;
  }
  say(key, facts = {}) {
    return this.told.words[key].replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  }
  sign(key) {
    return this.told.signs[key];
  }
  short(key) {
    return this.told.short[key];
  }
  area(area) {
    return area ? (this.told.language === "en" ? area.en : area.zh) : this.say("no_area");
  }
  promised(visit) {
    return this.say(visit.x ? "promised_exact" : "promised", { from: clock(visit.w[0]), to: clock(visit.w[1]) });
  }
  planned(visit) {
    return visit.p ? this.say("planned", { from: clock(visit.p[0]), to: clock(visit.p[1]) }) : "";
  }
  // Everything about a visit in one breath, for who listens.
  aloud(visit) {
    const stop = this.told.language === "en" ? ", " : "，";
    const parts = [
      `${clock(timeOf(visit)[0])} ${visit.n}`,
      this.told.kinds[visit.k],
      this.told.statuses[visit.s],
      this.promised(visit),
      ...visit.g.map((sign) => this.sign(sign)),
    ];
    return parts.join(stop);
  }
  // What its face does not say, or says too shortly.
  more(visit) {
    const stop = this.told.language === "en" ? ", " : "，";
    return [this.told.statuses[visit.s], this.promised(visit), ...visit.g.map((sign) => this.sign(sign)), visit.a].join(stop);
  }
  name(visit) {
    return `${visit.n} ${this.told.kinds[visit.k]}`;
  }
}
