// One message as an element.

import { make } from "./dom.js";

export const dayLine = (day) => make("p", { className: "day", textContent: day });
export const emptyLine = (text) => make("p", { className: "empty", textContent: text });

export function bubble(phone, message) {
  if (message.event) return make("p", { className: "day", textContent: message.event });
  const body = make("div", { className: "bubble" });
  const group = phone.data.chat < 0;
  if (group && !message.mine) {
    body.append(make("p", { className: message.bot ? "by" : "by human", textContent: message.by }));
  } else {
    const by = message.mine ? "You" : message.by;
    body.append(make("span", { className: "unseen", textContent: `${by}: ` }));
  }
  if (message.reply) {
    const by = make("b", { textContent: message.reply.by });
    body.append(make("p", { className: "quote" }, by, message.reply.text));
  }
  if (message.photo) body.append(picture(message));
  if (message.document) body.append(attached(message.document));
  if (message.runs.length) {
    const text = make("p", { className: "text", dir: "auto" });
    text.append(...message.runs.map((run) => piece(phone, run)));
    body.append(text);
  }
  const stamp = `${message.edited ? "edited " : ""}${message.time}`;
  body.append(make("span", { className: "stamp", textContent: stamp }));
  const answer = make("button", { type: "button", className: "reply", title: "Reply" }, "↩");
  answer.setAttribute("aria-label", "Reply to this message");
  answer.addEventListener("click", () => phone.replies(message));
  const classes = ["message", message.mine ? "mine" : "", message.buttons.length ? "keyed" : ""];
  const whole = make("div", { className: classes.join(" ") }, make("div", { className: "row" }, body, answer));
  if (message.buttons.length) whole.append(keyboard(phone, message));
  return whole;
}

function picture(message) {
  const { file, width, height } = message.photo;
  const alt = `Photo from ${message.mine ? "you" : message.by}`;
  return make("img", { src: `/demo/file/${file}`, alt, width, height });
}

function attached({ file, name, size }) {
  const about = size < 2000 ? `${size} B` : `${Math.round(size / 1000)} kB`;
  const link = make("a", { className: "document", href: `/demo/file/${file}`, download: name });
  link.append(make("b", { textContent: name }), make("span", { textContent: about }));
  return link;
}

function piece(phone, run) {
  const className = (run.styles ?? []).join(" ");
  if (run.opens || run.command) {
    const press = () => (run.opens ? phone.opens(run.opens) : phone.types(run.command));
    const node = make("button", { type: "button", className: `inline ${className}`, textContent: run.text });
    node.addEventListener("click", press);
    return node;
  }
  if (run.link) return leading(run.link, { className, textContent: run.text });
  return className ? make("span", { className, textContent: run.text }) : run.text;
}

function leading(link, properties) {
  const href = /^(https?|mailto|tel):/.test(link) ? link : `https://${link}`;
  return make("a", { href, target: "_blank", rel: "noopener noreferrer", ...properties });
}

function keyboard(phone, message) {
  const rows = message.buttons.map((row) => {
    const nodes = row.map((button) => {
      if (button.link) {
        return leading(button.link, { className: `key link ${button.style}`, textContent: button.label });
      }
      const node = make("button", { type: "button", className: `key ${button.style}`, textContent: button.label });
      const press = { act: "presses", message: message.id, label: button.label };
      node.addEventListener("click", () =>
        button.opens ? phone.opens(button.opens) : phone.does(press),
      );
      return node;
    });
    return make("div", { className: "keyrow" }, ...nodes);
  });
  return make("div", { className: "keyboard" }, ...rows);
}
