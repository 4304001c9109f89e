// Search as one types in a chooser. Without this script a button searches.

import { ask } from "./console.js";

const PAUSE = 150;

for (const field of document.querySelectorAll("fieldset.chooser:not([data-whole])")) enhance(field);

function enhance(field) {
  const { source, name } = field.dataset;
  const many = "many" in field.dataset;
  const box = field.querySelector('input[type="search"]');
  const chosen = field.querySelector(".chosen");
  const list = document.createElement("ul");
  const told = document.createElement("p");
  let options = [];
  let here = -1;
  let waiting = 0;
  let asking = null;

  field.querySelector('button[name="look"]').hidden = true;
  list.id = `list-${name}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.querySelector("legend").textContent);
  list.hidden = true;
  told.className = "unseen";
  told.setAttribute("role", "status");
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", list.id);
  box.after(list);
  field.append(told);

  box.addEventListener("input", () => {
    // What was found by what stood there before cannot be chosen any more.
    close();
    asking?.abort();
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  });
  box.addEventListener("focus", () => {
    if (list.hidden) look();
  });
  box.addEventListener("blur", () => setTimeout(close, PAUSE));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (!list.hidden) event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) look();
      else go(here + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      // A form is not sent by the key that chooses.
      event.preventDefault();
      if (here >= 0) choose(options[here]);
    }
  });

  async function look() {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await ask(`/choose/${source}?${new URLSearchParams({ q: box.value })}`, { signal: asking.signal });
      const { options: found, is_more: isMore } = await answer.json();
      show(found, isMore);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      told.textContent = problem.sentences?.join(" ") ?? "The search does not answer; try again.";
    }
  }

  function show(found, isMore) {
    options = found.filter((option) => !has(option.id));
    here = -1;
    list.replaceChildren(
      ...options.map((option, place) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${place}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = option.text;
        item.append(hintOf(option));
        item.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          choose(option);
        });
        return item;
      }),
    );
    list.hidden = options.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    told.textContent = options.length === 0 ? "Nothing else was found." : `${options.length} found${isMore ? ", and more" : ""}.`;
  }

  function go(place) {
    if (options.length === 0) return;
    here = (place + options.length) % options.length;
    for (const [number, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(number === here));
    box.setAttribute("aria-activedescendant", list.children[here].id);
    list.children[here].scrollIntoView({ block: "nearest" });
  }

  function close() {
    list.hidden = true;
    here = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function has(id) {
    return [...field.querySelectorAll(`input[name="${name}"]:checked`)].some((input) => input.value === String(id));
  }

  function choose(option) {
    if (!many) chosen.replaceChildren();
    field.querySelector(".found")?.remove();
    const item = document.createElement("li");
    item.append(labelled(many ? "checkbox" : "radio", name, option, true, option.text));
    if ("asksMain" in field.dataset) {
      const main = labelled("radio", `main_${name}`, option, false, "main");
      main.classList.add("main-one");
      item.append(main);
    }
    chosen.append(item);
    box.value = "";
    close();
    told.textContent = `${option.text} is chosen.`;
    field.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: option }));
  }

  function labelled(type, inputName, option, checked, text) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    label.className = "inline";
    input.type = type;
    input.name = inputName;
    input.value = option.id;
    input.checked = checked;
    label.append(input, ` ${text}`);
    if (checked) label.append(hintOf(option));
    return label;
  }
}

function hintOf(option) {
  const hint = document.createElement("span");
  hint.className = "faint";
  hint.textContent = option.hint ? ` ${option.hint}` : "";
  return hint;
}
