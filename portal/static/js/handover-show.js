// What the hand-over page shows: the card in front, the two lists, counts, what waits, what was told by two.

export function say(text, extra = null) {
  const place = document.getElementById("ho-told");
  place.replaceChildren(text, ...(extra ? [extra] : []));
  place.hidden = !text;
}

export function showWaiting(count) {
  const badge = document.getElementById("ho-waiting");
  badge.hidden = !count;
  badge.querySelector("span").textContent = navigator.onLine ? `Chưa lưu ${count}` : `${count} chờ gửi`;
  badge.title = "Chưa lưu: sẽ gửi khi có mạng.";
}

function put(card, name, text) { card.querySelector(`[data-fill=${name}]`).textContent = text; }

export function fillCard(card, one, before, after, waiting) {
  put(card, "number", one.number);
  put(card, "name", one.name);
  document.querySelector("[data-front]").textContent = one.name;
  put(card, "place", `${one.place}.`);
  card.querySelector("[data-fill=portion]").replaceChildren(...one.portion.map(([name, amount]) => {
    const line = document.createElement("div");
    line.append(Object.assign(document.createElement("dt"), { textContent: name }), Object.assign(document.createElement("dd"), { textContent: amount }));
    return line;
  }));
  put(card, "words", waiting ? `${one.words}. Chưa lưu` : one.words);
  card.querySelector("[data-fill=words]").hidden = !one.outcome;
  card.querySelector("[data-fill=settled]").hidden = !one.settled;
  for (const part of document.querySelectorAll("[data-open]")) part.hidden = one.settled;
  const open = document.querySelectorAll(".ho-actions form");
  for (const form of open) {
    form.querySelector("[name=row]").value = one.id;
    form.querySelector("[name=seen]").value = one.seen;
    for (const input of form.querySelectorAll("input.input")) input.value = "";
  }
  members(one);
  for (const details of document.querySelectorAll(".ho-actions details[open]")) details.open = false;
  way("left", before);
  way("right", after);
}

function members(one) {
  const box = document.querySelector("[data-members]");
  box.hidden = !one.members.length;
  box.querySelector("div").replaceChildren(...one.members.map(([name, relation]) => {
    const label = Object.assign(document.createElement("label"), { className: "choice" });
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: "member", value: `${name}|${relation || "người trong hộ"}` });
    label.append(radio, Object.assign(document.createElement("span"), { textContent: relation ? `${name}, ${relation}` : name }));
    return label;
  }));
}

function way(side, one) {
  const link = document.querySelector(`[data-way=${side}]`);
  link.hidden = !one;
  if (!one) return;
  link.dataset.row = one.id;
  link.querySelector("[data-name]").textContent = one.name;
  link.href = one.line.querySelector("a").href;
}

export function markRow(one, waiting) {
  one.line.classList.toggle("is-waiting", waiting);
  one.line.querySelector(".ho-mark").textContent = waiting ? `${one.words || "Hoàn tác"} · chưa lưu` : one.outcome ? one.label || one.words : "";
  const list = document.querySelector(`[data-rows=${one.outcome ? "da-ghi" : "chua-ghi"}]`);
  if (one.line.parentElement === list) return;
  const after = [...list.children].find((line) => JSON.parse(line.dataset.card).number > one.number);
  list.insertBefore(one.line, after || null);
  for (const each of document.querySelectorAll("[data-rows]")) each.nextElementSibling.hidden = each.children.length > 0;
}

// Counts of the server hold for the whole list; what waits in this phone is added to them.
let known = null;
export function showCounts(body, rows, waits) {
  const get = (id) => document.getElementById(id);
  if (body) known = body;
  known ||= { rows: Number(get("ho-rows").textContent), handed: Number(get("ho-handed").textContent), open: Number(get("ho-open").textContent) };
  const waiting = [...rows.values()].filter((one) => waits(one.id));
  const handed = known.handed + waiting.filter((one) => one.outcome === "received" || one.outcome === "proxy").length;
  get("ho-handed").textContent = Math.min(handed, known.rows);
  get("ho-open").textContent = Math.max(known.open - waiting.filter((one) => one.outcome && !one.seen).length, 0);
  get("ho-bar").value = handed;
  const open = [...rows.values()].filter((one) => !one.outcome).length;
  get("ho-tab-open").textContent = open;
  get("ho-tab-told").textContent = rows.size - open;
}

export function showUndo(one) {
  const strip = document.getElementById("ho-undo");
  strip.hidden = !one;
  if (!one) return;
  strip.querySelector("[data-just]").textContent = one.name;
  strip.querySelector("[name=row]").value = one.id;
  strip.querySelector("[name=seen]").value = one.seen;
}

// What a form still lacks, said before it goes into the queue: without a network nobody else could say it.
export function ready(form, fields) {
  if (form.dataset.answer === "proxy") {
    if (!fields.member && !fields.proxy_name?.trim()) { form.querySelector("#ho-proxy").focus(); return "Chưa ghi ai nhận thay. Chọn người trong hộ hoặc gõ họ tên."; }
    if (!fields.member && !fields.proxy_relation?.trim()) { form.querySelector("#ho-relation").focus(); return "Chưa ghi quan hệ với hộ. Chọn hoặc gõ, ví dụ: con, vợ, hàng xóm."; }
  }
  if (form.dataset.answer === "back" && !fields.note?.trim()) { form.querySelector("#ho-note").focus(); return "Chưa ghi vì sao. Ghi ngắn, ví dụ: xin nhường hộ khác."; }
  return "";
}

export function clash(name, held, mine, choose) {
  const box = document.getElementById("ho-clash").content.cloneNode(true).firstElementChild;
  box.querySelector("[data-name]").textContent = `${name}: người khác vừa ghi khác.`;
  box.querySelector("[data-by]").textContent = held.by ? `${held.by} ghi lúc ${held.at}` : "Đang có";
  box.querySelector("[data-held]").textContent = held.words;
  box.querySelector("[data-mine]").textContent = mine;
  box.querySelector("[data-keep]").addEventListener("click", () => { box.remove(); choose.keep(); });
  box.querySelector("[data-mine-too]").addEventListener("click", () => { box.remove(); choose.mine(); });
  document.querySelector(".ho-body").prepend(box);
  box.scrollIntoView({ block: "nearest" });
}

function bind() {
  const search = document.getElementById("ho-q");
  // Enter asks the server for the whole list; a page that shows all of it need not.
  const whole = Number(document.getElementById("ho-rows").textContent) <= document.querySelectorAll("li[data-found]").length;
  search.form.addEventListener("submit", (event) => { if (whole) event.preventDefault(); });
  search.addEventListener("input", () => {
    const words = search.value.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase().split(/\s+/).filter(Boolean);
    for (const line of document.querySelectorAll("li[data-found]")) line.hidden = !words.every((word) => line.dataset.found.includes(word));
  });
  document.querySelector(".ho-find")?.addEventListener("click", () => setTimeout(() => search.focus()));
  const chips = document.querySelector("[data-chips]");
  if (!chips) return;
  chips.hidden = false;
  chips.addEventListener("click", (event) => { const word = event.target.closest("[data-relation]")?.dataset.relation; if (word) document.getElementById("ho-relation").value = word; });
  for (const details of document.querySelectorAll(".ho-more")) {
    details.addEventListener("toggle", () => { if (details.open) details.querySelector("input.input")?.focus(); });
  }
}
bind();
