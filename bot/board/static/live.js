// Says which press came to nothing and since when an open list may be old, and keeps one's place
// where the list is exchanged. htmx itself shows nothing of an answer that is an error.
const notDone = document.getElementById("not-done");
const mayBeOld = document.getElementById("may-be-old");
const words = document.querySelector(".trouble").dataset;
const swapped = new WeakSet();
let onTheirWay = 0;
let failedButton = "";
let kept = { open: [], card: "" };

const isPress = (detail) => detail.requestConfig.verb === "post";

function say(where, text) {
  if (where.textContent !== text) where.textContent = text;
}

function filled(text, parts) {
  return text.replace(/[{](\w+)[}]/g, (_all, name) => parts[name]);
}

function reason(xhr) {
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const said = page.getElementById("said");
  return said ? said.textContent : words.noAnswer;
}

function pressEnded(xhr, button) {
  onTheirWay -= 1;
  const well = xhr.status === 200;
  failedButton = well ? "" : button.id;
  say(notDone, well ? "" : filled(words.notDone, { button: button.textContent, reason: reason(xhr) }));
  if (well && !swapped.has(xhr)) {
    keepPlace(button);
    htmx.swap("#now", xhr.responseText, { swapStyle: "outerHTML" });
  }
  if (!well && document.activeElement === document.body) button.focus({ preventScroll: true });
}

function pollFailed() {
  const list = document.getElementById("now");
  say(mayBeOld, list
    ? filled(words.oldList, { time: list.dataset.at })
    : words.oldPage);
}

function keepPlace(asker) {
  const focused = document.activeElement === document.body ? asker : document.activeElement;
  const card = focused.closest(".card");
  kept = {
    open: Array.from(document.querySelectorAll("#now details[open]"), (one) => one.id),
    card: card ? card.getAttribute("aria-labelledby") : "",
  };
}

function takePlace() {
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  if (!kept.card || document.activeElement !== document.body) return;
  const card = document.getElementById(kept.card);
  // The link, not the next button: a second Enter must not say that somebody was contacted.
  (card ? card.querySelector("a") : document.getElementById("main")).focus({ preventScroll: true });
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isPress(event.detail) && onTheirWay) event.preventDefault();
});

// Asked of the request itself: a form that was exchanged meanwhile tells the page nothing any more.
document.addEventListener("htmx:beforeSend", ({ detail }) => {
  const { xhr } = detail;
  const button = isPress(detail) ? detail.elt.querySelector("button") : null;
  if (button) onTheirWay += 1;
  xhr.addEventListener("loadend", () => {
    if (xhr.status >= 200 && xhr.status < 300) say(mayBeOld, "");
    else if (!button) pollFailed();
    if (button) pressEnded(xhr, button);
  });
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!isPress(detail) && onTheirWay) detail.shouldSwap = false;
  swapped.add(detail.xhr);
  keepPlace(detail.requestConfig.elt);
});

document.addEventListener("htmx:afterSwap", () => {
  takePlace();
  if (failedButton && !document.getElementById(failedButton)) say(notDone, "");
});
