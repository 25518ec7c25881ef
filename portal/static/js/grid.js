// The grid without a mouse: Tab and arrows between cells, Enter to the next line, Ctrl+D, F2, F8, Esc, Ctrl+Z, paste.
import * as suggestions from "./grid-suggest.js";
import { addLine, cell, form, hidden, inputs, isBlank, keyOf, lineOf, lines, nextLine, removeLine, table } from "./grid-lines.js";
import { Trouble, allSaved, begin, explain, forget, post, rememberAll, save, saveAll, showAround, tell, touch } from "./grid-save.js";

let home = "donor"; // the column to which Enter returns: where the person began this line
let before = ""; // what stood in the cell when it was entered
let editing = false;
let byTab = false;

function enter(input, { keepHome = false } = {}) {
  if (!input) return;
  if (!keepHome) home = keyOf(input);
  input.focus();
  input.select();
}

const beside = (input, step) => { const all = inputs(lineOf(input)); return all[all.indexOf(input) + step]; };

function down(input, key) {
  const line = lineOf(input);
  const next = nextLine(line) || (Number(table().dataset.page) === Number(table().dataset.pages) && addLine());
  if (next) enter(cell(next, key) || inputs(next)[0], { keepHome: true });
}

function copyAbove(input) {
  const above = nextLine(lineOf(input), -1);
  if (!above) return;
  input.value = cell(above, keyOf(input)).value;
  if (keyOf(input) === "donor") hidden(lineOf(input), "donor_id").value = hidden(above, "donor_id").value;
  suggestions.close();
  touch(lineOf(input));
}

function nextError(from, step = 1) {
  const wrong = [...table().querySelectorAll("input[aria-invalid]")];
  if (!wrong.length) { tell("Trang này không có ô sai."); return; }
  const all = [...table().querySelectorAll("td input")];
  const here = from ? all.indexOf(from) : -1;
  const after = step > 0 ? wrong.find((input) => all.indexOf(input) > here) : wrong.findLast((input) => all.indexOf(input) < here);
  enter(after || (step > 0 ? wrong[0] : wrong.at(-1)));
}

async function replaceTable(url, fields) {
  await saveAll();
  if (!allSaved()) { tell("Còn dòng chưa lưu. Chờ lưu xong rồi làm lại.", "bad"); return null; }
  try {
    const answer = await post(url, fields);
    document.getElementById("grid").outerHTML = answer.table;
    rememberAll();
    showAround(answer);
    tell(answer.told);
    return answer;
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    explain(trouble);
    return null;
  }
}

// The same text pasted again because no answer came is one paste; after an answer it is another.
function actOf(text) {
  let sum = 0;
  for (const letter of text) sum = (Math.imul(sum, 31) + letter.codePointAt(0)) >>> 0;
  return `dan-${form.dataset.user}-${table().dataset.seen}-${sum.toString(36)}`;
}

async function paste(input, text) {
  const line = lineOf(input);
  const key = keyOf(input);
  const blank = isBlank(line);
  if (blank) forget(line);
  const answer = await replaceTable(form.dataset.paste, {
    text, col: key, act: actOf(text), id: blank ? lastAbove(line) : hidden(line, "id").value,
  });
  if (!answer) return;
  if (String(answer.page) !== new URL(location).searchParams.get("trang") && answer.pages > 1) {
    history.replaceState(null, "", `?trang=${answer.page}`);
  }
  const first = document.getElementById(`d${answer.first}`);
  if (first) { enter(cell(first, key)); first.scrollIntoView({ block: "center" }); }
}

// A paste into an empty line stands below the last saved line above it; below all of them = at the end.
function lastAbove(line) {
  const rest = lines().slice(lines().indexOf(line)).some((one) => hidden(one, "id").value);
  if (!rest) return "";
  for (let above = nextLine(line, -1); above; above = nextLine(above, -1)) if (hidden(above, "id").value) return hidden(above, "id").value;
  return "";
}

async function undo(input) {
  const place = input ? [lines().indexOf(lineOf(input)), keyOf(input)] : [0, "donor"];
  const answer = await replaceTable(form.dataset.undo, { trang: table().dataset.page });
  const line = lines()[Math.min(place[0], lines().length - 1)];
  if (answer && line) enter(cell(line, place[1]) || inputs(line)[0]);
}

async function takeOut(line) {
  const next = nextLine(line) || nextLine(line, -1);
  const key = document.activeElement?.name ? keyOf(document.activeElement) : "donor";
  await saveAll();
  if (!hidden(line, "id").value) {
    forget(line);
    if (lines().length > 1) removeLine(line);
    if (next) enter(cell(next, key) || inputs(next)[0]);
    return;
  }
  try {
    const answer = await post(form.dataset.grid, { delete: "1", id: hidden(line, "id").value, version: hidden(line, "version").value });
    forget(line);
    removeLine(line);
    if (!next) addLine();
    showAround(answer);
    tell("Đã xóa một dòng. Bấm Ctrl+Z để lấy lại.");
    enter(cell(next || lines()[0], key) || inputs(next || lines()[0])[0]);
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    explain(trouble);
  }
}

