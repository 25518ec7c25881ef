"""For WSGI servers: `wsgi:app`. `python wsgi.py` is `portal run`."""

from portal import create_app

app = create_app()

if __name__ == "__main__":
    from portal.cli import main

    main(["run"], obj=app, prog_name="portal")
