// Each tick of the chart is saved at once, one after the other for the same box, and taken back where it is refused.

import { ask, say } from "./console.js";

const chart = document.getElementById("chart");
const boxes = chart ? [...chart.querySelectorAll("input[type=checkbox]")] : [];
const saved = new Map(boxes.map((box) => [box, box.defaultChecked]));
const running = new Set();

function count() {
  for (const place of chart.querySelectorAll("[data-present]")) {
    const column = boxes.filter((box) => box.dataset.meeting === place.dataset.present);
    place.textContent = `${column.filter((box) => box.checked).length} of ${column.length}`;
  }
  for (const place of chart.querySelectorAll("[data-attended]")) {
    const row = [...place.closest("tr").querySelectorAll("input[type=checkbox]")];
    place.textContent = `${row.filter((box) => box.checked).length} of ${row.length}`;
  }
}

async function save(box) {
  if (running.has(box)) return;
  running.add(box);
  box.setAttribute("aria-busy", "true");
  try {
    while (box.checked !== saved.get(box)) {
      const wanted = box.checked;
      const meeting = box.dataset.meeting;
      await ask(chart.getAttribute("action"), {
        values: { meeting, [wanted ? `meeting_${meeting}` : `was_${meeting}`]: box.value },
      });
      saved.set(box, wanted);
    }
  } catch (refusal) {
    box.checked = saved.get(box);
    say("refused", refusal.sentences ?? ["The connection was lost, and the tick was not saved; try again."]);
  } finally {
    running.delete(box);
    box.removeAttribute("aria-busy");
    count();
  }
}

if (chart) {
  // A browser that comes back to the page may have kept ticks that nobody saved.
  for (const box of boxes) box.checked = box.defaultChecked;
  for (const place of document.querySelectorAll("[data-when-saving]")) place.hidden = false;
  for (const place of document.querySelectorAll("[data-when-not-saving]")) place.hidden = true;
  chart.addEventListener("change", (event) => {
    if (!saved.has(event.target)) return;
    count();
    save(event.target);
  });
  chart.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("beforeunload", (event) => {
    if (running.size > 0) event.preventDefault();
  });
}
