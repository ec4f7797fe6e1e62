"""Invented companies whose every share is known, and what texts might say of them.

All that is said is true: figures are rounded, given as ranges or bounds, or not at all. So whatever
is concluded from it must hold of the true shares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dealjournal.reading import Asked, Reading
from domain.events import (
    CapTableFiled,
    ConvertibleIssued,
    Event,
    GroupShareReported,
    HoldersRanked,
    Holding,
    InvestorJoined,
    MajorityReported,
    OptionPoolReported,
    PartyLocated,
    PartyRegistered,
    RoundClosed,
    SecondarySaleReported,
    SourceRegistered,
    StakeReported,
    Terms,
    TermsReported,
)
from domain.rates import Rates
from domain.values import (
    Attribution,
    Money,
    PartialDate,
    PartyId,
    RoundId,
    ShareInterval,
    SourceId,
)
from domain.writing import parse_date, parse_share
from projections.rules import Rules
from projections.times import Times
from tests.projections.telling import journal

if TYPE_CHECKING:
    from random import Random  # noqa: TID251 - only its name: hypothesis makes them

COMPANY = PartyId("nova")
PAPERS = (SourceId("paper"), SourceId("post"), SourceId("times"))
LIAR = SourceId("liar")
_START = date(2020, 1, 1)
_COUNTRIES = ("FR", "US")


@dataclass
class World:
    """A company's true shares, and what is said of them."""

    holders: list[PartyId]
    countries: dict[PartyId, str]
    after: list[dict[PartyId, int]] = field(default_factory=list)
    """Shares of each holder after each state."""
    pools: list[int] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    price: Fraction = Fraction(1)

    def total(self, place: int) -> int:
        """Return all shares after a state, with those set aside for employees."""
        return sum(self.after[place].values()) + self.pools[place]

    def share(self, holder: PartyId, place: int, basis: str = "fully_diluted") -> Fraction:
        """Return a holder's true share."""
        whole = self.total(place) - (self.pools[place] if basis != "fully_diluted" else 0)
        return Fraction(self.after[place].get(holder, 0), whole)

    def of_country(self, code: str, place: int) -> Fraction:
        """Return a country's true share."""
        return sum(
            (self.share(one, place) for one in self.holders if self.countries[one] == code),
            Fraction(0),
        )

    def reading(self) -> Reading:
        """Return a read of the journal of all that is said."""
        cast = [
            PartyRegistered(party=COMPANY, name="Nova", kind="company"),
            *(PartyRegistered(party=one, name=one, kind="fund") for one in self.holders),
            *(SourceRegistered(source=one, name=one.title(), kind="outlet") for one in PAPERS),
            SourceRegistered(source=LIAR, name="Liar", kind="outlet"),
        ]
        entries = journal(*cast, *dict.fromkeys(self.events))
        return Reading("journal.db", entries, Asked(Times(date(2030, 1, 1))), RULES)


RULES = Rules(Rates("none:2030-01-01", (), {}))


