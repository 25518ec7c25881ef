"""Every refusal and failure as a page: what happened, what to do next, never the text of an exception."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response
from flask.globals import request_ctx
from flask_limiter import RateLimitExceeded
from htmx_flask import request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from portal.kit import resume
from portal.kit.db import db, set_writing
from portal.kit.errors import Busy, Refused
from portal.kit.locks import BUSY_TEXT

RETRY_SECONDS = 5
KEPT_HEADERS = ("Allow", "Retry-After")

# status → (title, what to do)
PAGES = {
    400: (
        "Yêu cầu chưa đúng",
        "Máy chủ không hiểu yêu cầu này. Quay lại trang trước, tải lại rồi gửi lần nữa.",
    ),
    401: ("Cần đăng nhập", "Phiên làm việc đã hết hoặc chưa đăng nhập. Đăng nhập rồi mở lại trang này."),
    403: (
        "Không có quyền",
        "Vai trò hiện có chưa cho làm việc này. Nhờ người quản trị của đơn vị thêm vai trò, rồi thử lại.",
    ),
    404: (
        "Không tìm thấy trang",
        "Địa chỉ này không có, hoặc đã đổi. Kiểm tra lại địa chỉ, hoặc về trang đầu.",
    ),
    405: ("Không mở được như thế này", "Trang này chỉ nhận biểu mẫu gửi lên. Về trang đầu rồi mở lại từ đó."),
    413: ("Tệp quá nặng", "Nội dung gửi lên nặng quá 25 MB nên chưa nhận. Chia nhỏ tệp rồi gửi từng phần."),
    415: ("Tệp không đúng loại", "Nơi này không nhận loại tệp vừa gửi. Chọn tệp XLSX hoặc CSV rồi gửi lại."),
    422: ("Chưa ghi được", "Nội dung gửi lên còn chỗ chưa đúng. Quay lại trang trước để sửa rồi gửi lại."),
    429: ("Quá nhiều lần", "Nơi này đã gửi quá nhiều yêu cầu. Chờ vài phút rồi thử lại."),
    500: (
        "Máy chủ gặp lỗi",
        "Việc vừa làm chưa được ghi. Thử lại; nếu vẫn thế, báo người quản trị kèm giờ và việc đang làm.",
    ),
    503: ("Máy chủ đang bận", BUSY_TEXT),
}


def register_errors(app: Flask) -> None:
    """One answer for each kind of failure. Stale forms are answered by people.access."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(OperationalError, _database_error)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()  # type: ignore[return-value]
    text = None
    if isinstance(error, RateLimitExceeded) and isinstance(error.limit.error_message, str):
        text = error.limit.error_message
    response = answer(status, text)
    for name, value in error.get_headers():
        if name in KEPT_HEADERS:
            response.headers[name] = value
    return response


def _refused(refused: Refused) -> Response:
    """A rule said no outside a form (a download, a button): its sentence on a page of its own."""
    return answer(422, refused.text)


def _busy(busy: Busy) -> Response:
    """The books are taken: what was typed waits on a page with one button."""
    response = answer(503, busy.text, keep=request.method == "POST")
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _database_error(error: OperationalError) -> Response:
    """Waited too long for a lock: busy. Everything else is a failure of ours."""
    if _is_lock_timeout(error):
        return _busy(Busy(BUSY_TEXT))
    if current_app.testing:
        raise error
    current_app.logger.error("database error", exc_info=error)
    return _http_error(InternalServerError(original_exception=error))


def _is_lock_timeout(error: OperationalError) -> bool:
    state = getattr(error.orig, "sqlstate", None)  # PostgreSQL: lock_not_available, deadlock_detected
    return state in ("55P03", "40P01") or getattr(error.orig, "sqlite_errorname", None) == "SQLITE_BUSY"


def answer(status: int, text: str | None = None, *, keep: bool = False) -> Response:
    """The answer of a status: JSON for .json addresses, else a page, or its content for htmx.

    `text` replaces the usual sentence. With `keep` the page carries what was typed, to be sent again.
    """
    db.session.rollback()
    set_writing(False)
    title, usual = PAGES.get(status, PAGES[500 if status >= 500 else 400])
    if request.path.endswith(".json"):
        return make_response(jsonify(error=text or usual), status)
    values: dict[str, Any] = {"title": title, "text": text or usual, "status": status}
    values["typed"] = resume.typed_now() if keep else None
    if status >= 500:
        values["site"] = None  # the database may be what failed
    if request_ctx.url_adapter is None:  # a foreign Host: addresses cannot be built
        return make_response(
            f"{title}. {text or usual}", status, {"Content-Type": "text/plain; charset=utf-8"}
        )
    return resume.answer("errors/page.html", **values)
