// Donors in the books while a name is typed: Enter takes the marked one, Esc keeps what was typed.
import { cell, form, hidden, lineOf } from "./grid-lines.js";

const box = document.getElementById("grid-suggest");
let timer = null;
let asked = 0;
let input = null;
let current = -1;

const options = () => [...box.querySelectorAll("[role=option]")];
export const isOpen = () => !box.hidden;

export function close() {
  clearTimeout(timer);
  asked += 1;
  box.hidden = true;
  if (input) { input.removeAttribute("aria-expanded"); input.removeAttribute("aria-activedescendant"); }
}

function mark(index) {
  current = index;
  options().forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
  const option = options()[index];
  if (!option) return;
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

export const move = (step) => { const count = options().length; if (count) mark((current + step + count) % count); };

function place() {
  const cellBox = input.closest("td").getBoundingClientRect();
  box.style.left = `${cellBox.left}px`;
  box.style.width = `${Math.max(cellBox.width, Math.min(560, innerWidth - cellBox.left - 8))}px`;
  const below = innerHeight - cellBox.bottom;
  box.style.top = below > 220 ? `${cellBox.bottom - 1}px` : "auto";
  box.style.bottom = below > 220 ? "auto" : `${innerHeight - cellBox.top - 1}px`;
}

async function ask() {
  const mine = (asked += 1);
  const body = new URLSearchParams({ csrf_token: form.querySelector("[name=csrf_token]").value, text: input.value });
  let answer;
  try { answer = await fetch(form.dataset.donors, { method: "POST", body, headers: { "HX-Request": "true" } }); } catch { return; }
  if (!answer.ok) return;
  const html = await answer.text();
  if (mine !== asked || document.activeElement !== input) return;
  box.innerHTML = html;
  if (!options().length) { box.hidden = true; return; }
  box.hidden = false;
  input.setAttribute("aria-expanded", "true");
  place();
  mark(0);
}

export function suggest(field) {
  input = field;
  close();
  if (field.value.trim().length >= 2) timer = setTimeout(ask, 150);
}

// Take the marked donor; the line then knows whose gift it is.
export function take(option = options()[current]) {
  if (!option) return false;
  const line = lineOf(input);
  input.value = option.dataset.name;
  hidden(line, "donor_id").value = option.dataset.id;
  const address = cell(line, "address");
  if (address && !address.value.trim()) address.value = option.dataset.address || "";
  close();
  return true;
}

box.addEventListener("mousedown", (event) => {
  const option = event.target.closest("[role=option]");
  event.preventDefault();
  if (option) take(option);
});
