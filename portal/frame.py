"""What stands around every page: who answers for it (`site`) and the way to the modules (`navigation`).

Both are read when a template first asks for them, once a request: three statements for `site`, none for
`navigation` (the person's roles come with the session).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.local import LocalProxy

from portal.config import Config
from portal.kit.access import PUBLIC, SIGNED_IN, mark_of
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.ledger.models import BankAccount
from portal.units.models import Unit
from portal.units.queries import UnitTexts, top_unit, unit_texts

FUND_NAME = "Quỹ “Vì người nghèo”"
SAMPLE_MARK = "SAMPLE"  # this file in the instance folder says that all data is invented
SEARCHED = "donations.index"  # the list that the top bar searches
START = "/quan-ly/"

MODULES = (
    ("Việc của tôi", (("ledger.start", "Việc của tôi"),)),
    (
        "Tiếp nhận",
        (
            ("donations.index", "Khoản ủng hộ"),
            ("batches.index", "Đợt nhập"),
            ("pledges.index", "Đăng ký ủng hộ"),
            ("donors.index", "Nhà hảo tâm"),
            ("receipts.index", "Biên lai"),
            ("campaigns.index", "Đợt vận động"),
        ),
    ),
    (
        "Tiền, hàng",
        (
            ("cash.index", "Tiền đang giữ"),
            ("cash.slips", "Giao nhận"),
            ("cash.deposits", "Nộp ngân hàng"),
            ("cash.counts", "Kiểm quỹ"),
            ("goods.index", "Tồn kho"),
            ("goods.documents", "Phiếu kho"),
            ("goods.items", "Danh mục hàng"),
            ("goods.stores", "Các kho"),
        ),
    ),
    (
        "Chi hỗ trợ",
        (
            ("spending.vouchers", "Phiếu chi"),
            ("spending.decisions", "Văn bản, quyết định"),
            ("advances.index", "Tạm ứng"),
            ("advances.put_aside", "Tiền giữ hộ"),
            ("allocations.index", "Phân bổ"),
            ("spending.other_entries", "Thu, chi khác"),
            ("spending.budget", "Dự toán"),
        ),
    ),
    (
        "Hộ dân",
        (
            ("households.index", "Danh sách hộ"),
            ("cases.index", "Trường hợp cần giúp"),
            ("cases.visits", "Thăm lại"),
            ("housing.index", "Nhà ở"),
            ("housing.past", "Nhà trước đây"),
            ("households.proposals", "Đề nghị sửa"),
            ("households.twins", "Có thể trùng"),
            ("households.review", "Rà soát"),
            ("households.watch", "Theo dõi tái nghèo"),
            ("files.index", "Ảnh"),
            ("households.accesses", "Nhật ký xem"),
        ),
    ),
    (
        "Trao quà",
        (
            ("distributions.index", "Danh sách trao quà"),
            ("distributions.absent", "Hộ vắng mặt"),
            ("distributions.coverage", "Độ phủ"),
            ("distributions.norms", "Mức hỗ trợ"),
        ),
    ),
    (
        "Thi đua",
        (
            ("emulation.movements", "Phong trào"),
            ("emulation.good_models", "Mô hình hay"),
            ("emulation.rewards", "Khen thưởng"),
            ("emulation.nominations", "Đề nghị khen"),
            ("emulation.councils", "Họp hội đồng"),
            ("emulation.reward_decisions", "Quyết định khen"),
            ("emulation.reward_rules", "Quy tắc khen"),
        ),
    ),
    (
        "Sao kê",
        (
            ("statements.match_desk", "Đối chiếu"),
            ("statements.index", "Bản sao kê"),
            ("statements.calendar_page", "Lịch sao kê"),
            ("statements.open_both", "Chưa khớp"),
            ("statements.rules", "Quy tắc"),
            ("statements.mappings", "Cách đọc cột"),
        ),
    ),
    (
        "Sổ, báo cáo",
        (
            ("bulletins.index", "Bản tin"),
            ("ledger.journal", "Nhật ký"),
            ("books.cash", "Sổ quỹ tiền mặt"),
            ("books.bank", "Sổ tiền gửi"),
            ("books.detail", "Sổ chi tiết"),
            ("ledger.reversals", "Đảo bút toán"),
            ("ledger.closing", "Khóa sổ"),
        ),
    ),
    (
        "Quản trị",
        (
            ("imports.index", "Nhập bảng"),
            ("people.users", "Người dùng"),
            ("donors.kinds", "Loại nhà hảo tâm"),
            ("receipts.purposes", "Mục đích tài trợ"),
            ("spending.purposes", "Mục đích chi"),
            ("households.catalogue", "Danh mục hộ"),
            ("cases.fields", "Lĩnh vực hỗ trợ"),
            ("housing.catalogue", "Danh mục nhà ở"),
            ("emulation.reward_forms", "Hình thức khen"),
            ("goods.captions", "Mẫu số chứng từ"),
            ("ledger.banks", "Ngân hàng"),
        ),
    ),
)


@dataclass(frozen=True)
class Site:
    """Who answers for the portal, as the frames of the pages print it."""

    unit_name: str = ""
    fund_name: str = FUND_NAME
    owner_name: str = "Mặt trận Tổ quốc Việt Nam"
    address: str = ""
    phone: str = ""
    account: BankAccount | None = None
    is_sample: bool = False
    unit: Unit | None = None
    texts: UnitTexts | None = None


@dataclass(frozen=True)
class Place:
    """A page in the navigation, or a module with its `pages` (none when it is one page)."""

    label: str
    url: str
    current: bool
    pages: Sequence[Place] = ()


def register_frame(app: Flask) -> None:
    """Give `site` and `navigation` to every template."""
    proxies = {
        "site": LocalProxy(present_site),
        "navigation": LocalProxy(_navigation),
        "search_url": LocalProxy(_search_url),
    }

    @app.context_processor
    def frame() -> dict[str, Any]:
        return proxies


def present_site() -> Site:
    """The portal's unit and texts, read once a request."""
    if "site" not in g:
        g.site = _read_site()
    return g.site


