"""People with sex, birth, origin and kin → their names, as given at birth and as they stand today."""

from dataclasses import dataclass

import numpy as np

from linkage.population.arrays import FEMALE, MALE, NOBODY, Floats, Generator, Ints, ages_of, chance, years_of
from linkage.population.households import CHILD, PARTNER, People
from linkage.population.names import Names, draw_forenames, draw_from
from linkage.population.origins import ORIGIN_NUMBER, convention

SPACE, HYPHEN = 0, 1
SON_NAMED_AFTER_FATHER, DAUGHTER_NAMED_AFTER_MOTHER = 0.045, 0.012
MIDDLE_NAME_OF_PARENT = 0.14
SECOND_MIDDLE_NAME = 0.14
DOUBLE_BARRELLED_WIFE, DOUBLE_BARRELLED_CHILD = 0.025, 0.012


@dataclass
class PersonNames:
    """Codes into the vocabulary (NOBODY for none): `surname_two` is the second part of a two-part surname."""

    given: Ints
    middle: Ints
    second_middle: Ints
    surname: Ints
    surname_two: Ints
    joiner: Ints
    birth_surname: Ints
    birth_surname_two: Ints


@dataclass
class Naming:
    """What every step of naming needs."""

    rng: Generator
    people: People
    names: Names
    named: PersonNames
    feminine: Ints
    masculine: Ints


def name_people(rng: Generator, people: People, names: Names) -> PersonNames:
    """Names for everybody, parents before their children, wives after their husbands."""
    named = PersonNames(*[np.full(len(people), NOBODY) for _ in range(8)])
    hyphen = np.where(convention("two_surnames")[people.origin] > 0, 0.1, 0.75)
    named.joiner[:] = np.where(rng.random(len(people)) < hyphen, HYPHEN, SPACE)
    feminine = names.feminine()
    masculine = np.arange(len(feminine))
    changed = np.flatnonzero(feminine != masculine)
    masculine[feminine[changed]] = changed
    naming = Naming(rng, people, names, named, feminine, masculine)
    for generation in range(int(people.generation.max()) + 1):
        who = np.flatnonzero(people.generation == generation)
        _birth_surnames(naming, who)
        _given_names(naming, who)
        _middle_names(naming, who)
        _customary_names(naming, who)
        named.birth_surname[who] = named.surname[who]
        named.birth_surname_two[who] = named.surname_two[who]
        _marriages(naming, who)
        _former_marriages(naming, who)
    return named


def _birth_surnames(naming: Naming, who: Ints) -> None:
    """The father's surname, else the mother's, else one drawn; women of some origins have their own."""
    rng, people, named = naming.rng, naming.people, naming.named
    families, first, member_of = np.unique(people.family[who], return_index=True, return_inverse=True)
    surname, second = _family_surnames(naming, families, people.origin[who[first]])
    named.surname[who] = surname[member_of]
    named.surname_two[who] = second[member_of]
    women = who[people.sex[who] == FEMALE]
    named.surname[women] = naming.feminine[named.surname[women]]
    share: Floats = convention("womens_last_name")[people.origin[women]]
    share = share * np.where(ages_of(people.birth[women]) > 40, 1.0, 0.55)
    own = women[rng.random(len(women)) < share]
    named.surname[own] = draw_from(rng, naming.names.womens_last, people.origin[own])


