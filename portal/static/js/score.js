// The grid of a score sheet: each criterion is saved while it is typed; what others write appears by itself.
// A cell that two people have changed keeps what was typed here and says what the other wrote.
const form = document.getElementById("grid-form");
const NOT_SCORED = "chưa chấm"; // as the server says it; 0 is a score
const WAIT = 15000, AGAIN = 3000, PAUSE = 900, NEWS = 10000;
const step = form.elements.step.value;
const opened = form.elements.opened_with;
const told = document.getElementById("grid-told");
const savedMark = document.getElementById("grid-saved");
const known = JSON.parse(opened.value); // what the server holds, by the name of the cell
const timers = new Map();
const undone = [];
const held = new Set(); // rows where another has written the same cell: only the person's own Enter sends them again
const vain = new WeakMap(); // what the server has refused of a row: the same is not sent twice
let chain = Promise.resolve();
let seen = form.dataset.seen;
let ended = false;

const rowOf = (input) => input.closest("tr.line");
const rows = [...form.querySelectorAll("tr.line")];
const inputs = (row) => [...row.querySelectorAll("td.fill input")];
const cells = rows.flatMap(inputs);
const column = (input) => input.name.replace(/^c\d+_/, "");
const inColumn = (name) => cells.filter((input) => column(input) === name);
const isDirty = (input) => input.value.trim() !== (known[input.name] ?? "");
const noteOf = (row) => form.querySelector(`tr.line-note[data-note="${row.dataset.criterion}"]`);
const original = new Map(cells.map((input) => [input, input.value]));

function tell(text, kind = "") { told.textContent = text; told.dataset.kind = kind; }

function setNote(row, text) {
  const note = noteOf(row);
  note.hidden = !text;
  note.querySelector(".field-error").textContent = text;
}

function showFaults() {
  const count = form.querySelectorAll("td.is-wrong").length;
  const place = document.getElementById("score-faults");
  place.replaceChildren();
  const text = document.createElement("span");
  text.className = count ? "status-bad" : "status-quiet";
  text.textContent = count ? `${count} ô cần sửa` : "Không có ô sai";
  place.append(text);
}

function showSaved(time) {
  const open = rows.filter((row) => row.classList.contains("is-unsaved")).length;
  savedMark.classList.toggle("is-unsaved", open > 0);
  const use = savedMark.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, open ? "#alert" : "#check"));
  if (open) savedMark.querySelector("span").textContent = `Chưa lưu ${open} tiêu chí`;
  else if (time) savedMark.querySelector("span").textContent = `Đã lưu ${time}`;
}

function showTotals(totals) {
  const box = document.querySelector("[data-totals]");
  if (!box || totals.sum === undefined) return;
  box.querySelector("[data-sum]").textContent = totals.sum;
  box.querySelector("[data-scored]").textContent = totals.scored;
  box.querySelector("[data-open]").textContent = totals.open;
  box.querySelector("[data-class] span").textContent = totals.class;
  box.classList.toggle("is-open", totals.open > 0);
  box.classList.toggle("is-equal", totals.open === 0);
  showTotal(form.querySelector("[data-total]"), totals.total);
  form.querySelectorAll("[data-part-total]").forEach((cell, place) => showTotal(cell, totals.parts[place]));
}

function showTotal(cell, text) {
  cell.textContent = text;
  cell.classList.toggle("is-open", text === NOT_SCORED);
}

function take(answer) {
  if (answer.step !== step) { ended = true; tell("Phiếu vừa được chuyển bước. Tải lại trang để xem.", "bad"); return; }
  for (const input of cells) {
    const now = answer.cells[input.name] ?? "";
    if (now !== (known[input.name] ?? "") && !isDirty(input)) {
      input.value = now;
      original.set(input, now);
      input.closest("td").classList.add("is-theirs");
      setTimeout(() => input.closest("td").classList.remove("is-theirs"), 4000);
    }
  }
  for (const [name, now] of Object.entries(answer.cells)) {
    const input = form.elements[name];
    if (!input || !isDirty(input) || input.value.trim() === now) known[name] = now;
  }
  opened.value = JSON.stringify(known);
  seen = answer.seen;
  showTotals(answer.totals);
  if (answer.others.length) tell(`${answer.others.join(", ")} vừa chấm phiếu này.`);
}