def invented(random: Random, *, full: bool = False) -> World:
    """Return a company with everything that happened to it, and true words about it.

    Args:
        random: Where chance comes from.
        full: Whether a table is filed after each state.
    """
    names = [PartyId(f"holder-{number}") for number in range(random.randint(2, 12))]
    world = World(names, {one: random.choice(_COUNTRIES) for one in names})
    founders = names[: random.randint(1, max(1, len(names) // 2))]
    world.after.append({one: random.randint(1, 50) * 1000 for one in founders})
    world.pools.append(random.choice([0, 0, random.randint(1, 20) * 500]))
    teller = _Teller(world, random)
    if world.pools[0]:
        teller.pool(0)
    seen = set(founders)
    for one in founders:
        teller.stake(one, 0)
    for place in range(1, random.randint(1, 6) + 1):
        _round(world, random, teller, place, seen)
    for one in sorted(teller.untold - seen):
        teller.stake(one, len(world.after) - 1)
    teller.convert_rest()
    for place in range(len(world.after)):
        if full or random.random() < 0.1:
            teller.table(place)
        teller.words(place)
    for one in names:
        if random.random() < 0.5:
            teller.say(PartyLocated, 0, party=one, country=world.countries[one])
    return world


def _round(world: World, random: Random, teller: _Teller, place: int, seen: set[PartyId]) -> None:
    before = dict(world.after[-1])
    after = dict(before)
    base = world.total(place - 1)
    price = world.price * Fraction(random.randint(5, 40), 10)
    world.price = price
    investors = random.sample(world.holders, random.randint(1, min(4, len(world.holders))))
    new = {one: random.randint(1, max(1, base // 8000)) * 1000 for one in investors}
    for one, count in new.items():
        after[one] = after.get(one, 0) + count
    teller.conversions(place, price, base, after)
    pool = world.pools[-1]
    grows = random.random() < 0.3
    if grows:
        pool += random.randint(1, max(1, base // 10000)) * 1000
    world.after.append(after)
    world.pools.append(pool)
    post = price * world.total(place)
    equity = price * sum(new.values())
    teller.round(place, post, equity)
    for one in investors:
        first = one not in seen
        followed = one in teller.invested and random.random() < 0.5
        if first or not followed:
            teller.joined(one, place, new[one] * price)
        seen.add(one)
        teller.invested.add(one)
    if pool:
        teller.pool(place)
    while random.random() < 0.3:
        teller.sale(place, price, before)
    if random.random() < 0.3:
        others = [one for one in world.holders if one not in investors]
        if others:
            teller.lend(random.choice(others), place)
    for one in after:
        if random.random() < 0.25:
            teller.stake(one, place)


class _Teller:
    """Says true things of a world, as exactly or vaguely as texts do."""

    def __init__(self, world: World, random: Random) -> None:
        self.world, self.random = world, random
        self.invested: set[PartyId] = set()
        self.sold: dict[tuple[PartyId, int], list[PartialDate | None]] = {}
        """The days on which each sold after each round, as they are told."""
        self.untold: set[PartyId] = set()
        """Who bought shares without a word on it."""
        self.loans: list[dict[str, Any]] = []
        self._told = 0

    # ── figures ──────────────────────────────────────────────────────────────────────────────────

    def money(self, figure: Fraction) -> Money:
        """Return a sum as a text might give it."""
        value = Decimal(figure.numerator) / Decimal(figure.denominator)
        digits = self.random.randint(1, 4)
        quantum = Decimal(1).scaleb(value.adjusted() - digits + 1)
        near = (value / quantum).to_integral_value() * quantum
        low, high = _plain(value * Decimal("0.9")), _plain(value * Decimal("1.1"))
        match self.random.randint(0, 5):
            case 0:
                return Money(amount=low, currency="EUR", qualifier="more_than")
            case 1:
                return Money(amount=high, currency="EUR", qualifier="at_most")
            case 2:
                return Money(amount=low, upper=high, currency="EUR", qualifier="between")
            case 3:
                one = Decimal(1).scaleb(value.adjusted())
                rounded = (value / one).to_integral_value() * one
                return Money(amount=rounded, currency="EUR", qualifier="about")
            case _:
                return Money(amount=near, currency="EUR", text=f"{_digits(near, digits)} EUR")

    def part(self, share: Fraction) -> ShareInterval:
        """Return a share as a text might give it."""
        percent = Decimal(share.numerator * 100) / Decimal(share.denominator)
        match self.random.randint(0, 4):
            case 0:
                return parse_share(f"at least {max(percent - 2, Decimal(0)):.1f}%")
            case 1:
                return parse_share(f"at most {min(percent + 2, Decimal(100)):.1f}%")
            case 2:
                low, high = max(percent - 2, Decimal(0)), min(percent + 2, Decimal(100))
                return parse_share(f"{low:.2f}-{high:.2f}%")
            case 3:
                return (
                    ShareInterval(lower=share, upper=share)
                    if len(str(share)) < 60
                    else parse_share(f"{percent:.2f}%")
                )
            case _:
                return parse_share(f"{percent:.{self.random.randint(0, 2)}f}%")

    # ── statements ───────────────────────────────────────────────────────────────────────────────

    def say(self, cls: type[Any], place: int, **fields: Any) -> None:
        """Record a statement of a paper, made while a state held."""
        on: PartialDate = parse_date((_START + timedelta(days=100 * place + 50)).isoformat())
        self._told += 1
        self.world.events.append(
            cls(
                published=on,
                attribution=Attribution(root=self.random.choice(PAPERS)),
                **fields,
            )
        )

    def name(self, place: int) -> RoundId | None:
        """Return the round that led to a state."""
        return RoundId(f"{COMPANY}/round-{place}") if place else None

    def round(self, place: int, post: Fraction, equity: Fraction) -> None:
        """Tell that a round is done, and perhaps of its terms."""
        name = self.name(place)
        day = parse_date((_START + timedelta(days=100 * place)).isoformat())
        self.say(RoundClosed, place, round=name, occurred=day)
        chance = self.random.random
        if chance() < 0.8:
            self.say(
                TermsReported,
                place,
                round=name,
                terms=Terms(amount=self.money(equity), scope="equity"),
            )
        if chance() < 0.3:
            debt = Fraction(self.random.randint(1, 9) * 1000)
            terms = Terms(amount=self.money(equity + debt), debt_amount=self.money(debt))
            self.say(TermsReported, place, round=name, terms=terms)
        if chance() < 0.8:
            is_pre = chance() < 0.3
            figure = self.money(post - equity if is_pre else post)
            if chance() < 0.3:
                terms = Terms(valuation=figure)
            else:
                terms = Terms(valuation=figure, basis="pre" if is_pre else "post")
            self.say(TermsReported, place, round=name, terms=terms)
        if chance() < 0.2:
            self.say(TermsReported, place, round=name, terms=Terms(stake=self.part(equity / post)))

    def joined(self, one: PartyId, place: int, ticket: Fraction) -> None:
        """Tell that an investor took part, and perhaps with how much."""
        paid = self.money(ticket) if self.random.random() < 0.4 else None
        self.say(InvestorJoined, place, round=self.name(place), investor=one, ticket=paid)

    def stake(self, one: PartyId, place: int) -> None:
        """Tell what a holder has."""
        basis = self.random.choice(["fully_diluted", "issued"])
        part = self.part(self.world.share(one, place, basis))
        part = ShareInterval.model_validate({**dict(part), "basis": basis})
        self.say(
            StakeReported,
            place,
            company=COMPANY,
            after=self.name(place),
            holder=one,
            share=part,
            **_founding(place),
        )

    def pool(self, place: int) -> None:
        """Tell what is set aside for employees."""
        part = self.part(Fraction(self.world.pools[place], self.world.total(place)))
        self.say(
            OptionPoolReported,
            place,
            company=COMPANY,
            after=self.name(place),
            share=part,
            **_founding(place),
        )

    def sale(self, place: int, price: Fraction, before: dict[PartyId, int]) -> None:
        """Let a holder sell, and tell of it: when, for how much and to whom, or not."""
        after = self.world.after[-1]
        seller = self.random.choice(sorted(before))
        has_figure = self.random.random() < 0.7
        most = before[seller] // 3 if has_figure else after[seller]
        count = self.random.randint(1, max(1, most))
        buyer = self.random.choice(self.world.holders)
        day = self._day_of_sale(place)
        if buyer == seller or count > min(before[seller], after[seller]):
            return
        if not self._is_told_apart(seller, place, day):
            return
        after[seller] -= count
        after[buyer] = after.get(buyer, 0) + count
        told = (buyer,) if self.random.random() < 0.5 else ()
        self.untold |= set() if told else {buyer}
        self.say(
            SecondarySaleReported,
            place,
            company=COMPANY,
            after=self.name(place),
            sellers=(seller,),
            buyers=told,
            amount=self.money(count * price) if has_figure else None,
            occurred=day,
        )

    def _day_of_sale(self, place: int) -> PartialDate | None:
        """Return the day of a sale, where it is told: between the round and what is said of it."""
        if self.random.random() < 0.5:
            return None
        day = _START + timedelta(days=100 * place + self.random.randint(1, 40))
        return parse_date(day.isoformat())

    def _is_told_apart(self, seller: PartyId, place: int, day: PartialDate | None) -> bool:
        """Whether a sale is told with a day of its own: what may be one deed is read as one."""
        others = self.sold.setdefault((seller, place), [])
        is_apart = not others or (day is not None and None not in others and day not in others)
        if is_apart:
            others.append(day)
        return is_apart

    def lend(self, one: PartyId, place: int) -> None:
        """Let a holder lend on terms that turn into shares at the next round."""
        if any(loan["holder"] == one for loan in self.loans):
            return
        self.loans.append(
            {
                "holder": one,
                "place": place,
                "count": self.random.randint(1, 9) * 100,
                "discount": self.random.choice([None, Fraction(1, 5), Fraction(1, 4)]),
                "cap": self.random.choice([None, Fraction(self.random.randint(3, 30), 10)]),
            }
        )

    def conversions(
        self, place: int, price: Fraction, base: int, after: dict[PartyId, int]
    ) -> None:
        """Turn what was lent into shares, and tell of the terms."""
        due = [loan for loan in self.loans if "done" not in loan]
        for loan in due:
            loan["done"] = place
            cut = price * (1 - (loan["discount"] or 0))
            cap = None if loan["cap"] is None else self.world.price * loan["cap"] * base
            paid = cut if cap is None else min(cut, cap / base)
            after[loan["holder"]] = after.get(loan["holder"], 0) + loan["count"]
            loan["principal"], loan["cap_money"] = paid * loan["count"], cap
            self._lent(loan)

    def convert_rest(self) -> None:
        """Tell of what was lent after the last round: it is no shares yet."""
        for loan in self.loans:
            if "done" not in loan:
                loan["principal"], loan["cap_money"] = Fraction(loan["count"] * 7), None
                self._lent(loan)

    def _lent(self, loan: dict[str, Any]) -> None:
        discount = loan["discount"]
        self.say(
            ConvertibleIssued,
            loan["place"],
            company=COMPANY,
            after=self.name(loan["place"]),
            holder=loan["holder"],
            principal=self.money(loan["principal"]),
            cap=None if loan["cap_money"] is None else self.money(loan["cap_money"]),
            discount=None if discount is None else parse_share(f"{int(discount * 100)}%"),
        )

    def table(self, place: int) -> None:
        """File a table of who has how many shares."""
        held = {one: count for one, count in self.world.after[place].items() if count}
        self.say(
            CapTableFiled,
            place,
            company=COMPANY,
            after=self.name(place),
            total_shares=sum(held.values()),
            holdings=tuple(Holding(holder=one, shares=count) for one, count in held.items()),
            **_founding(place),
        )

    def words(self, place: int) -> None:
        """Say in words what is true after a state."""
        world, chance = self.world, self.random.random
        fields = {"company": COMPANY, "after": self.name(place), **_founding(place)}
        best = max(world.holders, key=lambda one: world.share(one, place))
        if chance() < 0.1 and world.share(best, place) > Fraction(1, 2):
            self.say(MajorityReported, place, holders=(best,), **fields)
        if chance() < 0.1:
            self.say(HoldersRanked, place, holder=best, rank=1, **fields)
        if chance() < 0.1:
            part = self.part(world.of_country("FR", place))
            self.say(GroupShareReported, place, group="FR", share=part, **fields)


def _founding(place: int) -> dict[str, Any]:
    return {} if place else {"occurred": parse_date(_START.isoformat())}


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.001"))


def _digits(near: Decimal, digits: int) -> str:
    """Write a figure with so many significant digits that nobody reads more into it."""
    plain = near.normalize()
    return f"{plain.scaleb(-plain.adjusted()):.{digits - 1}f}" if near else "0"


def lied(world: World, holder: PartyId, place: int, share: Fraction) -> World:
    """Return the world with one more statement, which is false."""
    share = share.limit_denominator(10**6)
    false = StakeReported(
        company=COMPANY,
        after=RoundId(f"{COMPANY}/round-{place}") if place else None,
        occurred=None if place else parse_date(_START.isoformat()),
        holder=holder,
        share=ShareInterval(lower=share, upper=share, basis="fully_diluted"),
        published=parse_date("2029-01-01"),
        attribution=Attribution(root=LIAR),
    )
    return World(
        world.holders,
        world.countries,
        world.after,
        world.pools,
        [*world.events, false],
        world.price,
    )
