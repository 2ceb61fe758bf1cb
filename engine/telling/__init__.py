"""Telling: our sentences as a reader knows them, in their language, with days and amounts in their locale.

Pure. Sentences are written and kept in English, in one canonical form: two decisions can be compared, and an old one
can still be read in another language. In which language and locale somebody reads, the one who shows it knows.
"""

from engine.telling.calculations import calculated
from engine.telling.catalogue import LANGUAGES, PAPERS, Catalogue, catalogue
from engine.telling.locale import localised

__all__ = ["LANGUAGES", "PAPERS", "Catalogue", "calculated", "catalogue", "localised", "told"]


def told(sentence: str, language: str, locale: str) -> str:
    """A sentence of ours in that language, its days and amounts as that locale writes them.

    One that the catalogue does not have stays English: readable beats missing.
    """
    return localised(catalogue(language).sentence(sentence), locale)