async function ask(url, fields) {
  let answer;
  const options = { signal: AbortSignal.timeout(WAIT), headers: { Accept: "application/json" } };
  try {
    if (fields) answer = await fetch(url, { ...options, method: "POST", body: new URLSearchParams(fields) });
    else answer = await fetch(`${url}?seen=${encodeURIComponent(seen)}`, options);
  } catch { return { status: 0, body: {} }; }
  const json = answer.headers.get("Content-Type")?.startsWith("application/json");
  return { status: answer.status, body: json ? await answer.json() : {} };
}

function clear(row) {
  inputs(row).forEach((input) => input.closest("td").classList.remove("is-wrong"));
  row.classList.remove("is-unsaved");
  setNote(row, "");
  held.delete(row);
  vain.delete(row);
  showFaults();
  showSaved();
}

async function send(row, force) {
  const mine = inputs(row);
  if (ended || (held.has(row) && !force)) return;
  if (!mine.some(isDirty)) { if (row.classList.contains("is-unsaved")) clear(row); return; }
  const sent = Object.fromEntries(mine.map((input) => [input.name, input.value.trim()]));
  if (vain.get(row) === JSON.stringify(sent)) return;
  const before = Object.fromEntries(mine.map((input) => [input.name, known[input.name] ?? ""]));
  const { status, body } = await ask(form.dataset.score, {
    ...sent, criterion: row.dataset.criterion, step, seen, opened_with: JSON.stringify(before),
    csrf_token: form.querySelector("[name=csrf_token]").value,
  });
  clear(row);
  row.classList.toggle("is-unsaved", status !== 200);
  if (status === 200) {
    for (const name of Object.keys(sent)) known[name] = body.cells[name] ?? "";
    for (const input of mine) if (input.value.trim() === sent[input.name]) input.value = known[input.name];
    take(body);
    if (!body.others.length) tell("");
  } else refuse(row, status, body, sent);
  showFaults();
  showSaved(body.saved);
}

function refuse(row, status, body, sent) {
  if (status === 409 && body.conflict) {
    for (const name of Object.keys(sent)) {
      const theirs = body.cells[name] ?? "";
      if (theirs === (known[name] ?? "")) continue;
      known[name] = theirs;
      form.elements[name].closest("td").classList.toggle("is-wrong", isDirty(form.elements[name]));
    }
    held.add(row);
    const said = body.error;
    setNote(row, `${said}. Enter ở ô đó để ghi số của bạn, Esc để lấy số đó.`);
  } else if (status === 422) {
    const wrong = Object.entries(body.errors || {});
    vain.set(row, JSON.stringify(sent));
    for (const [name] of wrong) form.elements[name]?.closest("td").classList.add("is-wrong");
    setNote(row, body.error);
  } else if (status === 0 || status === 503) {
    tell("Chưa gửi được, những gì đã gõ còn trên trang này. Đang thử lại.", "bad");
    setTimeout(() => save(row), AGAIN);
  } else if (status === 401 || status === 400) {
    ended = true;
    const link = Object.assign(document.createElement("a"), { href: form.dataset.signIn, textContent: "Đăng nhập lại" });
    tell("Phiên làm việc đã hết, những gì đã gõ còn ở đây. ", "bad");
    told.append(link);
  } else { ended = status === 409; tell(body.error || "Chưa lưu được. Tải lại trang rồi thử lại.", "bad"); }
}

function save(row, force = false) {
  clearTimeout(timers.get(row));
  chain = chain.then(() => send(row, force));
  return chain;
}

function saveAll() { rows.forEach((row) => { if (inputs(row).some(isDirty)) save(row); }); return chain; }

