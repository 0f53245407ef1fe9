from datetime import date
from random import Random  # noqa: TID251 -- hypothesis hands a seeded one
from uuid import NAMESPACE_OID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from events.facts import VolumeReported
from events.sources import Source
from forecasts.reconcile import Reconciled, reconcile

DAY = date(2030, 1, 1)


def report(
    period: str,
    volume: float,
    *,
    known_on: date = DAY,
    grade: str = "B2",
    measure: str = "production",
) -> VolumeReported:
    key = f"{period} {volume} {known_on} {grade} {measure}"
    return VolumeReported(
        id=str(uuid5(NAMESPACE_OID, key)),
        programme="plant",
        occurred=period,
        known_on=known_on,
        period=period,
        volume=volume,
        measure=measure,  # type: ignore[arg-type]  # as a journal gives it
        source=Source(grade=grade),
    )


def made(result: Reconciled) -> dict[str, float]:
    return {f"{one.month:%Y-%m}": one.volume for one in result.months}


def bases(result: Reconciled) -> dict[str, str]:
    return {f"{one.month:%Y-%m}": one.basis for one in result.months}


def test_a_month_is_taken_as_reported_and_names_its_report() -> None:
    one = report("2024-05", 120)

    (month,) = reconcile([one]).months

    assert (month.month, month.volume, month.basis) == (
        date(2024, 5, 1),
        120,
        "reported",
    )
    assert month.reports == (one.id,)


def test_years_to_date_make_the_month_between_them() -> None:
    september, october = report("2024-01/2024-09", 900), report("2024-01/2024-10", 990)

    result = reconcile([october, september])

    assert made(result)["2024-10"] == 90
    assert bases(result)["2024-10"] == "differenced"
    assert set(result.months[-1].reports) == {september.id, october.id}


def test_a_half_less_its_first_quarter_is_spread_over_the_second() -> None:
    result = reconcile([report("2024-01/2024-06", 1000), report("2024-33", 300)])

    assert [made(result)[f"2024-0{month}"] for month in (4, 5, 6)] == [233, 233, 234]
    assert set(bases(result).values()) == {"spread"}


def test_the_last_unknown_month_of_a_year_is_a_difference() -> None:
    months = [report(f"2024-{month:02}", month) for month in range(1, 12)]

    result = reconcile([*months, report("2024", 78)])

    assert made(result)["2024-12"] == 12
    assert bases(result)["2024-12"] == "differenced"
    assert len(result.months[-1].reports) == 12


def test_a_finer_report_beats_a_coarser_one_and_the_difference_is_listed() -> None:
    months = [report(f"2024-0{month}", 100) for month in (1, 2, 3)]

    result = reconcile([*months, report("2024-33", 350)])

    assert made(result) == {"2024-01": 100, "2024-02": 100, "2024-03": 100}
    (found,) = result.disagreements
    assert (
        found.sentence == "2024-33 is reported as 350 production, but finer reports make 300."
    )
    assert found.volumes == (350, 100, 100, 100)


def test_the_better_grade_wins_and_then_the_later_known() -> None:
    graded = reconcile([report("2024-01", 1, grade="C3"), report("2024-01", 2)])
    later = reconcile(
        [
            report("2024-01", 1, known_on=date(2024, 2, 1)),
            report("2024-01", 2, known_on=date(2024, 3, 1)),
        ]
    )

    assert made(graded) == made(later) == {"2024-01": 2}
    assert len(graded.disagreements) == len(later.disagreements) == 1


def test_a_figure_that_was_rounded_is_no_disagreement() -> None:
    months = [report(f"2023-{month:02}", 12_013) for month in range(1, 13)]

    assert not reconcile([*months, report("2023", 144_000)]).disagreements


def test_a_sum_below_its_parts_leaves_the_rest_unknown() -> None:
    result = reconcile([report("2024-02", 500), report("2024-33", 300)])

    assert made(result) == {"2024-02": 500}
    assert "known months make 500" in result.disagreements[0].sentence


def test_years_to_date_that_fall_are_a_disagreement() -> None:
    result = reconcile([report("2024-01/2024-04", 400), report("2024-01/2024-05", 350)])

    assert len(result.disagreements) == 1
    assert sum(made(result).values()) == 400


def test_measures_are_never_added() -> None:
    result = reconcile([report("2024-01", 5), report("2024-33", 9, measure="deliveries")])

    assert [(one.measure, one.volume) for one in result.months] == [
        ("deliveries", 3),
        ("deliveries", 3),
        ("deliveries", 3),
        ("production", 5),
    ]


def test_a_period_that_is_not_of_whole_months_is_said_to_be_in_none() -> None:
    result = reconcile([report("2024-05-06/2024-05-12", 70), report("2024-05/..", 9)])

    assert not result.months
    assert len(result.disagreements) == 2


def test_a_year_in_which_it_started_is_spread_from_the_start_on() -> None:
    result = reconcile([report("2025", 4580)], since=date(2025, 11, 20))

    assert made(result) == {"2025-11": 2290, "2025-12": 2290}


def test_a_period_before_the_start_keeps_its_months() -> None:
    result = reconcile([report("2024-33", 30)], since=date(2025, 1, 1))

    assert len(result.months) == 3


def test_gigawatt_hours_add_up_to_the_millionth() -> None:
    result = reconcile([report("2024", 1.1), report("2024-01", 0.3)])

    assert round(sum(made(result).values()), 9) == 1.1


def test_zero_is_a_volume() -> None:
    assert made(reconcile([report("2024-08", 0)])) == {"2024-08": 0}


def test_forty_years_with_a_gap_come_back_whole() -> None:
    months = [
        report(f"{year}-{month:02}", year)
        for year in range(1984, 2024)
        for month in range(1, 13)
        if (year, month) != (2000, 7)
    ]

    result = reconcile(months)

    assert len(result.months) == 479
    assert "2000-07" not in made(result)


volumes = st.lists(st.integers(min_value=0, max_value=10**7), min_size=12, max_size=12)
spans = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)).map(sorted), max_size=12)


@given(volumes, spans)
def test_parts_add_up_to_every_report_of_a_true_story(
    truth: list[int], told: list[list[int]]
) -> None:
    reports = [
        report(f"2024-{first:02}/2024-{last:02}", sum(truth[first - 1 : last]))
        for first, last in told
    ]

    result = reconcile(reports)

    months = made(result)
    if not any(a < c <= b < d for a, b in told for c, d in told):
        for one, (first, last) in zip(reports, told, strict=True):
            names = [f"2024-{month:02}" for month in range(first, last + 1)]
            assert sum(months.get(name, 0) for name in names) == one.volume
        assert not result.disagreements


@given(
    st.lists(
        st.builds(
            report,
            st.sampled_from(
                ["2024-01", "2024-02", "2024-33", "2024", "2024-01/2024-02", "2023/2024"]
            ),
            st.integers(0, 1000),
            grade=st.sampled_from(["A1", "B2", "F6"]),
        ),
        max_size=12,
        unique_by=lambda one: one.id,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_contradicting_reports_is_no_matter_and_nothing_is_negative(
    reports: list[VolumeReported], shuffler: Random
) -> None:
    shuffled = list(reports)
    shuffler.shuffle(shuffled)

    result = reconcile(reports)

    assert reconcile(shuffled) == result
    assert all(month.volume >= 0 for month in result.months)
    known = {one.id for one in reports}
    assert all(set(month.reports) <= known for month in result.months)
