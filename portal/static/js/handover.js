// The hand-over on a phone. Every answer goes into a queue that outlives the page and is sent with a key of its own:
// sent again it is the same answer. Until it is saved the page says so. What others tell comes in between.
import { clash, fillCard, markRow, ready, say, showCounts, showUndo, showWaiting } from "./handover-show.js";

const main = document.querySelector("[data-handover]");
const card = document.getElementById("ho-card");
const WAIT = 12000, AGAIN = 4000, LOOK = 15000;
const store = `trao-qua-${main.dataset.list}-${main.dataset.user}`;
const rows = new Map();
let queue = JSON.parse(localStorage.getItem(store) || "[]");
let sending = false, timer = null, ended = false, front = null, last = Number(main.dataset.last);
let csrf = document.querySelector("[name=csrf_token]")?.value || "";

const keep = () => {
  if (queue.length) localStorage.setItem(store, JSON.stringify(queue)); else localStorage.removeItem(store);
  showWaiting(queue.length);
};
const order = () => [...rows.values()].sort((one, other) => one.number - other.number);
const waits = (id) => queue.some((one) => one.row === id);

function show(one) {
  front = one;
  const all = order(), place = all.indexOf(one);
  fillCard(card, one, all[place - 1], all[place + 1], waits(one.id));
}

// The next household of which nothing was said, after this one, else before it.
function next(from) {
  const all = order(), place = all.indexOf(from);
  return [...all.slice(place + 1), ...all.slice(0, place)].find((one) => !one.outcome) || all[place + 1] || from;
}

function take(answer) {
  const one = rows.get(answer.row);
  if (!one) return;
  one.seen = answer.seen;
  if (waits(answer.row)) return;
  one.outcome = answer.outcome;
  one.words = answer.outcome ? answer.words : "";
  one.label = answer.label;
  markRow(one, false);
  if (front === one) show(one);
}

function takeAround(body) {
  for (const answer of body.others) take(answer);
  last = Math.max(last, body.last);
  showCounts(body, rows, waits);
}

async function ask(url, body) {
  const options = body ? { method: "POST", body } : {};
  return fetch(url, { ...options, signal: AbortSignal.timeout(WAIT), headers: { Accept: "application/json" } });
}

async function freshToken() {
  const answer = await ask(`${main.dataset.changes}?tu=${last}`);
  if (!answer.ok) return false;
  const body = await answer.json();
  csrf = body.csrf;
  takeAround(body);
  return true;
}

async function sendOne(item) {
  const one = rows.get(item.row);
  if (one && item.chained) item.fields.seen = String(one.seen);
  const body = new URLSearchParams({ ...item.fields, row: item.row, key: item.key, csrf_token: csrf, tu: last });
  let answer = await ask(main.dataset.handover, body);
  if (answer.status === 400 && await freshToken()) {
    body.set("csrf_token", csrf);
    answer = await ask(main.dataset.handover, body);
  }
  return answer;
}

const drop = (item) => { queue = queue.filter((one) => one !== item); keep(); };

async function send() {
  if (sending || ended) return;
  sending = true;
  clearTimeout(timer);
  try {
    while (queue.length) {
      const item = queue[0];
      let answer;
      try { answer = await sendOne(item); } catch { later(); return; }
      if (answer.redirected || answer.status === 401) { signIn(); return; }
      if (answer.status >= 500 || answer.status === 429) { later(); return; }
      let body = {};
      try { body = await answer.json(); } catch { if (answer.ok) { later(); return; } }  // cut off: nobody knows, ask again
      drop(item);
      if (answer.ok) { take(body.answer); takeAround(body); say(""); }
      else if (answer.status === 409) settle(item, body);
      else refuse(item, body.error || "Chưa ghi được hộ này. Tải lại trang rồi ghi lại.");
    }
  } finally { sending = false; }
}

function later() { showWaiting(queue.length); timer = setTimeout(send, AGAIN); }

function refuse(item, text) {
  const one = rows.get(item.row);
  if (one) { one.outcome = item.before.outcome; one.words = item.before.words; markRow(one, false); show(one); }
  say(`${one ? one.name : "Hộ này"}: ${text}`);
}

function settle(item, body) {
  const one = rows.get(item.row);
  if (!one) return;
  const held = body.held || { row: one.id, seen: 0, outcome: null, words: "Chưa ghi", by: "" };
  clash(body.name, held, body.mine, {
    keep: () => { take(held); show(one); },
    mine: () => { one.seen = held.seen; add(one, { ...item.fields }, item.words); },
  });
  take(held);
}

