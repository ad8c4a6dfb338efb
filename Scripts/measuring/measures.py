"""What is measured, how it is printed, and what would be good enough."""
import statistics
from dataclasses import dataclass


@dataclass
class Measure:
    """One figure of a row; `goal` is the largest allowed share of theirs, or the smallest when more is better."""

    key: str
    label: str
    form: str = ".0f"
    goal: float | None = None
    more_is_better: bool = False
    # Allowance for what single runs differ by; chosen, not measured.
    spread: float = 0.0
    # A bound that holds whatever theirs is.
    limit: float | None = None

    def is_reached(self, ours, theirs):
        """None when there is nothing to compare."""
        if self.limit is not None:
            return ours is not None and ours <= self.limit
        if self.goal is None or theirs is None:
            return None
        if ours is None:
            return False
        if self.more_is_better:
            return ours >= theirs * self.goal - self.spread
        return ours <= theirs * self.goal + self.spread

    def goal_text(self):
        if self.limit is not None:
            return f"<= {self.limit:g}"
        if self.goal is None:
            return ""
        return f"{'>=' if self.more_is_better else '<='} {self.goal:g} x"


def medians(runs):
    """The median of each figure over runs; runs without it are left out."""
    keys = {key for run in runs for key in run}
    return {key: statistics.median(values) if (values := [run[key] for run in runs if run.get(key) is not None]) else None
            for key in keys}