def _family_surnames(naming: Naming, families: Ints, origin: Ints) -> tuple[Ints, Ints]:
    """Both parts of the surname that each family's children get, in the form for sons."""
    rng, people, named = naming.rng, naming.people, naming.named
    father, mother = people.father_of_family[families], people.mother_of_family[families]
    mothers_own = convention("womens_last_name")[origin] > 0
    parent = np.where(father != NOBODY, father, np.where(mothers_own, NOBODY, mother))
    drawn = draw_from(rng, naming.names.surnames, origin)
    known = parent != NOBODY
    surname = np.where(known, naming.masculine[named.surname[parent]], drawn)
    second = np.where(known, named.surname_two[parent], NOBODY)
    drawn = draw_from(rng, naming.names.surnames, origin)
    mothers = np.where(mother != NOBODY, named.birth_surname[mother], drawn)
    second = np.where(convention("two_surnames")[origin] > 0, mothers, second)
    both = (origin < 4) & (second == NOBODY) & (father != NOBODY) & (mother != NOBODY) & (mothers != surname)
    second = np.where(both & chance(rng, DOUBLE_BARRELLED_CHILD, len(families)), mothers, second)
    somali = origin == ORIGIN_NUMBER["somali"]
    from_father = np.where(somali, named.middle[father], named.given[father])
    used = (convention("surname_from_father")[origin] > 0) & (father != NOBODY) & (from_father != NOBODY)
    return np.where(used, from_father, surname), second


def _given_names(naming: Naming, who: Ints) -> None:
    """Forenames by cohort; some after a parent; never the same for two children of a family."""
    rng, people, named = naming.rng, naming.people, naming.named
    year = years_of(people.birth[who])
    named.given[who] = draw_forenames(rng, naming.names, people.origin[who], people.sex[who], year)
    for sex, parents, rate in (
        (MALE, people.father, SON_NAMED_AFTER_FATHER),
        (FEMALE, people.mother, DAUGHTER_NAMED_AFTER_MOTHER),
    ):
        parent = parents[who]
        after = (people.sex[who] == sex) & (parent != NOBODY) & chance(rng, rate, len(who))
        named.given[who[after]] = named.given[parent[after]]
    for _ in range(4):
        order = np.lexsort((named.given[who], people.family[who]))
        same = np.zeros(len(who), dtype=np.bool_)
        ordered = who[order]
        same[1:] = (np.diff(people.family[ordered]) == 0) & (np.diff(named.given[ordered]) == 0)
        again = ordered[same]
        redrawn = years_of(people.birth[again])
        named.given[again] = draw_forenames(
            rng, naming.names, people.origin[again], people.sex[again], redrawn
        )


def _middle_names(naming: Naming, who: Ints) -> None:
    """Middle names by each origin's custom: usual ones, older ones, a parent's."""
    rng, people, named = naming.rng, naming.people, naming.named
    has = who[rng.random(len(who)) < convention("middle_name")[people.origin[who]]]
    older = years_of(people.birth[has]) - rng.integers(0, 50, len(has))
    named.middle[has] = draw_forenames(rng, naming.names, people.origin[has], people.sex[has], older)
    for sex, pool in naming.names.usual_middle.items():
        usual = has[(people.sex[has] == sex) & (people.origin[has] < 4) & chance(rng, 0.4, len(has))]
        named.middle[usual] = draw_from(rng, {0: pool}, np.zeros(len(usual), dtype=np.int64))
    parent = np.where(people.sex[has] == MALE, people.father[has], people.mother[has])
    after = (parent != NOBODY) & chance(rng, MIDDLE_NAME_OF_PARENT, len(has))
    named.middle[has[after]] = named.given[parent[after]]
    two = has[chance(rng, SECOND_MIDDLE_NAME, len(has))]
    named.second_middle[two] = draw_forenames(
        rng, naming.names, people.origin[two], people.sex[two], years_of(people.birth[two]) - 30
    )
    named.second_middle[named.second_middle == named.middle] = NOBODY
    repeated = named.middle == named.given
    named.middle[repeated] = named.second_middle[repeated]
    named.second_middle[repeated] = NOBODY


