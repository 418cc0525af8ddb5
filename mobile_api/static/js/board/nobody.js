// A board without rows: nobody fits the filter, or nobody is there at all. What to do differs.

import { make } from "./drawing.js";

export function nobody(board) {
  const { speech, drawing, model, tools } = board;
  const filtered = model.technicians.size > 0;
  const empty = make("div", "lb-nobody");
  empty.append(drawing.sign(filtered ? "search" : "people"), make("p", "", speech.say(filtered ? "nobody" : "nobody_at_all")));
  if (filtered && tools) {
    const clear = make("button", "button plain", speech.say("clear_filter"));
    clear.type = "button";
    clear.addEventListener("click", () => {
      tools.reset();
      tools.elements.area.value = "";
      board.arrange();
    });
    empty.append(clear);
  }
  return empty;
}
