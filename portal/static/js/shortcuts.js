// "/" goes to the search field, Esc closes an open menu; a click outside closes it, too.
const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

export function bindShortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details[data-menu][open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      return;
    }
    const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (field && !typing(event.target)) { event.preventDefault(); field.focus(); field.select(); }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}
