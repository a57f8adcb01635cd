"""Which names share a key, and which must not."""

import tomllib
from itertools import combinations
from pathlib import Path

import pytest

import linkage
from linkage.values.name_keys import NAME_FORMS, NICKNAMES, skeleton, sound, variants
from linkage.values.text import fold

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
MOLLERING MOELLERING|JURGEN JUERGEN|OSTERGARD OESTERGAARD|SCHAFER SCHAEFER|KHORSHID KORSHED
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
        "STE STEPHEN|SALLY SARAH|POLLY MARY|MALGORZATA MARGARET|OLEKSANDR ALEXANDER|OLEXANDR ALEKSANDR|"
        "OLENA ELENA|OLENA HELEN|YEVHEN EVGENY|YEVHEN EUGENE|SERHII SERGEY|VOLODYMYR VLADIMIR|IVAN JOHN|"
        "KATARZYNA KASIA|MALGORZATA GOSIA|AGNIESZKA AGA|GIORGOS GEORGE|IOANNIS JOHN|IOANNIS YIANNIS|ION JOHN|"
        "GHEORGHE GEORGE|SANDOR ALEXANDER|ISTVAN STEPHEN|JOAO JOHN|TIAGO JAMES|INES AGNES|AYSE AISHA|"
        "MEHMET MUHAMMAD|SIAN JANE|GRUFFYDD GRIFFITH|SIOBHAN JOAN|TADHG TIMOTHY|SURINDER SURENDRA|"
        "BALVIR BALBIR|GHOLAM GHULAM|MOSTAFA MUSTAFA|MAXAMED MOHAMED|MST MOSAMMAT|MD MOHAMMED|YITZCHAK ISAAC"
    ),
)
def test_nicknames_and_forms_of_one_name_share_a_key(one: str, other: str) -> None:
    assert set(variants(one)) & set(variants(other))


@pytest.mark.parametrize(
    ("one", "other"),
    pairs(
        "WILLIAM ROBERT|JEAN JOAN|JANE JANET|HASSAN HUSSAIN|PETER PATRICK|ANDREW ANDREA|"
        "LOUIS LOUISE|HELEN ELAINE|MARY ROSEMARY|JOSHUA JOSEPH|SUSAN HANNAH|ROGER ROBIN|"
        "DAVID DANIEL|MARK MICHAEL|ERIC FREDERICK|OLEKSANDR OLEKSII|SIAN SIONED|YURII YEGOR|AMINA AMNA|"
        "ZAHRA ZARA|SAAD SAID|SALIM SALMAN|MARYAM MARWA|ALEXANDER ALEXANDRA|YEVHEN YEVHENIIA|VALENTYN VALENTYNA"
    ),
)
def test_names_of_different_people_share_no_key(one: str, other: str) -> None:
    assert not set(variants(one)) & set(variants(other))


def test_names_that_are_kept_apart_share_no_key() -> None:
    """Twins are called Emma and Emily, Daisy and Megan or Jack and Sean; nobody is called now the one and now the other."""
    listed = NICKNAMES.with_name("NICKNAMES.md").read_text(encoding="utf-8")
    rows = listed.split("they have a key each with it")[1].split(":\n", 1)[1].split(".\n", 1)[0]
    apart = [fold(row.replace("–", " ")).split() for row in rows.split(",")]  # type: ignore[union-attr]
    assert ["EMILY", "EMMA"] in apart
    joined = [
        pair
        for row in apart
        for pair in combinations(row, 2)
        if set(variants(pair[0])) & set(variants(pair[1]))
    ]
    assert joined == []


def test_a_form_that_is_kept_apart_from_another_still_shares_a_key_with_the_name() -> None:
    for form in ("DAISY", "MEGAN", "PEGGY", "RITA"):
        assert set(variants(form)) & set(variants("MARGARET"))
    assert set(variants("PEG")) & set(variants("PEGGY"))


def test_a_name_without_variants_has_no_keys() -> None:
    assert variants("QWERTYUIOP") == []


FORMS = [
    (language, [usual, *forms.split()])
    for language, lines in tomllib.loads(NAME_FORMS.read_text(encoding="utf-8")).items()
    for usual, forms in lines.items()
]


def test_there_are_forms_of_many_names() -> None:
    assert len(FORMS) > 1000


def test_a_line_of_forms_is_single_words_none_of_them_twice() -> None:
    folded = [(language, [fold(name) or "" for name in names]) for language, names in FORMS]
    assert [line for line in folded if len(line[1]) < 2 or len(line[1]) > len(set(line[1]))] == []
    assert [line for line in folded if not all(name.isalpha() for name in line[1])] == []


def test_lines_of_forms_do_not_chain() -> None:
    assert not set(variants("IOANNIS")) & set(variants("SIOBHAN"))
    assert not set(variants("SASHKO")) & set(variants("SANDY"))


def test_the_made_up_population_is_not_built_from_the_names_that_the_engine_knows() -> None:
    folder = Path(linkage.__file__).parent
    known = (NAME_FORMS.name, NICKNAMES.name, "name_keys")
    code = [path.read_text(encoding="utf-8") for path in (folder / "population").glob("*.py")]
    assert code
    assert not any(name in text for name in known for text in code)
    lists = {path.name for path in NAME_FORMS.parent.glob("*") if path.suffix in (".toml", ".parquet")}
    engine = (folder / "values" / "name_keys.py").read_text(encoding="utf-8")
    assert not any(name in engine for name in lists - {NAME_FORMS.name, NICKNAMES.name})
