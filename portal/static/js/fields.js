// Forms: words under an amount, focus on the error summary, file drop, a question before leaving what was typed,
// Ctrl+Enter for the button with data-quick-send.
function bindWords(input) {
  let timer = null;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const url = new URL(input.dataset.words, location.href);
      url.searchParams.set("so", input.value);
      window.htmx.ajax("GET", url.pathname + url.search, { target: `#${input.dataset.wordsIn}`, swap: "innerHTML" });
    }, 300);
  });
}

function bindFile(drop) {
  const input = drop.querySelector("input[type=file]");
  const name = drop.querySelector(".file-name");
  drop.classList.add("is-ready");
  const show = () => {
    const [file, ...more] = input.files;
    if (more.length) name.textContent = `${more.length + 1} tệp: ${[...input.files].map((one) => one.name).slice(0, 3).join(", ")}${more.length > 2 ? ", …" : ""}`;
    else if (file) name.textContent = `${file.name}, ${Math.max(1, Math.round(file.size / 1024)).toLocaleString("vi-VN")} KB`;
  };
  input.addEventListener("change", show);
  for (const kind of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) { input.files = event.dataTransfer.files; show(); }
    });
  }
}

function bindDirty(form) {
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", (event) => { dirty = dirty && event.submitter?.formTarget === "_blank"; }); // a look at it keeps nothing
  window.addEventListener("beforeunload", (event) => { if (dirty && form.isConnected) event.preventDefault(); });
}

function bindQuickSend(button) {
  button.form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });
}

const once = (root, selector, bind) => {
  for (const element of root.querySelectorAll(`${selector}:not([data-ready])`)) {
    element.dataset.ready = "yes";
    bind(element);
  }
};

export function bindFields(root) {
  once(root, "[data-words]", bindWords);
  once(root, "[data-file-drop]", bindFile);
  once(root, "form[data-dirty]", bindDirty);
  once(root, "button[data-quick-send]", bindQuickSend);
  once(root, "[data-focus]", (element) => element.focus());
  once(root, "[data-open-wide]", (element) => { if (matchMedia("(min-width: 721px)").matches) element.open = true; });
}
