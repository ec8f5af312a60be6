"""Tables on a terminal show what others wrote as it stands, and obey none of it."""

import pytest
from rich.console import Console

from findings import report


def test_brackets_stay_and_control_signs_go(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr(report, "Console", lambda: Console(width=200, force_terminal=True, color_system=None))
    report.print_table(("what", "count"), [("Benzo[a]pyrene [/b] \x1b[2Jgone\x07", 1234)])
    shown = capsys.readouterr().out
    assert "Benzo[a]pyrene [/b]" in shown
    assert "1,234" in shown
    assert "\x1b[2J" not in shown
    assert "\x07" not in shown


@pytest.mark.parametrize(
    ("terminal", "shown"),
    [(True, " ]0;owned  [2J\n<p>é</p>\n"), (False, "\x1b]0;owned\x07\x1b[2J\n<p>é</p>")],
)
def test_what_a_source_sent_commands_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsysbinary, terminal: bool, shown: str
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    report.print_source("\x1b]0;owned\x07\x1b[2J\n<p>é</p>".encode())
    assert capsysbinary.readouterr().out.decode() == shown
