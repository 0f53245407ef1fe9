// The live page: a slider over the days of the select, and news as it is recorded. Without
// this script the select, its button and a plain address do the same.
"use strict";

const select = document.querySelector("#as_of");
const small = matchMedia("(max-width: 44rem)");
const live = document.querySelector("#live");
let range = null;
let busy = false;
let wanted = null;
let aim = null; // where the reader moved to, whether it is shown yet or not

// Take over the parts of a page that differ; open details stay open, focus stays.
function take(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (!fresh.querySelector("[data-part]")) return;
  const focused = document.activeElement && document.activeElement.id;
  const parts = [...document.querySelectorAll("[data-part]")];
  for (const old of parts) {
    const now = fresh.getElementById(old.id);
    if (!now) { old.remove(); continue; }
    for (const one of old.querySelectorAll("details[id]")) {
      const same = now.querySelector("#" + CSS.escape(one.id));
      if (same) same.open = one.open;
    }
    if (now.outerHTML !== old.outerHTML) old.replaceWith(now);
  }
  let before = null;
  for (const now of fresh.querySelectorAll("[data-part]")) {
    let here = document.getElementById(now.id);
    if (!here) {
      here = document.importNode(now, true);
      if (before) before.after(here); else document.querySelector("main").append(here);
    }
    before = here;
  }
  document.title = fresh.title;
  document.body.dataset.head = fresh.body.dataset.head;
  if (focused && document.getElementById(focused)) document.getElementById(focused).focus({ preventScroll: true });
}

// One request at a time; the last wish wins.
async function show(address) {
  wanted = address;
  if (busy) return;
  busy = true;
  document.documentElement.setAttribute("aria-busy", "true");
  try {
    while (wanted) {
      const next = wanted;
      wanted = null;
      const asked = new URL(next, location.origin);
      asked.searchParams.set("width", small.matches ? "narrow" : "wide");
      const answer = await fetch(asked, { credentials: "same-origin" });
      const text = await answer.text();
      if (!wanted) {
        take(text);
        if (next === aim) history.replaceState(null, "", next);
      }
    }
  } catch {
    live.textContent = "The server does not answer.";
  } finally {
    busy = false;
    document.documentElement.removeAttribute("aria-busy");
  }
}

function here() {
  if (aim) return aim;
  const address = new URL(location.href);
  address.hash = "";
  return address.pathname + address.search;
}

if (select && select.options.length > 1) {
  range = document.createElement("input");
  range.type = "range";
  range.min = 0;
  range.max = select.options.length - 1;
  range.value = select.selectedIndex;
  range.setAttribute("aria-label", "As of");
  const name = () => range.setAttribute("aria-valuetext", select.options[range.value].text);
  const go = () => {
    name();
    aim = location.pathname + "?as_of=" + select.value;
    show(aim);
  };
  range.addEventListener("input", () => { select.selectedIndex = Number(range.value); go(); });
  select.addEventListener("change", () => { range.value = select.selectedIndex; go(); });
  const send = select.form.querySelector("[type=submit]");
  send.hidden = true;
  send.after(range);
  name();
}

// The evidence that a link points at may be folded.
function unfold() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
  if (target) target.scrollIntoView();
}
addEventListener("hashchange", unfold);
if (location.hash) unfold();

small.addEventListener("change", () => show(here()));

if ("head" in document.body.dataset && document.querySelector("[data-part]")) {
  const news = new EventSource("/changes");
  news.onmessage = (event) => {
    live.textContent = "";
    if (event.data !== document.body.dataset.head) show(here());
  };
  news.onerror = () => { live.textContent = "The server does not answer."; };
  addEventListener("pagehide", () => news.close());
}
