"""Reading a page as a person does: what stands in its fields, which sentence stands at which field."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

LETTERS = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)
FOREIGN = re.compile(
    r"(?<![\w-])(error|invalid|missing|required|failed|failure|none|null|nan|true|false|value|expected|unexpected|"
    r"exception|traceback|object|string|integer|float|row|column|file|upload|date|field|form|token|csrf|not|the|"
    r"is|are|must|should|please|click|here|submit|cancel|save|delete|search|home|login|logout|password|"
    r"email|user|admin|server|database|query|request|response|status|unknown|warning|success|loading)(?![\w-])",
    re.IGNORECASE,
)
AT_FIELD = re.compile(r'class="field-error"[^>]*id="([\w-]+)-error"[^>]*>(.*?)</p>', re.DOTALL)
OF_FORM = re.compile(r'class="error-summary".*?<ul>(.*?)</ul>', re.DOTALL)
NOTICE = re.compile(r'class="notice notice-bad".*?<p>(.*?)</p>', re.DOTALL)
COMMAND = re.compile(r"Chạy: portal [\w-]+$")  # ends without a stop, to be copied
TAG = re.compile(r"<[^>]+>")


def unpleasant(sentence: str) -> str:
    """Why a sentence is none of ours: foreign words, no Vietnamese letter, no end, a shout; "" when it is fine.

    What stands in quotation marks is the person's own word.
    """
    ours = re.sub("“[^”]*”", "“”", sentence)
    if foreign := FOREIGN.search(ours):
        return f"foreign word {foreign[0]!r}: {sentence}"
    if not LETTERS.search(ours):
        return f"not Vietnamese: {sentence}"
    if re.search(r"(?<!#REF)!(\s|$)", ours):
        return f"shouts: {sentence}"
    if not ours.rstrip("”").endswith((".", ":", "…", "?")) and not COMMAND.search(ours):
        return f"no whole sentence: {sentence}"
    return ""


def errors_at(html: str) -> dict[str, str]:
    """Sentences by the id of their field; those of no field under ""."""
    found = {name: _plain(text) for name, text in AT_FIELD.findall(html)}
    summary = OF_FORM.search(html)
    loose = [] if summary is None else re.findall(r"<li>(?!<a)(.*?)</li>", summary[1], re.DOTALL)
    loose += NOTICE.findall(html)
    if loose:
        found[""] = " ".join(_plain(text) for text in loose)
    return found


def _plain(html: str) -> str:
    return " ".join(unescape(TAG.sub(" ", html)).split())


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.values[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.values[self._select] = value
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.values[self._area] = self.values[self._area].strip("\r\n").replace("\r\n", "\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data


def typed_in(html: str) -> dict[str, str]:
    """What stands in the fields of a page, by name."""
    reader = _Fields()
    reader.feed(html)
    return reader.values
