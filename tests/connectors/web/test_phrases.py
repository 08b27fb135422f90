import pytest

from lykta.connectors.web.phrases import LANGUAGES, asks_login, language_of, says_gone

TEXTS = {
    "en": "This is the page for you and for all of the others that are not here",
    "sv": "Det är en sida som inte är till för dig och att jag är här",
    "nb": "Det er en side som ikke er til deg og jeg er her av og til på det",
    "da": "Det er en side som ikke er til dig og jeg er her af og til at det",
    "fi": "Tämä on sivu joka ei ole täällä ja se on että hän oli",
    "de": "Das ist die Seite und der Text ist nicht mit den anderen auf ein Blatt",
    "nl": "De pagina van het boek is een van de en dat is niet voor ons",
    "fr": "Le texte est dans la page et les mots ne sont pas sur une autre",
    "es": "El texto que no es para los otros y las palabras por una página del libro",
    "pt": "O texto que não é para os outros com uma página do livro em português",
    "it": "Il testo che non è per gli altri e una pagina della casa sono con la",
    "pl": "To jest strona i nie ma jej na liście, że się z to do",
    "cs": "To je stránka, která není na seznamu, ale jsem to že se nebo jako",
    "ro": "Este pagina care nu este în listă și nu este pentru din pe sau cu",
    "hu": "Ez az oldal nem egy olyan, hogy csak meg van és az is",
    "tr": "Bu bir sayfa ve bu çok daha değil gibi için ne var",
    "vi": "Đây là trang của những người không có và được cho một trong này",
    "id": "Ini adalah halaman yang tidak untuk dan dari pada itu dengan",
    "fil": "Ang mga pahina ng aklat ay hindi para sa iyo kung ito ko",
    "ru": "Это страница и на ней не то, что для вас, но как по и",
    "uk": "Це сторінка і на ній не те, що для вас, але як це є та",
    "el": "Αυτό είναι το κείμενο που δεν είναι για να και της από με",
    "ar": "هذا النص من الصفحة التي لا على هذه ما في",
    "fa": "این صفحه را که برای آن است از و به با",
    "th": "หน้านี้เป็นของทุกคน",
    "km": "ទំព័រនេះសម្រាប់អ្នក",
    "my": "ဒီစာမျက်နှာသည် သင့်အတွက်ဖြစ်သည်",
    "ja": "このページはみんなのものです",
    "zh": "这个页面属于所有的人",
    "ko": "이 페이지는 모두의 것입니다",
}


def test_every_language_has_a_text_here() -> None:
    assert {language["code"] for language in LANGUAGES} == set(TEXTS)
    assert len(TEXTS) >= 15


@pytest.mark.parametrize("code", TEXTS)
def test_a_language_is_known_by_its_words(code: str) -> None:
    assert language_of("", TEXTS[code]) == code


@pytest.mark.parametrize("code", TEXTS)
def test_an_ordinary_text_says_neither_that_it_is_gone_nor_that_one_must_log_in(code: str) -> None:
    assert not says_gone(TEXTS[code].lower())
    assert not asks_login(TEXTS[code].lower())


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: str(language["code"]))
def test_every_phrase_is_found_inside_a_text(language: dict[str, list[str]]) -> None:
    for phrase in language["gone"]:
        assert says_gone(f"– {phrase}!"), phrase
        assert phrase == phrase.lower()
    for phrase in language["login"]:
        assert asks_login(f"– {phrase}!"), phrase
        assert phrase == phrase.lower()


@pytest.mark.parametrize(
    ("named", "code"),
    [("sv", "sv"), ("sv-SE", "sv"), ("zh_Hant-TW", "zh"), ("FIL", "fil"), ("swedish", ""), ("", ""), ("x" * 500, "")],
)
def test_a_named_language_is_taken_at_its_word_if_it_is_a_code(named: str, code: str) -> None:
    assert language_of(named, "") == code


@pytest.mark.parametrize("text", ["", "and", "lorem ipsum dolor sit amet", "og det som ikke til er jeg med et"])
def test_a_text_that_could_be_several_languages_or_none_is_not_guessed(text: str) -> None:
    assert language_of("", text) == ""
