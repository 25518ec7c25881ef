"""What every page must keep: reachable for everybody (axe), no sideways scrolling, light, quiet."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
SERIOUS = ("serious", "critical")
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const out = [...document.querySelectorAll("body *")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && box.right > wide + 1 && !e.closest(".table-scroll, .visually-hidden");
  });
  const right = e => Math.round(e.getBoundingClientRect().right);
  return out.slice(0, 5).map(e => `${e.tagName}.${e.className} → ${right(e)}`)
    .concat([`page ${document.documentElement.scrollWidth} > ${wide}`]);
}"""

DOUBLED = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""


class Scales:
    """Bytes that come over the wire while they are put up (`with`)."""

    def __init__(self, page: Page):
        self.sizes: dict[str, int] = {}
        self.session = page.context.new_cdp_session(page)
        self._names: dict[str, str] = {}
        self.session.on("Network.responseReceived", self._begin)
        self.session.on("Network.loadingFinished", self._end)
        self.session.send("Network.enable")
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def __enter__(self) -> Scales:
        return self

    def __exit__(self, *_: object) -> None:
        """Take them down: a window that is kept would tell all scales of its past of each file."""
        self.session.detach()

    def _begin(self, event: dict) -> None:
        self._names[event["requestId"]] = event["response"]["url"]

    def _end(self, event: dict) -> None:
        name = self._names.get(event["requestId"], "?")
        self.sizes[name] = self.sizes.get(name, 0) + int(event["encodedDataLength"])

    @property
    def kilobytes(self) -> float:
        """The whole page with its files."""
        return sum(self.sizes.values()) / 1000

    def heaviest(self) -> str:
        """The five largest parts, for a message."""
        rows = sorted(self.sizes.items(), key=lambda row: -row[1])[:5]
        return ", ".join(f"{name.rsplit('/', 1)[-1] or '/'} {size}" for name, size in rows)


def barriers(page: Page) -> list[str]:
    """Serious and critical findings of axe, each with its first element."""
    page.wait_for_load_state()
    found = AXE.run(page).response["violations"]
    return [
        f"{item['id']} ({item['impact']}): {item['nodes'][0]['html'][:160]} ×{len(item['nodes'])}"
        for item in found
        if item["impact"] in SERIOUS
    ]


def doubled_ids(page: Page) -> list[str]:
    """Ids that stand twice: a label or link with such an id finds the wrong one."""
    return page.evaluate(DOUBLED)


def overflow(page: Page, size: tuple[int, int]) -> list[str]:
    """What stands out to the right in a window of this size; empty when nothing scrolls sideways."""
    page.wait_for_load_state()  # fields can be filled in while the page's stylesheets are on their way
    page.set_viewport_size({"width": size[0], "height": size[1]})
    return page.evaluate(OVERFLOW)
