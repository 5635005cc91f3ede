// Choices of which one is always taken: people, chats.

import { make } from "./dom.js";

export /** Draw a group of radio buttons, once; afterwards only which one is chosen changes. */
function drawSwitch(box, name, entries, current, choose) {
  const text = JSON.stringify(entries);
  if (box.dataset.drawn !== text) {
    box.dataset.drawn = text;
    for (const label of box.querySelectorAll("label")) label.remove();
    for (const [value, title] of entries) {
      const input = make("input", { type: "radio", name, value });
      input.addEventListener("change", () => choose(value));
      box.append(make("label", {}, input, make("span", { textContent: title })));
    }
  }
  for (const input of box.querySelectorAll("input")) input.checked = input.value === String(current);
}
