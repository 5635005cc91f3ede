// The demo's page: asks what to draw, draws it, and sends what the visitor does.

import { find, make } from "./dom.js";
import { drawDots, drawNotices, markRead } from "./news.js";
import { drawPhone, phoneFor, toast } from "./phone.js";
import { drawSwitch } from "./switch.js";

const chosen = { patient: null, staff: null, chat: null };
const narrow = matchMedia("(max-width: 860px)");
const SIDES = { patient: "Patient’s phone", staff: "Staff phone" };
const PAUSE = 2000; // milliseconds before asking again
let version = -1;
let turn = 0;
let moving = false;
let lost = false;

// ── Asking and telling ──────────────────────────────────────────────────────────────────────

function address(path, more = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...chosen, ...more })) {
    if (value !== null) query.set(name, value);
  }
  return `${path}?${query}`;
}

async function listen() {
  for (;;) {
    const mine = turn;
    const state = await ask(version < 0 ? {} : { since: version });
    if (state === null) await new Promise((resolve) => setTimeout(resolve, PAUSE));
    else if (lost) location.reload(); // another demo answers at this address now
    else if (mine === turn) draw(state);
  }
}

/** Return what to draw; null where nobody answers, and say so. */
async function ask(more) {
  try {
    return await (await fetch(address("/demo/state", more))).json();
  } catch {
    lost = true;
    find("#lost").hidden = false;
    return null;
  }
}

async function look() {
  const mine = ++turn;
  const state = await ask({});
  if (state !== null && mine === turn) draw(state);
}

/** Tell the server something, draw what it answers, and return whether it was possible. */
async function post(path, body, phone) {
  const mine = ++turn;
  const response = await fetch(address(path), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (answer.error) toast(phone, answer.error);
  else if (mine === turn) draw(answer);
  return !answer.error;
}

async function move(body) {
  if (moving) return;
  moving = true;
  find(".clock").classList.add("moving");
  try {
    await post("/demo/clock", body, phones.patient);
  } finally {
    moving = false;
    find(".clock").classList.remove("moving");
  }
}

// ── Drawing ─────────────────────────────────────────────────────────────────────────────────

function draw(state) {
  find("#board").href = address("/demo/board");
  if (state.version < version) return; // answers can overtake each other
  version = state.version;
  chosen.patient = state.phones.patient.person;
  chosen.staff = state.phones.staff.person;
  chosen.chat = state.phones.staff.chat;
  drawClock(state.clock);
  drawGuide(state.guide);
  for (const side of Object.keys(SIDES)) {
    const phone = phones[side];
    drawPhone(phone, state.phones[side], state.clock.time);
    if (seen(side)) markRead(phone);
    drawPeople(phone, side === "patient" ? state.patients : state.staff);
  }
  drawDots(phones, { patient: state.patients, staff: state.staff });
  drawNotices(phones, state.notices);
}

function drawClock(clock) {
  find("#time").textContent = clock.time;
  find("#day").textContent = clock.day;
  const next = find("#next");
  next.disabled = clock.next === null;
  const label = clock.next
    ? [make("b", { textContent: `Next: ${clock.next.what}` }), ` ${clock.next.at}`]
    : ["Nothing is planned yet"];
  next.replaceChildren(...label);
}

function drawGuide(guide) {
  const current = guide.steps.findIndex((step) => !step.done);
  const items = guide.steps.map((step, place) => {
    const state = step.done ? "done" : place === current ? "current" : "ahead";
    const sign = make("span", { className: "sign", textContent: step.done ? "✓" : place + 1 });
    const title = make("span", { className: "name", textContent: step.title });
    const item = make("li", { className: state }, sign, title);
    if (step.done) item.append(make("span", { className: "unseen", textContent: " (done)" }));
    if (state === "current") item.setAttribute("aria-current", "step");
    return item;
  });
  find("#steps").replaceChildren(...items);
  document.body.dataset.where = guide.where;
  if (find("#say").textContent === guide.say) return;
  const parts = guide.say.split(/(“[^”]*”|\/[a-z]+)/);
  const nodes = parts.map((part, place) => (place % 2 ? make("b", { textContent: part }) : part));
  find("#say").replaceChildren(...nodes);
}

/** Whether a phone is in view; on a narrow screen only one is. */
const seen = (side) => !narrow.matches || document.body.dataset.side === side;

function drawPeople(phone, people) {
  const entries = people.map((one) => [one.id, one.name]);
  drawSwitch(find(".people", phone.node), `${phone.side}-person`, entries, phone.data.person, (id) =>
    choose(phone.side, id),
  );
}

// ── Doing ───────────────────────────────────────────────────────────────────────────────────

const send = (phone, deed) => post("/demo/act", deed, phone);

function choose(name, value) {
  chosen[name] = value;
  look();
}

const phones = Object.fromEntries(
  Object.entries(SIDES).map(([side, name]) => [
    side,
    phoneFor(side, name, send, (chat) => choose("chat", chat)),
  ]),
);
find("#next").addEventListener("click", () => move({}));
find("#quarter").addEventListener("click", () => move({ minutes: 15 }));
find("#hour").addEventListener("click", () => move({ minutes: 60 }));
find("#week").addEventListener("click", () => move({ minutes: 7 * 24 * 60, well: true }));
for (const input of document.querySelectorAll(".tabs input")) {
  input.addEventListener("change", () => {
    document.body.dataset.side = input.value;
    look();
  });
}
listen();
