// Every line is saved when it is left. What could not be saved stays on the page, marked "chưa lưu", is kept for
// this tab until it is saved, and is sent again; the same line sent twice is one line.
import { addLine, cell, cellsOf, form, hidden, inputs, isBlank, keyOf, lineOf, lines, nextLine, setNotes, setSaved, setTwins, setWrong, table } from "./grid-lines.js";

const WAIT = 15000, AGAIN = 3000;
const saved = new WeakMap();
const unsaved = new Set(); // lines with something that the server has not got
const failed = new Set(); // those of them that were sent in vain
const store = `dot-nhap-${form.dataset.batch}-${form.dataset.user}`;
let chain = Promise.resolve();
let timer = null;
let ended = false;

const textOf = (line) => JSON.stringify([cellsOf(line), hidden(line, "donor_id").value]);
export const remember = (line) => saved.set(line, textOf(line));
const nothing = (line) => JSON.stringify([Object.fromEntries(inputs(line).map((input) => [keyOf(input), ""])), ""]);
const isDirty = (line) => textOf(line) !== (saved.get(line) ?? nothing(line));
export const rememberAll = () => { for (const line of lines()) if (!unsaved.has(line)) remember(line); };

export function tell(text, kind = "") {
  const told = document.getElementById("grid-told");
  told.textContent = text;
  told.dataset.kind = kind;
}

function showState(time) {
  const place = document.getElementById("grid-saved");
  const count = failed.size;
  place.classList.toggle("is-unsaved", count > 0);
  place.querySelector("use").setAttribute("href", place.querySelector("use").getAttribute("href").replace(/#.*/, count ? "#alert" : "#check"));
  if (count) place.querySelector("span").textContent = `Chưa lưu ${count} dòng`;
  else if (time) place.querySelector("span").textContent = `Đã lưu ${time}`;
}

function keep() {
  const rows = [...unsaved].filter((line) => line.isConnected).map((line) => ({
    cells: cellsOf(line), id: hidden(line, "id").value, version: hidden(line, "version").value,
    row: hidden(line, "row").value, donor: hidden(line, "donor_id").value,
  }));
  document.getElementById("grid-saved").dataset.waiting = rows.length;
  if (rows.length) sessionStorage.setItem(store, JSON.stringify(rows)); else sessionStorage.removeItem(store);
}

function mark(line, dirty, inVain = false) {
  line.classList.toggle("is-unsaved", inVain);
  if (dirty) unsaved.add(line); else unsaved.delete(line);
  if (inVain) failed.add(line); else failed.delete(line);
  keep();
}

export class Trouble extends Error {
  constructor(status, answer = {}) { super(answer.error || ""); this.status = status; this.answer = answer; }
}

// Post fields; the answer as an object. Throws Trouble with the status, 0 when nothing came back.
export async function post(url, fields) {
  const body = new URLSearchParams({
    csrf_token: form.querySelector("[name=csrf_token]").value, groups: table().dataset.groups, seen: table().dataset.seen,
    ...fields,
  });
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(WAIT), headers: { Accept: "application/json" } });
  } catch { throw new Trouble(0); }
  const found = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  if (!answer.ok) throw new Trouble(answer.status, found);
  return found;
}

export function showAround(answer) {
  document.getElementById("totals").outerHTML = answer.totals;
  document.getElementById("grid-faults").outerHTML = answer.status;
  table().dataset.seen = answer.seen;
  setTwins(answer.twins);
  showState(answer.saved);
  if (answer.others.length) tell(`${answer.others.join(", ")} vừa sửa đợt này. Bấm F5 để thấy.`);
}

function take(line, answer, sent) {
  setSaved(line, answer);
  for (const input of inputs(line)) {
    const key = keyOf(input);
    if (input.value.trim() === sent[key]) input.value = answer.cells[key] || "";
  }
  setNotes(line, answer.notes);
  setWrong(line, answer.wrong);
  saved.set(line, JSON.stringify([Object.fromEntries(inputs(line).map((input) => [keyOf(input), answer.cells[keyOf(input)] || ""])), String(answer.donor_id || "")]));
  mark(line, isDirty(line));
}

function fieldsOf(line, cells) {
  return {
    ...cells, id: hidden(line, "id").value, version: hidden(line, "version").value, row: hidden(line, "row").value,
    donor_id: hidden(line, "donor_id").value, before: hidden(line, "id").value ? "" : savedBelow(line),
  };
}

// A new line stands above the next saved one on the page, or at the end.
function savedBelow(line) {
  for (let next = nextLine(line); next; next = nextLine(next)) if (hidden(next, "id").value) return hidden(next, "id").value;
  return "";
}

