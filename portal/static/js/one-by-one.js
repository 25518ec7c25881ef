// Several files of one form are sent one after the other: each that has arrived is safe, a lost network loses the
// present one only and is tried again. Without JavaScript the form sends all of them at once.
const TRIES = 4;
const WAIT = 1500; // milliseconds before the second try; longer each time

export function bindOneByOne(root) {
  for (const form of root.querySelectorAll("form[data-one-by-one]:not([data-one-ready])")) {
    form.dataset.oneReady = "yes";
    form.addEventListener("submit", (event) => start(event, form));
  }
}

function start(event, form) {
  const input = form.querySelector("input[type=file][multiple]");
  if (!input || input.files.length < 2) return;
  event.preventDefault();
  send(form, input, [...input.files]);
}

async function send(form, input, files) {
  const list = lines(input, files);
  const button = form.querySelector(".action-bar button");
  const key = form.querySelector("input[name=form_key]")?.value ?? "";
  button.disabled = true;
  let last = null;
  const wrong = [];
  for (const [index, file] of files.entries()) {
    const body = new FormData(form);
    body.delete(input.name);
    body.append(input.name, file, file.name);
    if (key) body.set("form_key", `${key.slice(0, 56)}-${index}`);
    list[index].textContent = "Đang gửi";
    const answer = await attempt(form, body, list[index]);
    if (answer?.ok && answer.redirected) { list[index].textContent = "Đã nhận"; last = answer.url; continue; }
    wrong.push(file);
    list[index].textContent = answer ? await sentence(answer) : "Mất mạng, chưa gửi được";
    list[index].classList.add("is-bad");
  }
  if (!wrong.length) { location.assign(last); return; }
  const rest = new DataTransfer();
  for (const file of wrong) rest.items.add(file);
  input.files = rest.files;
  button.disabled = false;
}

async function attempt(form, body, line) {
  for (let turn = 1; turn <= TRIES; turn += 1) {
    try {
      const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      if (answer.status !== 503) return answer;
    } catch { /* the network is away: once more */ }
    line.textContent = `Mạng yếu, thử lại lần ${turn}`;
    await new Promise((done) => { setTimeout(done, WAIT * turn); });
  }
  return null;
}

async function sentence(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(".field-error, .error-summary li, .notice-bad p")?.textContent.trim() || "Chưa gửi được. Thử lại.";
}

function lines(input, files) {
  const drop = input.closest(".field");
  drop.querySelector(".upload-list")?.remove();
  const list = document.createElement("ul");
  list.className = "upload-list";
  list.setAttribute("aria-live", "polite");
  const states = files.map((file) => {
    const line = document.createElement("li");
    const [name, state] = [document.createElement("span"), document.createElement("span")];
    name.textContent = file.name;
    state.textContent = "Chờ gửi";
    line.append(name, state);
    list.append(line);
    return state;
  });
  drop.append(list);
  return states;
}