function signIn() {
  ended = true;
  const link = Object.assign(document.createElement("a"), { href: main.dataset.signIn, textContent: "Đăng nhập lại" });
  say(`Phiên làm việc đã hết. ${queue.length} hộ chưa lưu vẫn còn trong máy này. `, link);
}

function add(one, fields, words) {
  const chained = waits(one.id);
  const item = { key: crypto.randomUUID?.() || String(Math.random()).slice(2) + Date.now(), row: one.id, words, chained,
    fields: { ...fields, seen: String(one.seen) }, before: { outcome: one.outcome, words: one.words } };
  queue.push(item);
  one.outcome = fields.undo ? null : fields.outcome;
  one.words = fields.undo ? "" : words;
  one.label = words;
  keep();
  markRow(one, true);
  showCounts(null, rows, waits);
  send();
}

function submitted(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !front || form.closest(".ho-rest, .ho-search")) return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form, event.submitter));
  if (form.closest("#ho-undo")) { undo(Number(form.querySelector("[name=row]").value)); return; }
  for (const name of ["csrf_token", "form_key", "row", "seen", "thon"]) delete fields[name];
  const missing = ready(form, fields);
  if (missing) { say(missing); return; }
  say("");
  const ticks = document.querySelectorAll(".ho-tick input");
  for (const tick of ticks) if (form.id === "ho-main-form" || form.dataset.answer === "proxy") { if (tick.checked) fields[tick.name] = "y"; else delete fields[tick.name]; }
  const given = front, words = wordsOf(fields);
  add(given, fields, words);
  showUndo(given);
  form.closest("details")?.removeAttribute("open");
  for (const tick of ticks) tick.checked = true;
  show(next(given));
  window.scrollTo({ top: 0 });
}

function wordsOf(fields) {
  if (fields.outcome !== "proxy") return { received: "Đã nhận", absent: "Vắng mặt", refused: "Không nhận", returned: "Trả lại" }[fields.outcome];
  return `Nhận thay: ${fields.proxy_name || fields.member?.split("|")[0]}`;
}

function undo(id) {
  const one = rows.get(id);
  if (!one) return;
  const waiting = queue.findLast?.((item) => item.row === id) || [...queue].reverse().find((item) => item.row === id);
  if (waiting && !(sending && queue[0] === waiting)) {  // it has never left this phone
    drop(waiting);
    one.outcome = waiting.before.outcome;
    one.words = waiting.before.words;
    markRow(one, waits(id));
    showCounts(null, rows, waits);
  } else add(one, { undo: "1" }, "Hoàn tác");
  showUndo(null);
  show(one);
}

async function look() {
  if (document.hidden || ended) return;
  try { const answer = await ask(`${main.dataset.changes}?tu=${last}`); if (answer.ok && !answer.redirected) { const body = await answer.json(); csrf = body.csrf; takeAround(body); } } catch { /* later again */ }
}

function begin() {
  for (const line of document.querySelectorAll("li[data-card]")) {
    const one = { ...JSON.parse(line.dataset.card), line, found: line.dataset.found };
    rows.set(one.id, one);
  }
  for (const item of queue) {
    const one = rows.get(item.row);
    if (one) { one.outcome = item.fields.outcome || null; one.words = item.words; one.label = item.words; markRow(one, true); }
  }
  if (card) show(rows.get(JSON.parse(card.dataset.card).id) || order()[0]);
  keep();
  showCounts(null, rows, waits);
  document.addEventListener("submit", submitted, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-way], li[data-card] a");
    if (!link || event.ctrlKey || event.metaKey) return;
    const one = rows.get(Number(link.dataset.row || (link.closest("li") ? JSON.parse(link.closest("li").dataset.card).id : 0)));
    if (!one) return;
    event.preventDefault();
    show(one);
    window.scrollTo({ top: 0 });
  });
  window.addEventListener("online", send);
  window.addEventListener("offline", () => showWaiting(queue.length));
  window.addEventListener("beforeunload", (event) => { if (queue.length && !ended) event.preventDefault(); });
  setInterval(look, LOOK);
  document.addEventListener("visibilitychange", look);
  send().then(look);  // what was told while this page was on its way
}
begin();
