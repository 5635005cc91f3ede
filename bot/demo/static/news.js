// What is new: dots where nobody has looked yet, and words that stand over a chat for a moment.

import { find } from "./dom.js";
import { toast } from "./phone.js";

const read = new Map();
let lastNotice = null;

export function markRead({ data }) {
  const chat = data.chats.find((one) => one.id === data.chat);
  read.set(`${data.person} ${chat.id}`, chat.arrived);
}

/** Mark people, chats and phones where something came that was not looked at. */
export function drawDots(phones, people) {
  const fresh = (person, chat) => chat.arrived > (read.get(`${person} ${chat.id}`) ?? 0);
  for (const [side, { node, data }] of Object.entries(phones)) {
    let any = false;
    for (const person of people[side]) {
      const news = person.chats.some((chat) => fresh(person.id, chat));
      any ||= news && person.id === data.person;
      dot(find(`.people input[value="${person.id}"]`, node), news);
    }
    for (const chat of data.chats) {
      const input = find(`.chats input[value="${chat.id}"]`, node);
      if (input) dot(input, fresh(data.person, chat));
    }
    dot(find(`.tabs input[value=${side}]`), any);
  }
}

function dot(input, news) {
  input.parentElement.classList.toggle("news", news);
  if (news) input.setAttribute("aria-description", "new messages");
  else input.removeAttribute("aria-description");
}

/** Show the answers to presses that came since the last look. */
export function drawNotices(phones, notices) {
  const newest = notices.at(-1)?.id ?? -1;
  if (lastNotice === null) lastNotice = newest;
  for (const notice of notices.filter((one) => one.id > lastNotice)) {
    const phone = Object.values(phones).find((one) => one.data.person === notice.person);
    if (phone && notice.alert) warn(notice.text);
    else if (phone) toast(phone, notice.text);
  }
  lastNotice = newest;
}

function warn(text) {
  find("#alert-text").textContent = text;
  if (!find("#alert").open) find("#alert").showModal();
}
