"""Between the portal and the world: session cookie, CSRF, sizes, hosts, proxies, limits of attempts."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.config import BadSetting, Config

IDLE_LIMIT = timedelta(hours=8)
MAX_UPLOAD = 25_000_000  # bytes of one request; a file field takes 20 MB
MAX_TYPED = 2_000_000  # bytes of the fields of one form (a ceremony's grid is long)

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)


class PortalSessions(SecureCookieSessionInterface):
    """Signed cookies; Secure whenever the request came over https; renewed by pages that ask who is there."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Behind https (also of a trusted proxy) the cookie never travels in the clear."""
        return request.is_secure

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Public pages and static files leave the cookie alone, so that they can be kept by caches."""
        return session.modified or (session.permanent and session.accessed)


def register_security(app: Flask) -> None:
    """Settings of Flask, CSRF for every unsafe request, the limiter, and the proxies in front."""
    config: Config = app.config["PORTAL"]
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="phien",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE_LIMIT,
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=MAX_TYPED,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        RATELIMIT_STORAGE_URI=_counter_storage(config),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=config.redis_url is not None,
    )
    app.session_interface = PortalSessions()
    if config.trusted_hosts:
        app.config["TRUSTED_HOSTS"] = [host.strip() for host in config.trusted_hosts]
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    csrf.init_app(app)
    limiter.init_app(app)


def _counter_storage(config: Config) -> str:
    if config.redis_url is None:
        return "memory://"
    if find_spec("redis") is None:
        raise BadSetting(
            "REDIS_URL cần gói redis của Python. Cài gói đó, hoặc bỏ REDIS_URL rồi khởi động lại."
        )
    return config.redis_url


def account_key(typed: str | None) -> str:
    """The key under which attempts on one account are counted; the address itself is not kept."""
    return "account:" + hashlib.sha256((typed or "").strip().lower().encode()).hexdigest()


def is_local(path: str | None) -> bool:
    """Whether an address to go to next lies in this portal: a path, and nothing a browser reads as a host."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")):
        return False
    if "\\" in path or any(ord(char) < 32 for char in path):
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc


def is_cross_site() -> bool:
    """Whether another site's page sent this request (its fields must not be kept for a person to send on)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin: Any = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host