def _customary_names(naming: Naming, who: Ints) -> None:
    """Mohammed before the name that is used, Singh and Kaur, Văn and Thị, a father's or a Chinese name."""
    rng, people, named, code = naming.rng, naming.people, naming.named, naming.names.code_of
    origin, sex = people.origin[who], people.sex[who]
    mohammed = np.isin(named.given[who], [code["Mohammed"], code["Muhammad"], code["Abdul"], code["Md"]])
    first = (sex == MALE) & (rng.random(len(who)) < convention("mohammed_first")[origin]) & ~mohammed
    named.middle[who[first]] = named.given[who[first]]
    spellings = np.array(
        [code["Mohammed"], code["Mohammed"], code["Muhammad"], code["Mohammad"], code["Abdul"]]
    )
    named.given[who[first]] = rng.choice(spellings, int(first.sum()))
    for name, share, (male, female) in (
        ("sikh", 0.7, ("Singh", "Kaur")),
        ("vietnamese", 0.6, ("Văn", "Thị")),
    ):
        chosen = (origin == ORIGIN_NUMBER[name]) & chance(rng, share, len(who))
        middle = np.where(sex == MALE, code[male], code[female])
        chosen &= named.surname[who] != middle
        named.middle[who[chosen]] = middle[chosen]
    somali = who[origin == ORIGIN_NUMBER["somali"]]
    father = people.father[somali]
    pool = naming.names.forenames[(ORIGIN_NUMBER["somali"], MALE)]
    drawn = draw_from(rng, {0: pool}, np.zeros(len(somali), dtype=np.int64))
    named.middle[somali] = np.where(father != NOBODY, named.given[father], drawn)
    for name in ("chinese_cantonese", "chinese_mandarin"):
        _chinese_middle_names(naming, who[origin == ORIGIN_NUMBER[name]], ORIGIN_NUMBER[name])


def _chinese_middle_names(naming: Naming, who: Ints, origin: int) -> None:
    """A Chinese given name after an English forename, and no middle name after a Chinese one."""
    named, sex = naming.named, naming.people.sex[who]
    pools = {kind: naming.names.forenames[(origin, kind)] for kind in (MALE, FEMALE)}
    chinese = np.isin(named.given[who], np.concatenate([pool.codes for pool in pools.values()]))
    drawn = draw_from(naming.rng, pools, sex)
    has = ~chinese & chance(naming.rng, 0.8, len(who))
    named.middle[who] = np.where(has, drawn, NOBODY)
    named.second_middle[who] = NOBODY


def _marriages(naming: Naming, who: Ints) -> None:
    """Wives who take their husband's surname, or put it after their own."""
    rng, people, named = naming.rng, naming.people, naming.named
    wives = who[(people.role[who] == PARTNER) & (people.sex[who] == FEMALE)]
    husbands = people.spouse[wives]
    takes = rng.random(len(wives)) < convention("wife_takes_name")[people.origin[wives]]
    takes &= people.sex[husbands] == MALE
    joins = takes & chance(rng, DOUBLE_BARRELLED_WIFE, len(wives)) & (named.surname_two[wives] == NOBODY)
    joins &= named.surname[wives] != named.surname[husbands]
    takes &= ~joins
    named.surname[wives[takes]] = naming.feminine[named.surname[husbands[takes]]]
    named.surname_two[wives[takes]] = named.surname_two[husbands[takes]]
    named.joiner[wives[takes]] = named.joiner[husbands[takes]]
    named.surname_two[wives[joins]] = named.surname[husbands[joins]]


def _former_marriages(naming: Naming, who: Ints) -> None:
    """Widowed, divorced and separated women who carry a former husband's surname."""
    rng, people, named = naming.rng, naming.people, naming.named
    women = who[(people.sex[who] == FEMALE) & (people.role[who] != PARTNER) & (people.role[who] != CHILD)]
    age = ages_of(people.birth[women])
    married = np.where(age > 65, 0.88, np.where(age > 40, 0.45, 0.08))
    rate = married * convention("wife_takes_name")[people.origin[women]]
    chosen = women[rng.random(len(women)) < rate]
    husbands = draw_from(rng, naming.names.surnames, people.origin[chosen])
    named.surname[chosen] = naming.feminine[husbands]
    named.surname_two[chosen] = NOBODY
