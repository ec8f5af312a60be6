"""Licences as sources state them; nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import load_table
from domain.licence import to_licence


@pytest.mark.parametrize(
    ("statement", "code", "version"),
    [
        ("cc by", "cc-by", None),
        ("CC-BY-NC-ND", "cc-by-nc-nd", None),
        ("cc0", "cc0", None),
        ("cc_by_nc_nd", "cc-by-nc-nd", None),
        ("cc_by_nc", "cc-by-nc", None),
        ("cc0_ng", "cc0", None),
        ("cc_no", "other", None),
        ("CC BY 4.0", "cc-by", "4.0"),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/igo/", "cc-by-nc-sa", "3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0", "1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "public-domain", "1.0"),
        (
            "This is an open access article under the Creative Commons Attribution-NonCommercial-NoDerivs "
            "License, which permits use and distribution.",
            "cc-by-nc-nd",
            None,
        ),
        ("Distributed under the Creative Commons Attribution License", "cc-by", None),
        ("Licencia Creative Commons Atribución-NoComercial-SinDerivadas 4.0", "cc-by-nc-nd", "4.0"),
        ("Creative Commons Namensnennung - Nicht kommerziell", "cc-by-nc", None),
        ("Creative Commons Attribution-NonCommercial License", "cc-by-nc", None),
        ("Creative Commons Attribution-ShareAlike", "cc-by-sa", None),
        ("Creative Commons Attribution\u2010NonCommercial\u2010NoDerivs License", "cc-by-nc-nd", None),
        ("Creative Commons Attribution, NonCommercial, NoDerivs", "cc-by-nc-nd", None),
        ("Creative Commons Attribution 4.0 Non-Commercial No-Derivatives", "cc-by-nc-nd", "4.0"),
        ("CC BY\u2010NC\u2010ND 4.0", "cc-by-nc-nd", "4.0"),
        ("CC BY\u2013ND", "cc-by-nd", None),
        ("CC BY 4.0 for the text; figures CC BY-NC-ND", "cc-by-nc-nd", "4.0"),
        ("CC0 for the data; the article is CC BY-ND", "cc-by-nd", None),
        (
            "The Creative Commons Public Domain Dedication "
            "(http://creativecommons.org/publicdomain/zero/1.0/) applies to the data; the text is under http://creativecommons.org/licenses/by/4.0/",
            "cc-by",
            "1.0",
        ),
        ("Attribution no longer needed", "other", None),
        ("This article is not in the public domain", "other", None),
        ("http://creativecommons.org/licenses/by/4.0/ Non-commercial use only", "cc-by-nc", "4.0"),
        ("This work is in the public domain in the USA", "public-domain", None),
        ("© 2020 The Publisher. All rights reserved.", "other", None),
        ("free to read", "other", None),
        ("Attribution of authorship is required", "other", None),
    ],
)
def test_statements(statement: str, code: str, version: str | None) -> None:
    licence = to_licence(statement, "license")
    assert licence is not None
    assert (licence.code, licence.version) == (code, version)
    assert licence.evidence == statement[:300]


def test_silence_is_no_licence() -> None:
    assert to_licence("  \n", "license") is None


@given(st.text(min_size=1))
def test_every_code_stands_in_the_table(statement: str) -> None:
    licence = to_licence(statement, "license")
    assert licence is None or licence.code in load_table("licences")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("CC BYNC", "cc-by-nc"),
        ("CC BY NCND", "cc-by-nc-nd"),
        ("https://creativecommons.org/licenses/by/4.0/ not for commercial use", "cc-by-nc"),
        ("https://creativecommons.org/licenses/by/4.0/ Commercial use requires permission", "cc-by-nc"),
        ("Creative Commons Attribution, provided it is not altered or built upon", "cc-by-nd"),
        ("CC BY Atribución-NoComercial-SinDerivadas", "cc-by-nc-nd"),
        ("https://creativecommons.org/licenses/by%2Dnc/4.0", "cc-by-nc"),
        ("CC BY \u7f72\u540d-\u975e\u5546\u4e1a\u6027\u4f7f\u7528", "cc-by-nc"),
        ("CC BY, personal use only", "cc-by-nc"),
        ("All rights reserved. The CC0 waiver applies to the data in this article only", "other"),
        ("The CC0 waiver applies to the data made available in this article", "other"),
        ("Metadata: CC0", "other"),
        ("Metadata: CC BY 4.0", "other"),
        ("Data in the public domain; text copyright the publisher", "other"),
        ("CC0 1.0 (abstract), article: subscription", "other"),
        ("not under a Creative Commons Attribution licence", "other"),
        ("No CC BY licence applies", "other"),
        ("neither in the public domain nor free to share", "other"),
        ("the figures are CC BY; the text is all rights reserved", "other"),
        ("The figures are licensed under the CC BY licence", "other"),
        ("No rights reserved. CC0", "cc0"),
        (
            "This preprint (which was not certified by peer review) is made available under a CC-BY licence",
            "cc-by",
        ),
        ("CC BY, which lets others adapt the work, for commercial use, if it is cited", "cc-by"),
        ("CC BY. Say if changes were made. If your use is not permitted by law, ask the owner.", "cc-by"),
        ("CC BY, for academic and non-profit use only", "cc-by-nc"),
        ("Owned by an invented non-profit society. CC BY 4.0", "cc-by"),
        ("A not-for-profit medical publisher. Free under CC BY", "cc-by"),
        ("A nonprofit 501(c)(3) corporation. CC BY", "cc-by"),
        ("A non-profit, non-stock corporation. CC BY", "cc-by"),
        ("CC BY, may be used by a non-profit organisation", "cc-by-nc"),
        ("CC BY for nonprofits", "cc-by-nc"),
        ("CC BY for non-profit organisations", "cc-by-nc"),
        ("CC BY, non-profit", "cc-by-nc"),
        ("CC BY 4.0, for educational purposes only", "cc-by-nc"),
        ("CC BY 4.0, for educational and all other purposes", "cc-by"),
        ("Creative Commons Attribution 4.0, sin fines de lucro", "cc-by-nc"),
        ("Creative Commons Attribution NonCommerical 4.0", "cc-by-nc"),
        ("CC BY; derivative works are not allowed", "cc-by-nd"),
        ("CC BY. Say if modifications were made, but not as if we had made them.", "cc-by"),
        ("Creative Commons Attribution 4.0. Proibido o uso comercial", "cc-by-nc"),
        ("Creative Commons Attribution 4.0; dilarang digunakan untuk tujuan komersial", "cc-by-nc"),
        ("Creative Commons Attribution 4.0. Se prohíbe su modificación", "cc-by-nd"),
        ("Creative Commons Attribution 4.0, que permite el uso sin restricciones", "cc-by"),
        ("Todos os direitos reservados. Creative Commons Attribution 4.0", "other"),
        ("Todos los derechos reservados; https://creativecommons.org/licenses/by/4.0/", "other"),
        ("Supplementary material: CC BY 4.0", "other"),
        ("The source code is released under CC BY 4.0", "other"),
        ("CC BY 4.0. The source code is elsewhere", "cc-by"),
        (
            "The author has applied a CC BY licence to any Author Accepted Manuscript version arising",
            "other",
        ),
        ("CC BY-NC 4.0. The accepted manuscript may be shared under CC BY", "cc-by-nc"),
    ],
)
def test_words_beside_a_licence_narrow_it_and_never_widen_it(statement: str, code: str) -> None:
    licence = to_licence(statement, "rights")
    assert licence is not None
    assert licence.code == code


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("Creative Commons Naamsvermelding 4.0 Internationaal", "cc-by"),
        ("Licencia Creative Commons Reconocimiento 3.0 España", "cc-by"),
        ("Esta obra está bajo una licencia internacional Creative Commons Atribución 4.0.", "cc-by"),
        ("Creative Commons Namensnennung 4.0 International Lizenz (CC BY 4.0)", "cc-by"),
        ("Creative Commons Naamsvermelding-NietCommercieel-GeenAfgeleideWerken 4.0", "cc-by-nc-nd"),
        ("Creative Commons Naamsvermelding-GelijkDelen", "cc-by-sa"),
        (
            "Creative Commons Uznanie autorstwa-Użycie niekomercyjne-Bez utworów zależnych",
            "cc-by-nc-nd",
        ),
        ("Creative Commons Uznanie autorstwa-Na tych samych warunkach", "cc-by-sa"),
        ("Creative Commons Namensnennung - Keine kommerzielle Nutzung", "cc-by-nc"),
        ("Creative Commons Namensnennung - Weitergabe unter gleichen Bedingungen", "cc-by-sa"),
        ("Creative Commons Reconocimiento. No se permite el uso comercial", "cc-by-nc"),
        ("Creative Commons Paternité - Partage à l'identique", "cc-by-sa"),
        ("Creative Commons Attribution - Partage dans les mêmes conditions", "cc-by-sa"),
        ("Creative Commons Attribuzione - Condividi allo stesso modo", "cc-by-sa"),
        ("Creative Commons Atribuição-CompartilhaIgual", "cc-by-sa"),
        ("Creative Commons: no requiere atribución", "other"),
        # Bare names, as repositories give them in `dc:rights`.
        ("Attribution 4.0 International", "cc-by"),
        ("Attribution 3.0 United States", "cc-by"),
        ("Atribución-NoComercial-SinDerivadas 4.0 Internacional", "cc-by-nc-nd"),
        ("Atribuição-NãoComercial 4.0 Internacional", "cc-by-nc"),
        ("Namensnennung - Nicht kommerziell 4.0 International", "cc-by-nc"),
        ("Attribution - Pas d'Utilisation Commerciale 4.0 International", "cc-by-nc"),
        ("Reconocimiento-NoComercial-CompartirIgual 3.0 España", "cc-by-nc-sa"),
        ("Atribución no comercial de la obra", "other"),
        ("Atribución-SoloLectura 4.0 Internacional", "other"),
        ("Atribución 4.0 Internacional, excepto las figuras", "other"),
        ("Attribution 4.0 International of the data only", "other"),
        ("Attribution of mutations, version 4.0", "other"),
        ("Creative Commons Namensnennung - Erfundene Bedingung", "other"),
        ("Creative Commons Attribution-NonKomersial 4.0 Internasional", "cc-by-nc"),
        ("Creative Commons Attribution-BerbagiSerupa 4.0 Internasional", "other"),
        ("Creative Commons Attribution - Некоммерческое использование", "other"),
        ("Creative Commons Attribution-Invented Term 4.0", "other"),
        ("Creative Commons Attribution - Share Alike", "cc-by-sa"),
        ("Creative Commons Attribution - 4.0 International", "cc-by"),
        ("Creative Commons Attribution-License", "cc-by"),
        ("Invented Interdisciplinary Journal. Creative Commons Attribution 4.0", "cc-by"),
        ("Interdisciplinary Press permits commercial use: Creative Commons Attribution 4.0", "cc-by"),
        ("Creative Commons Attribution 4.0, interdit à des fins commerciales", "cc-by-nc"),
        ("Creative Commons Attribution - https://creativecommons.org/licenses/by/4.0/", "cc-by"),
        ("Creative Commons Attribution - https://creativecommons.org/licenses/by-nc/4.0/", "cc-by-nc"),
    ],
)
def test_a_translated_name_is_read_only_where_all_beside_it_is_understood(statement: str, code: str) -> None:
    licence = to_licence(statement, "rights")
    assert licence is not None
    assert licence.code == code
