"""The language of a text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.attribution import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We would like to invite you to our institute for a talk.", "en"),
        ("Wir möchten Sie gern für die Professur gewinnen und laden Sie ein.", "de"),
        ("Nous serions heureux de vous accueillir dans notre laboratoire.", "fr"),
        ("Le ofrecemos un puesto en nuestro instituto y el alojamiento.", "es"),
        ("Wij willen u graag uitnodigen voor een gesprek over de functie.", "nl"),
        ("La invitiamo a tenere un corso nella nostra università, con alloggio.", "it"),
        ("Gostaríamos de convidar você para uma visita ao nosso laboratório.", "pt"),
        ("박사님을 저희 연구소의 자문위원으로 모시고자 합니다.", "ko"),
        ("박사님의 Nano Letters 논문 (Vol. 25)을 읽고 연락드립니다. Best regards", "ko"),
        ("先生を当研究所の顧問としてお迎えしたく存じます。", "ja"),
        ("诚邀您加入我们学院,待遇优厚。", "zh-Hans"),
        ("誠摯邀請您加入本校團隊,待遇從優。", "zh-Hant"),
        ("Приглашаем Вас на должность профессора.", "ru"),
        ("ندعوكم للانضمام إلى جامعتنا", "ar"),
        ("", ""),
        ("12345 --- 678", ""),
        ("ok", ""),
    ],
)
def test_language(text, language):
    assert language_of(text) == language


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=300))
def test_total(text):
    assert isinstance(language_of(text), str)
