"""While rooms are built: the application with the parts that are there. Goes away when they all are."""

import warnings
from importlib import import_module, util

from flask import Flask

from portal import features
from portal.config import Config


def _there(name):
    try:
        return util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def create_app(config: Config) -> Flask:
    app = Flask("portal", instance_path=str(config.instance))
    app.config["PORTAL"] = config
    for name, register in (
        ("portal.kit.database", "register_database"),
        ("portal.kit.audit", "register_audit"),
        ("portal.kit.security", "register_security"),
        ("portal.people.access", "register_people"),
        ("portal.kit.web", "register_web"),
        ("portal.kit.ui", "register_ui"),
        ("portal.frame", "register_frame"),
    ):
        if _there(name):
            call = getattr(import_module(name), register, None)
            if call:
                call() if register == "register_audit" else call(app)
    for room in features.ROOMS:
        if _there(f"portal.{room}.views"):
            try:
                app.register_blueprint(import_module(f"portal.{room}.views").bp)
            except (ImportError, AttributeError) as half_written:
                warnings.warn(f"{room}: {half_written}", stacklevel=1)
    if _there("portal.errors"):
        import_module("portal.errors").register_errors(app)
    import_module("portal.models")
    if not hasattr(app, "login_manager"):
        _sign_in_by_session(app)
    app.secret_key = config.secret_key
    return app


def _sign_in_by_session(app):
    from flask_login import LoginManager

    from portal.kit.access import register_gate
    from portal.kit.db import db
    from portal.people.models import User

    manager = LoginManager(app)
    manager.user_loader(lambda key: db.session.get(User, int(key.split(":")[0])))
    register_gate(app, on_sign_in_needed=lambda: ("", 401))
