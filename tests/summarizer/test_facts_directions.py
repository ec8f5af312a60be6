"""Which way an outcome went, in hard sentences; where two findings differ, none. All are invented."""

import pytest

from domain.facts import Direction
from summarizer.facts.quantities import quantities
from summarizer.facts.results import direction
from summarizer.facts.told import plain

UP, DOWN, SAME, UNKNOWN = Direction.UP, Direction.DOWN, Direction.SAME, Direction.UNKNOWN


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Smokers were more likely to have falls (odds ratio 3.5, 95% CI 1.6-7.8).", UP),
        ("Gout was more common in men than in women.", UP),
        (
            "Rest (odds ratio 9.8, 95% CI 2.4 to 39.4) and age (4.3, 1.5 to 12.1) went with being a case.",
            UP,
        ),
        ("Sight improved from 0.1 ± 0.1 before to 1.1 ± 0.2 afterwards.", UP),
        ("Urine volume was very significantly lower with the tablet.", DOWN),
        ("The drug resulted in a significant suppression of arthritis.", DOWN),
        ("Uptake was also accompanied by greatly reduced release.", DOWN),
        ("It disrupts the gradient and reduces the growth of colonies.", DOWN),
        ("The pooled data, however, showed no evidence of effectiveness.", SAME),
        ("However, we failed to find any significant correlations between tea and gout.", SAME),
        ("The factor did not up-regulate the receptor.", SAME),
        ("There was no discernible effect of diet on mortality.", SAME),
        ("The risk ratio was 0.88 (95% CI 0.77, 1.00).", UNKNOWN),
        ("None of the tablets increased survival.", UNKNOWN),
        ("Few patients showed reduced pain.", UNKNOWN),
        ("We tested whether the tablet reduced pain.", UNKNOWN),
        ("Deaths were increased, though not significantly.", UNKNOWN),
        ("Levels were 20% higher with the tablet (P = 0.4).", UNKNOWN),
        ("Levels were 20% higher with the tablet (P = 0.04).", UP),
        ("The reductions in deaths appeared to be less extreme before year 10.", UNKNOWN),
        ("Training was more likely to produce large reductions in pain.", UNKNOWN),
        ("The tablet was effective in mice and did not prevent spread.", UNKNOWN),
        (
            "Variant A was associated with a decrease in risk, while variant B was associated with disease.",
            UNKNOWN,
        ),
    ],
)
def test_directions(text, way):
    text = plain(text)
    assert direction(text, [one.quantity for one in quantities(text)]) is way
