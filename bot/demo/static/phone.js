// One phone: what it shows, and what its owner does on it.

import { find, make } from "./dom.js";
import { bubble, dayLine, emptyLine } from "./message.js";
import { drawSwitch } from "./switch.js";

const NEAR = 60; // pixels from the end that still count as reading the newest message
const TOAST = 4000; // milliseconds, and 40 more for each character
export function drawPhone(phone, data, time) {
  const { node } = phone;
  const same = phone.data?.person === data.person && phone.data?.chat === data.chat;
  if (!same) {
    phone.drawn.clear();
    find(".wall", node).replaceChildren();
    reply(phone, null);
    find(".menu", node).hidden = true;
  }
  phone.data = data;
  find(".now", node).textContent = time;
  find("h3", node).textContent = data.title;
  find(".title p", node).textContent = data.about;
  find(".face", node).textContent = data.title[0];
  find(".scan", node).hidden = !data.code;
  find(".start", node).hidden = data.started || Boolean(data.code);
  find(".composer", node).hidden = !data.started;
  drawChats(phone);
  drawKeys(phone);
  drawMessages(phone, same);
}

function drawMessages(phone, same) {
  const wall = find(".wall", phone.node);
  const low = phone.low;
  const nodes = [];
  let came = false;
  let day = "";
  for (const message of phone.data.messages) {
    if (message.day !== day) nodes.push(kept(phone, `day ${message.day}`, message.day, dayLine));
    day = message.day;
    came ||= !phone.drawn.has(`message ${message.id}`);
    nodes.push(kept(phone, `message ${message.id}`, message, (one) => bubble(phone, one)));
  }
  if (!nodes.length) nodes.push(kept(phone, "empty", emptyText(phone.data), emptyLine));
  const wanted = new Set(nodes);
  for (const node of [...wall.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, place) => {
    if (wall.children[place] !== node) wall.insertBefore(node, wall.children[place] ?? null);
  });
  phone.refocus?.();
  phone.refocus = null;
  if (!same || came || low) wall.scrollTop = wall.scrollHeight;
}

/** Return the node that is drawn already, or a new one where what it shows has changed. */
function kept(phone, key, value, build) {
  const text = JSON.stringify(value);
  const before = phone.drawn.get(key);
  if (before?.text === text) return before.node;
  const node = build(value);
  if (before?.node.contains(document.activeElement)) {
    const place = [...before.node.querySelectorAll("button, a")].indexOf(document.activeElement);
    phone.refocus = () => {
      const reach = [...node.querySelectorAll("button, a")];
      (reach[Math.min(place, reach.length - 1)] ?? find("input[name=text]", phone.node)).focus();
    };
  }
  if (before) node.classList.add("changed");
  phone.drawn.set(key, { text, node });
  return node;
}

function emptyText(data) {
  if (data.code) return "A code is shown at the desk. Scan it to begin.";
  if (data.started) return "No messages yet. Send /enrol to enrol a patient.";
  return `No messages yet. When a nurse enrols ${data.name}, the code to scan appears here.`;
}

function drawKeys(phone) {
  const box = find(".keys", phone.node);
  box.hidden = !phone.data.keys.length;
  const rows = phone.data.keys.map((row) => {
    const nodes = row.map((label) => {
      const node = make("button", { type: "button", className: "key", textContent: label });
      node.addEventListener("click", () => phone.does({ act: "taps", label }));
      return node;
    });
    return make("div", { className: "keyrow" }, ...nodes);
  });
  box.replaceChildren(...rows);
}

function drawChats(phone) {
  const box = find(".chats", phone.node);
  box.hidden = phone.data.chats.length < 2;
  const entries = phone.data.chats.map((chat) => [chat.id, chat.id < 0 ? "Group" : "Bot"]);
  drawSwitch(box, `${phone.side}-chat`, entries, phone.data.chat, phone.choosesChat);
}

export function toast(phone, text) {
  const node = find(".toast", phone.node);
  node.textContent = text;
  clearTimeout(phone.fading);
  phone.fading = setTimeout(() => (node.textContent = ""), TOAST + 40 * text.length);
}

function reply(phone, message) {
  phone.replied = message;
  const line = find(".replying", phone.node);
  line.hidden = !message;
  if (!message) return;
  const text = message.runs.map((run) => run.text).join("").slice(0, 80);
  find("span", line).textContent = `${message.by}: ${text || "photo"}`;
  find("input[name=text]", phone.node).focus();
}

function toggleMenu(phone, open) {
  const menu = find(".menu", phone.node);
  menu.hidden = !open;
  find(".slash", phone.node).setAttribute("aria-expanded", open);
  if (!open) return;
  const entries = phone.data.menu.map(({ command, description }) => {
    const name = make("b", { textContent: `/${command}` });
    const node = make("button", { type: "button" }, name, make("span", { textContent: description }));
    node.addEventListener("click", () => {
      toggleMenu(phone, false);
      find("input[name=text]", phone.node).focus();
      phone.types(`/${command}`);
    });
    return node;
  });
  menu.replaceChildren(...(entries.length ? entries : ["No commands here."]));
  find("button", menu)?.focus();
}

/**
 * Add a phone to the page.
 *
 * `send` tells the server what its owner does and resolves to whether it was possible.
 */
export function phoneFor(side, name, send, choosesChat) {
  const node = find("#phone").content.cloneNode(true).firstElementChild;
  const phone = { side, node, choosesChat, drawn: new Map(), data: null, replied: null, low: true };
  phone.does = (deed) => send(phone, { person: phone.data.person, chat: phone.data.chat, ...deed });
  phone.opens = (link) => phone.does({ act: "opens", link });
  phone.replies = (message) => reply(phone, message);
  phone.types = (text) => phone.does({ act: "types", text, reply_to: taken(phone) });
  node.classList.add(side);
  node.setAttribute("aria-label", name);
  find("h2", node).textContent = name;
  listenToComposer(phone);
  holdTheEnd(phone);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave(phone);
  });
  find(".scan", node).addEventListener("click", () => phone.opens(phone.data.code));
  find(".start", node).addEventListener("click", () => phone.does({ act: "starts" }));
  find(".replying button", node).addEventListener("click", () => reply(phone, null));
  find("#phones").append(node);
  return phone;
}

/** Keep the newest message in view when the wall gets another size, unless it was left behind. */
function holdTheEnd(phone) {
  const wall = find(".wall", phone.node);
  wall.addEventListener("scroll", () => {
    phone.low = wall.scrollHeight - wall.scrollTop - wall.clientHeight < NEAR;
  });
  new ResizeObserver(() => {
    if (phone.low) wall.scrollTop = wall.scrollHeight;
  }).observe(wall);
}

function listenToComposer(phone) {
  const { node } = phone;
  const input = find("input[name=text]", node);
  find(".composer", node).addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    if (!(await phone.types(text)) && !input.value) input.value = text;
  });
  const menu = find(".menu", node);
  find(".slash", node).addEventListener("click", () => toggleMenu(phone, menu.hidden));
  find(".photo", node).addEventListener("click", () =>
    phone.does({ act: "photo", reply_to: taken(phone) }),
  );
}

/** Return the message that is replied to, and end the reply. */
function taken(phone) {
  const number = phone.replied?.id ?? null;
  reply(phone, null);
  return number;
}

function leave(phone) {
  reply(phone, null);
  if (find(".menu", phone.node).hidden) return;
  toggleMenu(phone, false);
  find(".slash", phone.node).focus();
}
