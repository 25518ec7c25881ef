"""The verbs of the command line: every module here brings a list `COMMANDS` of click commands."""
