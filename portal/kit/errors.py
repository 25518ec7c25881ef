"""The one domain error. Its text is Vietnamese, meant for the person at the screen, and says what to do next."""


class Refused(Exception):
    """A rule of the fund says no. `field` names the form field or column the sentence belongs to, if any."""

    def __init__(self, text: str, field: str | None = None):
        super().__init__(text)
        self.text = text
        self.field = field


class Busy(Refused):
    """The books are being written by somebody else for longer than a person should wait (answered with 503)."""
