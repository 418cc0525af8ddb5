// The controls that fields are made of: choices, numbers with a unit, labelled inputs, rows that come and go.
import { button, h, say, words } from "./dom.js";

export const labelOf = (options, value) => {
  const known = options.find((option) => option.value === value);
  return known ? words(known.label) : value;
};
export const option = (value, zh, en) => ({ value, label: { zh, en } });
export const labelled = (id, label, control) => h("div.field", null, h("label", { for: id }, label), control);
export const input = (type, value, oninput, more) =>
  h("input", { type, value: value ?? "", autocomplete: "off", oninput: (event) => oninput(event.target.value), ...more });
/** An input for one part of an object: what is blank leaves no part behind. */
export const partInput = (type, object, part, changed, more) => input(type, object[part], (text) => {
  if (text.trim()) object[part] = text.trim();
  else delete object[part];
  changed();
}, more);

/** "－18。5" and "-18,5" are what a phone's keyboard makes of -18.5. NaN for what is no number. */
export function numberIn(text) {
  const plain = text.normalize("NFKC").replace(/[−–—]/g, "-").replace(/[,。]/g, ".").trim();
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}

export function choices(id, options, isChosen, onpick, type = "radio") {
  return h("div.choices", null, options.map(({ value, label, must }) => h("label.choice", null,
    h("input", {
      type, name: id, value: String(value), checked: isChosen(value), onchange: (event) => onpick(value, event.target.checked),
    }),
    h("span", null, words(label), must && h("span.required", null, say("必做", "required"))))));
}
/** Boxes to tick; `put` is given all that are ticked. */
export function ticks(id, options, value, put) {
  const ticked = new Set(value);
  return choices(id, options, (one) => ticked.has(one), (one, on) => {
    ticked[on ? "add" : "delete"](one);
    put([...ticked]);
  }, "checkbox");
}

/** A number with its unit; numeric pads lack the minus sign, so where it can be needed there is a key for it. */
export function numberBox(id, value, unit, signs, label, onvalue) {
  const typed = (text) => onvalue(text.trim() ? numberIn(text) : null);
  const box = input("text", value, typed, { id, inputmode: "decimal", "aria-label": label });
  const turn = () => {
    const text = box.value.trim();
    box.value = text.startsWith("-") ? text.slice(1) : `-${text}`;
    box.dispatchEvent(new Event("input"));
    box.focus();
  };
  return h("div.with-unit", null, box,
    signs && button("±", "plain", null, turn, { "aria-label": say("正负号", "Change the sign") }),
    unit && h("span.unit", null, unit));
}

/** Rows that can be added and taken away. `draw(item, n, changed)` draws one; whole rows only are handed over. */
export function rows(list, { draw, isWhole, blank, add, put }) {
  const kept = list.map((item) => ({ ...item }));
  const changed = () => put(kept.filter(isWhole));
  const box = h("div.rows");
  const remove = (n) => { kept.splice(n, 1); redraw(); changed(); };
  const append = () => {
    kept.push({ ...blank });
    redraw();
    box.querySelector(".item:last-of-type :is(input, textarea)")?.focus();
  };
  const redraw = () => box.replaceChildren(
    ...kept.map((item, n) => h("div.item", null, draw(item, n, changed),
      button(say("删除", "Remove"), "quiet", "cross", () => remove(n)))),
    button(add, "plain", "plus", append));
  redraw();
  return box;
}
