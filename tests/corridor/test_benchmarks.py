"""Days and dollars that others publish: the model is inside their range, or says in writing why not."""

import pandas as pd
import pytest

from corridor.benchmarks import compare_figures, published_figures
from geodata.network import Network


@pytest.fixture(scope="module")
def figures(network: Network) -> pd.DataFrame:
    return compare_figures(network)


def test_every_figure_is_met_or_the_difference_explained(figures: pd.DataFrame) -> None:
    assert figures["computed"].notna().all()
    outside = figures[~figures["within"]]
    assert (outside["reason"] != "").all(), outside[["origin", "destination", "low", "high", "computed"]]
    inside = figures[figures["within"]]
    assert (inside["reason"] == "").all(), "a reason is given for a difference that is no more"


def test_most_independent_figures_are_met(figures: pd.DataFrame) -> None:
    """Figures that assumptions rest on test nothing."""
    free = figures[~figures["fitted"]]
    assert len(free) >= 8
    assert free["within"].mean() > 0.5


def test_money_is_brought_to_the_price_year(figures: pd.DataFrame) -> None:
    """Kostanay–Dostyk was 23.94 USD/t in 2010; consumer prices have risen by 313.689 / 218.056 since."""
    row = figures[(figures["origin"] == "Kostanay") & (figures["metric"] == "usd_per_t")].iloc[0]
    assert row["low"] == pytest.approx(23.94 * 313.689 / 218.056)
    days = figures["metric"] == "days"
    pd.testing.assert_series_equal(figures.loc[days, "low"], published_figures().loc[days, "low"])


def test_every_published_figure_has_range_source_and_year() -> None:
    table = published_figures()
    assert (table["low"] < table["high"]).all()
    assert (table["source"].str.len() > 10).all()
