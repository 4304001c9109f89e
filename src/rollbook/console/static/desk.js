// Taps at the desk: shown at once, sent one after the other, and kept in this browser until the server has answered.
//
// A tap says what is wanted of one student at one meeting, so that sending it again changes nothing, and a later tap for the same takes its place.

import { ask, Refusal, say } from "./console.js";

const desk = document.querySelector("[data-desk]");
const SHORTEST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
const DOUBLE_TAP = 700;
const LOOK_EVERY = 30_000;
const LOOK_FOR = 10 * 60_000;

/** The taps that wait, of this user alone: whoever signs in next on this tablet does not send them. */
class Queue {
  constructor(user) {
    this.key = `rollbook-desk-${user}`;
  }

  all() {
    try {
      const taps = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      return Array.isArray(taps) ? taps : [];
    } catch {
      return this.kept ?? [];
    }
  }

  keep(taps) {
    this.kept = taps;
    try {
      localStorage.setItem(this.key, JSON.stringify(taps));
    } catch {
      // A browser that keeps nothing keeps it as long as the page is open.
      this.all = () => this.kept;
    }
  }

  put(tap) {
    this.keep([...this.all().filter((other) => !isSame(other, tap)), tap]);
  }

  drop(tap) {
    this.keep(this.all().filter((other) => other.number !== tap.number));
  }

  find(student, meeting) {
    return this.all().find((tap) => tap.student === student && tap.meeting === meeting);
  }
}

function isSame(one, other) {
  return one.student === other.student && one.meeting === other.meeting;
}

const queue = desk && new Queue(desk.dataset.desk);
const here = new URL(location.href);
let pause = SHORTEST_PAUSE;
let timer;
let isSending = false;
let touched = Date.now();
let stopped = null;

function rowOf(student, meeting) {
  return desk.querySelector(`[data-meeting="${meeting}"] [data-student="${student}"]`);
}

/** Show a student as the server knows them, or as a waiting tap wants it. */
function show(row, state) {
  const meeting = row.closest("[data-meeting]").dataset.meeting;
  const tap = queue.find(row.dataset.student, meeting);
  const isHere = tap ? tap.wanted : state.here;
  const isChecked = tap ? tap.wanted : state.checked;
  row.classList.toggle("here", isHere);
  row.classList.toggle("pending", Boolean(tap));
  const told = row.querySelector("[data-state]");
  const form = row.querySelector("form");
  if (tap) told.textContent = tap.wanted ? "Here, waiting to be sent" : "Undone, waiting to be sent";
  else if (row.classList.contains("refused")) told.textContent = row.dataset.why;
  else if (isChecked) told.textContent = `Here since ${state.since}`;
  else if (isHere) told.textContent = "Marked as here";
  else if (form) told.textContent = "";
  if (!form) return;
  form.hidden = isHere && !isChecked;
  form.action = `/check-in/${row.dataset.student}${isChecked ? "/undo" : ""}`;
  form.querySelector("[data-label]").textContent = isChecked ? "Undo" : "Check in";
  form.querySelector("button").classList.toggle("main", !isChecked);
}

function showClass(state) {
  const card = desk.querySelector(`[data-class-id="${state.id}"]`);
  if (!card) return;
  if (Number(card.dataset.meeting) !== state.meeting) {
    // The next meeting of the day is what check-ins count for now: the page has to be made anew, once nothing waits.
    if (queue.all().length === 0) location.reload();
    return;
  }
  let [more, fewer] = [0, 0];
  for (const student of state.students) {
    const tap = queue.find(String(student.id), card.dataset.meeting);
    if (tap && tap.wanted && !student.here) more += 1;
    if (tap && !tap.wanted && student.checked) fewer += 1;
    const row = card.querySelector(`[data-student="${student.id}"]`);
    if (row) show(row, student);
  }
  card.querySelector("[data-here]").textContent = state.here + more - fewer;
  card.querySelector("[data-expected]").textContent = state.expected;
}

function tell() {
  const waiting = queue.all().length;
  const place = desk.querySelector("[data-waiting]");
  if (!place) return;
  place.hidden = stopped === null && (waiting === 0 || (isSending && pause === SHORTEST_PAUSE));
  const sentence = `${waiting} waiting to be sent`;
  place.textContent = stopped ? `${sentence}. ${stopped} ` : `${sentence}. They are kept in this browser, and sent when the connection is back.`;
  if (stopped) {
    const link = document.createElement("a");
    link.href = here.pathname + here.search;
    link.textContent = "Open the page again";
    place.append(link);
  }
}

