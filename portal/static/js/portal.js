// Binds the small behaviours to data-* attributes; each works on what htmx brings in later, too.
import { bindCopy } from "./copy.js";
import { bindSelection } from "./selection.js";
import { bindConfirm } from "./confirm.js";
import { bindShortcuts } from "./shortcuts.js";
import { bindNetwork } from "./network.js";
import { bindFields } from "./fields.js";
import { bindNotes } from "./notes.js";
import { bindPickers } from "./picker.js";
import { bindDonorPickers } from "./donors.js";
import { bindEnter } from "./enter.js";
import { bindPaste } from "./paste.js";
import { bindCovers } from "./covers.js";
import { bindOneByOne } from "./one-by-one.js";
import { bindDesk, bindDeskKeys } from "./desk.js";

const bind = (root) => {
  bindCopy(root);
  bindSelection(root);
  bindConfirm(root);
  bindFields(root);
  bindNotes(root);
  bindPickers(root);
  bindDonorPickers(root);
  bindEnter(root);
  bindPaste(root);
  bindCovers(root);
  bindOneByOne(root);
  bindDesk(root);
};

bind(document);
bindShortcuts();
bindDeskKeys();
bindNetwork();
document.addEventListener("htmx:load", (event) => bind(event.detail.elt));