function change(input, value) {
  undone.push([input, input.value]);
  input.value = value;
  original.set(input, value);
  save(rowOf(input));
}

function move(input, by) {
  const line = inColumn(column(input));
  const next = line[line.indexOf(input) + by];
  if (next) { next.focus(); next.select(); }
}

function nextOpen(input) {
  const wrong = form.querySelector("td.is-wrong input");
  if (wrong && wrong !== input) { wrong.focus(); wrong.select(); return; }
  const line = inColumn("points");
  const from = input ? rows.indexOf(rowOf(input)) : -1;
  const after = (place) => (place - from - 1 + rows.length) % rows.length;
  const open = line.filter((one) => !one.value.trim()).sort((a, b) => after(rows.indexOf(rowOf(a))) - after(rows.indexOf(rowOf(b))));
  if (open.length) { open[0].focus(); open[0].scrollIntoView({ block: "nearest" }); } else tell("Mọi tiêu chí đã chấm.");
}

function undo() {
  const last = undone.pop();
  if (!last) { tell("Không còn gì để hoàn tác trên trang này."); return; }
  const [input, value] = last;
  input.value = value;
  original.set(input, value);
  input.focus();
  save(rowOf(input));
}

form.addEventListener("input", (event) => {
  if (!cells.includes(event.target)) return;
  const row = rowOf(event.target);
  clearTimeout(timers.get(row));
  timers.set(row, setTimeout(() => save(row), PAUSE));
});
form.addEventListener("change", (event) => {
  const input = event.target;
  if (!cells.includes(input)) return;
  if (original.get(input) !== input.value) undone.push([input, original.get(input)]);
  original.set(input, input.value);
});
form.addEventListener("focusin", (event) => {
  rows.forEach((row) => row.classList.toggle("is-active", row.contains(event.target)));
});
form.addEventListener("focusout", (event) => {
  const row = cells.includes(event.target) && rowOf(event.target);
  if (row && !row.contains(event.relatedTarget)) save(row);
});
form.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!cells.includes(input) || event.isComposing) return;
  const control = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && !control) { event.preventDefault(); save(rowOf(input), held.has(rowOf(input))); move(input, 1); }
  else if (event.key === "ArrowDown") { event.preventDefault(); move(input, 1); }
  else if (event.key === "ArrowUp") { event.preventDefault(); move(input, -1); }
  else if (control && event.key.toLowerCase() === "d") {
    event.preventDefault();
    if (input.dataset.before) { change(input, input.dataset.before); move(input, 1); }
  } else if (event.key === "Escape") {
    input.value = known[input.name] ?? "";
    original.set(input, input.value);
    clear(rowOf(input));
  } else if (control && event.key.toLowerCase() === "z") {
    event.preventDefault();
    if (original.get(input) !== input.value) { input.value = original.get(input); save(rowOf(input)); } else undo();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "F8") { event.preventDefault(); nextOpen(cells.includes(document.activeElement) ? document.activeElement : null); }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); document.querySelector("[data-hand-on]").click(); }
});
form.addEventListener("submit", (event) => {
  const by = event.submitter;
  if (ended || form.dataset.sending) { window.removeEventListener("beforeunload", hold); return; }
  event.preventDefault(); // what is typed goes first, so that the page sends what the server knows
  saveAll().then(() => {
    if (form.querySelector("td.is-wrong")) { form.querySelector("td.is-wrong input").focus(); return; }
    form.dataset.sending = "1";
    window.removeEventListener("beforeunload", hold);
    form.requestSubmit(by);
  });
});

function hold(event) { if (!ended && cells.some(isDirty)) event.preventDefault(); }
window.addEventListener("beforeunload", hold);
window.addEventListener("online", saveAll);
setInterval(() => {
  if (document.hidden || ended) return;
  chain = chain.then(async () => { const { status, body } = await ask(form.dataset.news); if (status === 200) take(body); });
}, NEWS);
showFaults();
