// Choosing people where scripts run: they are found as one types, and those chosen stay chosen.

import { ask, element } from "./console.js";

const form = document.querySelector("form[data-search]");
const box = form.elements.q;
const chosen = document.getElementById("chosen-people");
const kept = new Map();
let waiting;
let asking;

const show = () => {
  chosen.replaceChildren(
    ...[...kept].map(([id, name]) => {
      const item = element('<li><span></span><input type="hidden" name="user_id" form="chosen"><button type="button" class="plain">Remove</button></li>');
      item.querySelector("span").textContent = name;
      item.querySelector("input").value = id;
      const button = item.querySelector("button");
      button.setAttribute("aria-label", `Remove ${name}`);
      button.addEventListener("click", () => {
        kept.delete(id);
        show();
        tick();
        box.focus();
      });
      return item;
    }),
  );
};

const people = () => document.getElementById("people");
const tick = () => {
  for (const each of people().querySelectorAll('input[name="user_id"]')) each.checked = kept.has(each.value);
};

const find = async () => {
  asking?.abort();
  asking = new AbortController();
  const query = new URLSearchParams({ q: box.value });
  const answer = await ask(`${form.dataset.search}?${query}`, { signal: asking.signal });
  people().replaceWith(element(await answer.text()));
  tick();
};
const findSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => find().catch((error) => console.debug(error)), 200);
};

box.addEventListener("input", findSoon);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  findSoon();
});
document.addEventListener("change", (event) => {
  const each = event.target;
  if (!each.matches?.('#people input[name="user_id"]')) return;
  if (each.checked) kept.set(each.value, each.dataset.name);
  else kept.delete(each.value);
  show();
});