def _read_site() -> Site:
    config: Config = current_app.config["PORTAL"]
    sample = is_sample(config.instance)
    unit = top_unit()
    if unit is None:
        return Site(is_sample=sample)
    texts = unit_texts(unit, today_in_vietnam())
    published = select(BankAccount).where(BankAccount.unit_id == unit.id, BankAccount.published)
    return Site(
        unit_name=unit.name,
        owner_name=texts.owner_name,
        address=texts.address,
        phone=texts.phone,
        account=db.session.scalar(published.order_by(BankAccount.id).limit(1)),
        is_sample=sample,
        unit=unit,
        texts=texts,
    )


def shows_sample() -> bool:
    """Whether the present portal holds invented data only."""
    return is_sample(current_app.config["PORTAL"].instance)


def is_sample(instance: Path) -> bool:
    """Whether this installation holds invented data only."""
    return (instance / SAMPLE_MARK).exists()


def _navigation() -> list[Place]:
    if "navigation" not in g:
        g.navigation = _read_navigation() if current_user.is_authenticated else []
    return g.navigation


def _search_url() -> str:
    """Where the search field of the top bar asks; "" hides it from those who may not see gifts."""
    found = current_user.is_authenticated and _opens(SEARCHED, _roles())
    return url_for(SEARCHED) if found else ""


def _roles() -> set[str]:
    return {grant.role for grant in current_user.grants} | {SIGNED_IN, PUBLIC}


def _read_navigation() -> list[Place]:
    """The modules that exist and that one of the person's roles opens."""
    roles = _roles()
    open_pages = [
        (module, [(url_for(name), label) for name, label in pages if _opens(name, roles)])
        for module, pages in MODULES
    ]
    urls = [url for _, pages in open_pages for url, _ in pages]
    here = max((url for url in urls if _lies_under(url)), key=len, default="")
    return [
        Place(
            module,
            pages[0][0],
            any(url == here for url, _ in pages),
            [Place(label, url, url == here) for url, label in pages] if len(pages) > 1 else (),
        )
        for module, pages in open_pages
        if pages
    ]


def _lies_under(url: str) -> bool:
    """The work list is itself only; every other address stands for all below it."""
    return request.path == url or (url != START and request.path.startswith(url))


def _opens(endpoint: str, roles: set[str]) -> bool:
    if endpoint not in current_app.view_functions:
        return False
    mark = mark_of(current_app, endpoint)  # type: ignore[arg-type]
    return mark is not None and bool(roles & set(mark.roles))
