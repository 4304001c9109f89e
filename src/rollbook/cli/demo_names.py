"""The people of the demo beyond its first call: names from many countries, the same ones in every demo."""

import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Final

FIRST_NAMES: Final = (
    *("Aaliyah", "Adebayo", "Aiko", "Alejandro", "Amélie", "Anders", "Aniket", "Anouk", "Aroha", "Beatriz", "Björn", "Chiara"),
    *("Dmitri", "Elif", "Emeka", "Esperança", "Fatima", "Finn", "Gabriela", "Hana", "Hyun-woo", "Ingrid", "Ioana", "Jamal"),
    *("Jelena", "Kofi", "Leilani", "Linh", "Mateo", "Mehmet", "Nadia", "Nikhil", "Oluchi", "Priya", "Quentin", "Renée"),
    *("Siobhán", "Tadeusz", "Thandiwe", "Valentina", "Wei", "Yusuf", "Zainab"),
)
LAST_NAMES: Final = (
    *("Abebe", "Almeida", "Andersson", "Bauer", "Bianchi", "Castillo", "Çelik", "Chukwu", "D'Angelo", "Delacroix", "Díaz", "Eriksen"),
    *("Farouk", "Fernández", "García López", "Gruber", "Hakimi", "Horvat", "Ibrahim", "Ito", "Jansen", "Kaplan", "Kim", "Kowalczyk"),
    *("Kumar", "Lehtonen", "Mbeki", "Moreau", "Müller", "Nakamura", "Nguyen", "Nwosu", "O'Brien", "Oliveira", "Park", "Popescu"),
    *("Quispe", "Reddy", "Šimek", "Takahashi", "Tremblay", "Vaz", "van Dijk", "Wójcik", "Yamamoto", "Yavuz", "Zhang"),
)
"""As many as have no divisor in common with the first names, so that no two of the first two thousand people are called the same."""


def name_people(count: int) -> Iterator[str]:
    """Give the names of so many people, no two the same."""
    names = (f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[number % len(LAST_NAMES)]}" for number in range(2_000))
    return islice(names, count)


def email_name(name: str) -> str:
    """Give how the e-mail address of somebody begins: ``Amélie van Dijk`` becomes ``amelie.vandijk``."""
    first_name, _, last_name = name.partition(" ")
    return ".".join(map(_plain, (first_name, last_name)))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isascii() and character.isalnum())