async function send() {
  clearTimeout(timer);
  if (isSending || stopped) return;
  isSending = true;
  try {
    for (let tap = queue.all()[0]; tap; tap = queue.all()[0]) {
      if (!(await sendOne(tap))) break;
    }
  } finally {
    isSending = false;
    tell();
  }
  if (queue.all().length > 0 && !stopped) {
    timer = setTimeout(send, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  } else {
    pause = SHORTEST_PAUSE;
  }
  tell();
}

/** Send a tap, and tell whether the next one may follow. */
async function sendOne(tap) {
  try {
    const values = { meeting_id: tap.meeting };
    const signal = AbortSignal.timeout(10_000);
    const answer = await ask(`/check-in/${tap.student}${tap.wanted ? "" : "/undo"}`, { values, signal });
    const told = await answer.json();
    queue.drop(tap);
    pause = SHORTEST_PAUSE;
    rowOf(tap.student, tap.meeting)?.classList.remove("refused");
    told.classes.forEach(showClass);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500 || error.status === 429) return false;
    if (error.status === 401 || error.status === 403) {
      stopped = error.status === 401 ? "You are signed out; sign in again." : error.sentences.join(" ");
      return false;
    }
    queue.drop(tap);
    const row = rowOf(tap.student, tap.meeting);
    if (row) {
      row.classList.add("refused");
      row.dataset.why = error.sentences.join(" ");
      show(row, { here: !tap.wanted, checked: !tap.wanted });
    }
    say("refused", error.sentences.map((sentence) => `${tap.name}: ${sentence}`));
    look();
  }
  return true;
}

/** Ask who is here now: others may check in at another door. */
async function look() {
  try {
    const only = desk.dataset.class ? `?class_id=${desk.dataset.class}` : "";
    const answer = await ask(`/check-in${only}`, { signal: AbortSignal.timeout(10_000) });
    const told = await answer.json();
    told.classes.forEach(showClass);
  } catch {
    // What cannot be asked now is asked the next time.
  }
}

function filter(text) {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const card of desk.querySelectorAll("[data-class-id]")) {
    let inClass = 0;
    for (const row of card.querySelectorAll("[data-student]")) {
      const name = row.dataset.name.toLocaleLowerCase();
      row.hidden = !words.every((word) => name.includes(word));
      if (!row.hidden) inClass += 1;
    }
    card.hidden = words.length > 0 && inClass === 0;
    if (words.length > 0) card.open = true;
    found += inClass;
  }
  desk.querySelector("[data-found]").textContent = words.length > 0 ? `${found} found` : "";
}

function begin() {
  desk.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.classList.contains("tap")) return;
    event.preventDefault();
    touched = Date.now();
    const row = form.closest("[data-student]");
    const card = row.closest("[data-meeting]");
    const wanted = !form.getAttribute("action").endsWith("/undo");
    // The second tap of two quick ones meets the button that the first one has made "Undo": nobody means that.
    if (!wanted && touched - Number(row.dataset.tapped ?? 0) < DOUBLE_TAP) return;
    row.dataset.tapped = touched;
    row.classList.remove("refused");
    const number = `${Date.now()}-${Math.random()}`;
    queue.put({ number, student: row.dataset.student, meeting: card.dataset.meeting, wanted, name: row.dataset.name });
    const count = card.querySelector("[data-here]");
    count.textContent = Number(count.textContent) + (wanted ? 1 : -1);
    show(row, {});
    send();
  });
  const name = desk.querySelector("#desk-name");
  // Where the server has searched, it shows those found alone.
  if (name && !here.searchParams.get("q")) {
    name.addEventListener("input", () => filter(name.value));
    name.form.addEventListener("submit", (event) => event.preventDefault());
    if (name.value) filter(name.value);
  }
  window.addEventListener("online", () => {
    pause = SHORTEST_PAUSE;
    send();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) touched = Date.now();
  });
  setInterval(() => {
    if (!document.hidden && !isSending && !stopped && queue.all().length === 0 && Date.now() - touched < LOOK_FOR) look();
  }, LOOK_EVERY);
  for (const row of desk.querySelectorAll("[data-student]")) {
    if (queue.find(row.dataset.student, row.closest("[data-meeting]").dataset.meeting)) show(row, {});
  }
  if (queue.all().length > 0) {
    look();
    send();
  }
}

if (desk?.querySelector("[data-waiting]")) begin();