function putIn(line) {
  enter(inputs(addLine(line))[0]);
}

async function handIn() {
  await saveAll();
  const button = document.querySelector("[data-hand-in]");
  if (!allSaved()) tell("Còn dòng chưa lưu. Chờ lưu xong rồi giao ghi sổ.", "bad");
  else if (button.disabled) tell(button.parentElement.querySelector("p").textContent.trim(), "bad");
  else button.click();
}

function atEdge(input, step) {
  const all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  if (all && !editing) return true;
  return input.selectionStart === input.selectionEnd && input.selectionStart === (step > 0 ? input.value.length : 0) && !editing;
}

const control = {
  d: (input) => copyAbove(input),
  z: (input) => { if (editing && input.value !== before) return false; undo(input); return true; },
  Enter: () => handIn(),
  Home: () => enter(inputs(lines()[0])[0]),
  End: () => enter(inputs(lines().findLast((line) => !isBlank(line)) || lines()[0])[0]),
};
const plain = {
  Enter: (input, event) => {
    if (suggestions.isOpen() && suggestions.take()) {
      touch(lineOf(input));
      const empty = inputs(lineOf(input)).find((one) => !one.value && one !== input);
      enter(empty || beside(input, 1), { keepHome: true });
    } else if (event.shiftKey) enter(cell(nextLine(lineOf(input), -1) || lineOf(input), keyOf(input)), { keepHome: true });
    else down(input, home);
  },
  ArrowDown: (input) => { if (suggestions.isOpen()) suggestions.move(1); else { home = keyOf(input); down(input, home); } },
  ArrowUp: (input) => {
    if (suggestions.isOpen()) suggestions.move(-1);
    else { const above = nextLine(lineOf(input), -1); if (above) enter(cell(above, keyOf(input))); }
  },
  ArrowRight: (input) => atEdge(input, 1) && beside(input, 1) ? enter(beside(input, 1)) : false,
  ArrowLeft: (input) => atEdge(input, -1) && beside(input, -1) ? enter(beside(input, -1)) : false,
  F2: (input) => { editing = true; input.setSelectionRange(input.value.length, input.value.length); },
  Escape: (input) => {
    suggestions.close();
    if (keyOf(input) === "donor") return; // it keeps the name as typed, somebody new
    input.value = before;
    editing = false;
    input.select();
    touch(lineOf(input));
  },
};

function onKey(event) {
  byTab = event.key === "Tab";
  if (event.key === "F8") { event.preventDefault(); nextError(document.activeElement.closest?.("#grid td input"), event.shiftKey ? -1 : 1); return; }
  const input = event.target.closest?.("#grid td input");
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.preventDefault(); handIn(); return; }
  if (!input || event.isComposing) return;
  if (event.altKey && event.key === "Insert") { event.preventDefault(); putIn(lineOf(input)); return; }
  if (event.altKey && event.key === "Delete") { event.preventDefault(); takeOut(lineOf(input)); return; }
  const act = event.ctrlKey || event.metaKey ? control[event.key.length === 1 ? event.key.toLowerCase() : event.key] : plain[event.key];
  if (!act || event.altKey) return;
  if (act(input, event) !== false) event.preventDefault();
}

form.addEventListener("focusin", (event) => {
  const input = event.target.closest("#grid td input");
  if (!input) return;
  before = input.value;
  editing = false;
  if (byTab) input.select(); else if (input.matches(":hover")) home = keyOf(input);
  for (const line of lines()) line.classList.toggle("is-active", line === lineOf(input));
  if (!nextLine(lineOf(input)) && table().dataset.page === table().dataset.pages) addLine();
});
form.addEventListener("focusout", () => suggestions.close());
form.addEventListener("input", (event) => {
  const input = event.target.closest("#grid td input");
  if (!input) return;
  editing = true;
  touch(lineOf(input));
  if (keyOf(input) === "donor") { hidden(lineOf(input), "donor_id").value = ""; suggestions.suggest(input); }
});
form.addEventListener("paste", (event) => {
  const input = event.target.closest("#grid td input");
  const text = event.clipboardData.getData("text/plain");
  if (!input || !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  paste(input, text);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.name === "xoa") takeOut(lineOf(event.submitter)); else saveAll();
});
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => { if (event.target.closest("[data-next-error]")) nextError(null); });
document.querySelector("form[data-undo]").addEventListener("submit", (event) => { event.preventDefault(); undo(null); });
document.getElementById("twin-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try { showAround(await post(form.dataset.twin, { id: event.submitter.value })); } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    explain(trouble);
  }
});

begin();
if (matchMedia("(max-width: 720px)").matches) for (const line of lines().filter(isBlank).slice(2)) removeLine(line);
const free = lines().find(isBlank);
if (!location.hash) enter(inputs(free || lines()[0])[0]);
else if (document.querySelector(`tr.line${location.hash}`)) enter(inputs(document.querySelector(`tr.line${location.hash}`))[0]);
