"""The portal of the fund "Vì người nghèo": `create_app` reads as its table of contents."""

from __future__ import annotations

from flask import Flask

from portal.config import Config


def create_app(config: Config | None = None) -> Flask:
    """Build the application from `config` (default: the environment). Touches no table."""
    from portal import errors, features, frame
    from portal.kit import audit, database, security, storage, ui, web
    from portal.people import access

    config = config or Config.from_environment()
    app = Flask(__name__, instance_path=str(config.instance))
    app.config["PORTAL"] = config

    database.register_database(app)
    storage.register_storage(app)
    audit.register_audit()
    security.register_security(app)
    access.register_people(app)
    web.register_web(app)
    ui.register_ui(app)
    frame.register_frame(app)
    features.register_features(app)
    errors.register_errors(app)
    return app
