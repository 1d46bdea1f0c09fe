import pytest

from local import console


def test_no_colours_where_nobody_sees_them(capsys: pytest.CaptureFixture[str]) -> None:
    console.line("a picture", "green")
    console.heading("Ready")
    assert "\033" not in capsys.readouterr().out


def test_colours_on_a_terminal_unless_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert console.styled("x", "red") == "\033[31mx\033[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert console.styled("x", "red") == "x"


def test_lines_fit_the_window_and_values_stay_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    console.line("words " * 30)
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 40
    address = "http://127.0.0.1:12345/" + "x" * 60
    console.pairs([("URL", address), ("a name", "b")])
    assert address in capsys.readouterr().out


def test_what_has_lines_of_its_own_keeps_them() -> None:
    assert console.fold("a\nb") == "  a\n  b"
