// The lines of the grid as elements: a row of inputs, the rows of notes below it, and what each line is called.
export const form = document.getElementById("grid-form");
export const table = () => document.getElementById("grid");
export const keyOf = (input) => input.name.slice(input.name.indexOf("-") + 1);
export const lineOf = (element) => element.closest("tr.line");
export const lines = () => [...table().querySelectorAll("tr.line")];
export const inputs = (line) => [...line.querySelectorAll("td input")];
export const cell = (line, key) => inputs(line).find((input) => keyOf(input) === key);
export const hidden = (line, name) => line.querySelector(`input[type=hidden][name$="-${name}"]`);
export const width = () => table().querySelectorAll("thead th").length - 1;

export function cellsOf(line) {
  const cells = {};
  for (const input of inputs(line)) cells[keyOf(input)] = input.value.trim();
  return cells;
}

export const isBlank = (line) => !hidden(line, "id").value && inputs(line).every((input) => !input.value.trim());

export function notesOf(line) {
  const found = [];
  for (let next = line.nextElementSibling; next && next.classList.contains("line-note"); next = next.nextElementSibling) found.push(next);
  return found;
}

export function nextLine(line, step = 1) {
  const side = step > 0 ? "nextElementSibling" : "previousElementSibling";
  let next = line[side];
  while (next && !next.classList.contains("line")) next = next[side];
  return next;
}

const newKey = () => [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => byte.toString(36).padStart(2, "0")).join("");

function clear(line) {
  for (const input of inputs(line)) {
    input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    input.parentElement.classList.remove("is-wrong");
  }
  for (const name of ["id", "donor_id"]) hidden(line, name).value = "";
  hidden(line, "version").value = "0";
  hidden(line, "row").value = newKey();
  line.removeAttribute("id");
  line.classList.remove("is-unsaved", "is-active");
  line.querySelector(".row-out")?.remove();
}

// A new empty line above `before`, or at the end.
export function addLine(before = null) {
  const all = lines();
  const line = all[0].cloneNode(true);
  const number = Math.max(...all.map((one) => Number(one.querySelector("input").name.match(/\d+/)[0]))) + 1;
  for (const input of line.querySelectorAll("input")) input.name = input.name.replace(/^r\d+/, `r${number}`);
  clear(line);
  if (before) before.before(line); else table().tBodies[0].append(line);
  renumber();
  return line;
}

export function removeLine(line) {
  for (const note of notesOf(line)) note.remove();
  line.remove();
  renumber();
}

export function renumber() {
  const all = lines();
  const first = Number(table().dataset.first);
  all.forEach((line, place) => {
    line.querySelector(".stt span").textContent = first + place;
    for (const input of inputs(line)) {
      input.setAttribute("aria-label", `${input.closest("td").dataset.label}, dòng ${first + place}`);
    }
  });
}

export function setNotes(line, html) {
  for (const note of notesOf(line)) note.remove();
  line.insertAdjacentHTML("afterend", html);
}

export function setWrong(line, wrong) {
  const id = hidden(line, "id").value;
  for (const input of inputs(line)) {
    const bad = wrong.includes(keyOf(input));
    input.closest("td").classList.toggle("is-wrong", bad);
    if (bad) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", `e${id}-${keyOf(input)}`);
    } else {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }
}

// What the server knows of a line that it has saved.
export function setSaved(line, answer) {
  const id = answer.id || "";
  hidden(line, "id").value = id;
  hidden(line, "version").value = answer.version;
  hidden(line, "donor_id").value = answer.donor_id || "";
  if (!id) { hidden(line, "row").value = newKey(); line.removeAttribute("id"); line.querySelector(".row-out")?.remove(); return; }
  line.id = `d${id}`;
  if (!line.querySelector(".row-out")) {
    const out = document.getElementById("row-out").content.cloneNode(true);
    const number = line.querySelector(".stt span");
    out.querySelector("button").value = number.nextElementSibling.name.match(/\d+/)[0];
    out.querySelector("button").setAttribute("aria-label", `Xóa dòng ${number.textContent}`);
    number.after(out);
  }
}

// Suspected twins: `told` gives the sentence by the id of the line.
export function setTwins(told) {
  for (const line of lines()) {
    const text = told[hidden(line, "id").value];
    const known = notesOf(line).find((note) => note.classList.contains("note-twin"));
    if (known && text) { known.querySelector("span").textContent = text; continue; }
    if (known) known.remove();
    if (!text) continue;
    const note = document.getElementById("note-twin").content.cloneNode(true);
    note.querySelector("td:last-child").colSpan = width();
    note.querySelector("span").textContent = text;
    note.querySelector("button").value = hidden(line, "id").value;
    (notesOf(line).at(-1) || line).after(note);
  }
}