async function send(line) {
  if (!line.isConnected || ended || (!isDirty(line) && !unsaved.has(line))) return;
  const sent = cellsOf(line);
  if (!hidden(line, "id").value && isBlank(line)) { mark(line, false); remember(line); showState(); return; }
  try {
    const answer = await post(form.dataset.grid, fieldsOf(line, sent));
    take(line, answer, sent);
    tell("");
    showAround(answer);
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    mark(line, true, true);
    showState();
    if (trouble.status === 409) ask(line, trouble.answer); else explain(trouble);
  }
}

export function explain(trouble) {
  if (trouble.status === 0 || trouble.status === 503) {
    tell("Chưa gửi được, những gì đã gõ còn trên trang này. Đang thử lại.", "bad");
    clearTimeout(timer);
    timer = setTimeout(sendAgain, AGAIN);
  } else if (trouble.status === 401 || trouble.status === 400) {
    ended = true;
    signIn();
  } else tell(trouble.message || "Chưa lưu được. Tải lại trang rồi thử lại.", "bad");
}

function signIn() {
  const told = document.getElementById("grid-told");
  const link = document.createElement("a");
  tell("Phiên làm việc đã hết, những gì đã gõ còn ở đây. ", "bad");
  link.href = form.dataset.signIn;
  link.textContent = "Đăng nhập lại";
  link.addEventListener("click", () => { leaving = true; });
  told.append(link);
}

export const save = (line) => (chain = chain.then(() => send(line)));
const sendAgain = () => { for (const line of [...unsaved]) save(line); };
export const saveAll = () => { for (const line of lines()) if (isDirty(line) || unsaved.has(line)) save(line); return chain; };
export const touch = (line) => mark(line, isDirty(line), failed.has(line));
export const forget = (line) => { mark(line, false); showState(); };
export const allSaved = () => unsaved.size === 0;

// Two people have saved one line: both contents side by side, the person chooses cell by cell.
function ask(line, answer) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm-dialog clash-dialog";
  dialog.innerHTML = answer.conflict;
  const actions = document.createElement("p");
  actions.className = "confirm-actions";
  const choose = Object.assign(document.createElement("button"), { type: "button", className: "button button-primary", textContent: "Ghi nội dung đã chọn" });
  const theirs = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet", textContent: "Giữ nội dung đã lưu" });
  actions.append(choose, theirs);
  dialog.append(actions);
  document.body.append(dialog);
  const settle = (kept) => {
    for (const input of inputs(line)) input.value = (keyOf(input) in kept ? kept[keyOf(input)] : answer.cells[keyOf(input)]) || "";
    hidden(line, "version").value = answer.version;
    saved.set(line, "");
    dialog.remove();
    inputs(line)[0].focus();
    save(line);
  };
  choose.addEventListener("click", () => {
    const kept = {};
    const groups = new Set([...dialog.querySelectorAll("input[type=radio]")].map((radio) => radio.name));
    for (const name of groups) {
      const chosen = dialog.querySelector(`input[name="${name}"]:checked`);
      if (!chosen) { dialog.querySelector(`input[name="${name}"]`).focus(); return; }
      const key = name.replace(/^c\d+-/, "").replace(/-chon$/, "");
      kept[key] = dialog.querySelector(`input[name="${name.replace(/chon$/, chosen.value)}"]`).value;
    }
    settle(kept);
  });
  theirs.addEventListener("click", () => settle({}));
  dialog.addEventListener("cancel", () => { dialog.remove(); inputs(line)[0].focus(); });
  dialog.showModal();
}

// What an earlier page of this tab could not save (an ended session, a lost network) is put back and sent.
function restore() {
  const kept = JSON.parse(sessionStorage.getItem(store) || "[]");
  for (const row of kept) {
    const known = row.id ? document.getElementById(`d${row.id}`) : lines().find((line) => hidden(line, "row").value === row.row);
    const line = known || lines().find(isBlank) || addLine();
    if (!known) remember(line);
    if (!row.id) hidden(line, "row").value = row.row;
    else if (known) hidden(line, "version").value = row.version;
    hidden(line, "donor_id").value = row.donor;
    for (const [key, text] of Object.entries(row.cells)) if (cell(line, key)) cell(line, key).value = text;
    mark(line, true);
    save(line);
  }
}

let leaving = false;
export function begin() {
  rememberAll();
  restore();
  window.addEventListener("online", sendAgain);
  window.addEventListener("beforeunload", (event) => { if (!allSaved() && !leaving) event.preventDefault(); });
  form.addEventListener("focusout", (event) => {
    const line = event.target instanceof HTMLInputElement && lineOf(event.target);
    if (line && !line.contains(event.relatedTarget)) save(line);
  });
}
