"""Which names share a key, and which must not."""

import pytest

from linkage.name_keys import skeleton, sound, variants

SAME = """
MOHAMMED MUHAMMAD|MOHAMMED MOHAMED|MUHAMMED MOHAMMAD|YUSUF YOUSEF|YOUSSEF YUSUF|HUSSAIN HOSSAIN
HUSSAIN HUSSEIN|CHAUDHRY CHOUDHURY|CHOUDHURY CHOWDHURY|CHAUDHRY CHAUDHARY|KULWINDER KULVINDER
BALWINDER BALVINDER|HARWINDER HARVINDER|MAHMOOD MEHMOOD|MAHMOUD MEHMOOD|SULEMAN SULAIMAN
SULEIMAN SULAIMAN|ABDULRAHMAN ABDELREHMAN|IBRAHIM EBRAHIM|IBRAHEEM IBRAHIM|ISMAIL ESMAIL
ISMAEEL ISMAIL|QASIM KASIM|QURESHI KURESHI|KHALID KHALED|KHADIJA KHADIJAH|NAWAZ NAVAZ|FATIMA FATEMEH
FATIMAH FATIMA|MUSTAFA MOSTAFA|MUSTAPHA MUSTAFA|LAKSHMI LAXMI|KRISHNAN KRISHNEN|MUKHERJEE MOOKERJEE
CATHERINE KATHERINE|KATHRYN CATHERINE|CHRISTINE KRISTINE|CHRISTOPHER KRISTOFER|STEPHEN STEFAN
ELIZABETH ELISABETH|REBECCA REBEKAH|DEBORAH DEBRA|LAWRENCE LAURENCE|THERESE TERESE|SMITH SMYTH
PHILIPPA FILIPPA|SZCZEPAN SHCHEPAN|REHMAN RAHMAN|PATEL PATIL|GHULAM QULAM|BHUPINDER BUPINDER
JAGJIT JAGJEET|SALEEM SALIM|GHOLAMI QOLAMI|BAGHERI BAQERI|GHASEMZADEH QASIMZADE|MULLER MUELLER
JURGEN JUERGEN|OSTERGARD OESTERGAARD|KHORSHID KORSHED
"""
APART = """
HASSAN HUSSAIN|MAHMOOD MOHAMMED|KHALID KHALIDA|SALMA SALIM|JAMAL JAMILA|MARTIN MORTON|SULTAN SALTAN
BURTON BARTON|SULEIMAN SALMAN|KULDIP KALDIP|MARTHA MARTIN|HARDING HORDING|CARSON CURSON|BROWN BURN
FARAH FARAHANA|RASHID RUSHDI|DANIEL DONALD|MARION MORGAN|PARKER PORTER|WALKER WARNER|ROBERT RUPERT
SANDRA SONDRA|GARIMA KARIMA|GOLDING COLDING|KARIMA KARAM|BRENDA BRANDON
"""
SHORT = [
    "JOHN",
    "JEAN",
    "AHMED",
    "SARAH",
    "ALI",
    "LEE",
    "AISHA",
    "OMAR",
    "UMAR",
    "MARY",
    "SHAH",
    "NOOR",
    "A",
    "W",
    "YY",
]


def pairs(text: str) -> list[tuple[str, str]]:
    return [(pair.split()[0], pair.split()[1]) for pair in text.strip().replace("\n", "|").split("|")]


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_spellings_of_one_name_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) is not None
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), pairs(APART))
def test_different_names_have_different_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize("name", SHORT)
def test_a_name_with_fewer_than_three_consonants_has_no_skeleton(name: str) -> None:
    assert skeleton(name) is None


def test_names_that_sound_alike_have_one_code() -> None:
    assert sound("SMITH") == sound("SMYTH")
    assert sound("A") == "A"


@pytest.mark.parametrize(
    ("one", "other"),
    pairs(
        "BILL WILLIAM|BILL BILLY|PEGGY MARGARET|KATE CATHERINE|TED EDWARD|JACK JOHN|SEAN JOHN|"
        "PADRAIG PATRICK|YUSUF JOSEPH|IBRAHIM ABRAHAM|MARYAM MARY|MUSA MOSES|KATARZYNA CATHERINE|"
        "PIOTR PETER|IEUAN EVAN|GWILYM WILLIAM|AYESHA AISHA|MOHD MUHAMMAD|UMAR OMAR|HASAN HASSAN|"
        "STE STEPHEN|SALLY SARAH|POLLY MARY|MALGORZATA MARGARET"
    ),
)
def test_nicknames_and_forms_of_one_name_share_a_key(one: str, other: str) -> None:
    assert set(variants(one)) & set(variants(other))


@pytest.mark.parametrize(
    ("one", "other"),
    pairs(
        "WILLIAM ROBERT|JEAN JOAN|JANE JANET|HASSAN HUSSAIN|PETER PATRICK|ANDREW ANDREA|"
        "LOUIS LOUISE|HELEN ELAINE|MARY ROSEMARY|JOSHUA JOSEPH|SUSAN HANNAH|ROGER ROBIN|"
        "DAVID DANIEL|MARK MICHAEL|ERIC FREDERICK"
    ),
)
def test_names_of_different_people_share_no_key(one: str, other: str) -> None:
    assert not set(variants(one)) & set(variants(other))


def test_a_name_without_variants_has_no_keys() -> None:
    assert variants("QWERTYUIOP") == []
