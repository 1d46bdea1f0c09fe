"""All spellings of one mailbox have one form, and no other mailbox has it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.people.address import mailbox

# Letters that no normalization folds away.
NAMES = st.text("abcdefgh0123456789", min_size=1, max_size=12)
DOMAINS = st.sampled_from(["gmail.com", "namo.test", "proton.me", "b\u00fccher.example", "xn--bcher-kva.example"])


@given(NAMES, DOMAINS, st.text("abc.+1", max_size=6), st.booleans())
def test_spellings_of_one_mailbox_are_one(name: str, domain: str, tag: str, upper: bool) -> None:
    plain = mailbox(f"{name}@{domain}")
    spelt = f" {name}+{tag}@{domain}. "
    assert mailbox(spelt.upper() if upper else spelt) == plain
    assert mailbox(plain) == plain
    if domain == "gmail.com":
        assert mailbox(f"{'.'.join(name)}@googlemail.com") == plain


@given(NAMES, NAMES, st.sampled_from(["namo.test", "gmail.com"]))
def test_different_names_are_different_mailboxes(one: str, other: str, domain: str) -> None:
    assert (mailbox(f"{one}@{domain}") == mailbox(f"{other}@{domain}")) == (one == other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a.b@namo.test", "ab@namo.test", False),
        ("a-b_c@pm.me", "abc@protonmail.com", True),
        ("ada@me.com", "ada@icloud.com", True),
        ("a-da@ya.ru", "a.da@yandex.com", True),
        ("a.da@yandex.ru", "ada@yandex.ru", False),
        ("ada@b\u00fccher.example", "ada@xn--bcher-kva.example", True),
        ('"ada"@namo.test', "ada@namo.test", True),
        ("+@namo.test", "+a@namo.test", False),
        ("ada@gmail\u3002com", "a.da@gmail.com", True),
        ("a(x)da@namo.test", "ada@namo.test", True),
        ("(a@b)ada(c(d)e)@(f)gmail.com(g@h)", "ada@gmail.com", True),
        (r"a(x\(y)da@namo.test", "ada@namo.test", True),
        (r"a(\))da@namo.test", "ada@namo.test", True),
        ('a(")da@namo.test', "ada@namo.test", True),
        ("ada@namo.test(", "ada@namo.test", True),
        ("\uff08x\uff09ada@namo.test", "ada@namo.test", True),
        (r'"a\d\a"@namo.test', "ada@namo.test", True),
        ('"a d\ta"@namo.test', "ada@namo.test", True),
        ('"ada"+x@namo.test', "ada@namo.test", True),
        ('"ada+x"@namo.test', "ada@namo.test", True),
        ('"a@b"@namo.test', "b@namo.test", False),
        ("ada(@namo.test", "ada@other.test", False),
        ("ADA@NAMO.TEST..", "ada@namo.test", True),
        ("ada\uff20namo\uff0etest", "ada@namo.test", True),
        ("ada\uff0bx@namo.test", "ada@namo.test", True),
        ("ada@XN--BCHER-KVA.example", "ada@B\u00dcCHER.example", True),
        ("ada@b(u)u\u0308cher.example", "ada@xn--bcher-kva.example", True),
        ("ada@xn--strae-oqa.example", "ada@stra\u00dfe.example", True),
        ("ada@fa\u00df.example", "ada@fass.example", True),
        ("ada@xn--.example", "ada@example", False),
        ("ada@xn--99999999.example", "ada@example", False),
        ("a\u0301da@namo.test", "\u00c1da@namo.test", True),
        ("ada\0@namo.test", "ada@namo.test", True),
    ],
)
def test_what_is_one_mailbox(one: str, other: str, same: bool) -> None:
    assert (mailbox(one) == mailbox(other)) == same


# Unicode's Default_Ignorable_Code_Point.
IGNORABLE = [
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
    *(*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)),
    *(*range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B)),
    *range(0xE0000, 0xE1000),
]


def test_what_is_drawn_as_nothing_makes_no_other_mailbox() -> None:
    plain = mailbox("ada@namo.test")
    assert [hex(each) for each in IGNORABLE if mailbox(f"a{chr(each)}da@na{chr(each)}mo.test") != plain] == []


@given(st.text(max_size=40) | st.text('a.@+"\\()\u3002\uff08\u0308\u00df-xn', max_size=24))
@example("ada@xn--a-0f-0f.test")
@example("\u00af@")
@example('" a"@namo.test')
@example('a"+b@namo.test')
@example("a@b .")
@example("O\u00a8\x80")
@example("o.\u0308@gmail.com")
def test_whatever_is_given_has_a_form_of_its_own(text: str) -> None:
    assert mailbox(mailbox(text)) == mailbox(text)
