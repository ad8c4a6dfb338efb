"""Rows of measures on a terminal: ours, theirs, their ratio, the goal, and whether it is reached."""


class Table:
    """Prints each block as it comes, and keeps everything for the JSON file."""

    def __init__(self):
        self.blocks = []

    def block(self, title, measures, ours, theirs, **more):
        rows = [self.row(measure, ours.get(measure.key), theirs.get(measure.key)) for measure in measures]
        rows = [row for row in rows if row["ours"] is not None or row["theirs"] is not None]
        self.blocks.append({"title": title, "rows": rows, **more})
        print(f"\n{title}\n  {'measure':38}{'ours':>9}{'theirs':>9}{'ratio':>8}  goal      reached")
        for row, form in zip(rows, [m.form for m in measures if any(r["measure"] == m.label for r in rows)]):
            print(f"  {row['measure']:38}{self.show(row['ours'], form):>9}{self.show(row['theirs'], form):>9}"
                  f"{self.show(row['ratio'], '.2f'):>8}  {row['goal']:9} {self.verdict(row['reached'])}", flush=True)

    def row(self, measure, ours, theirs):
        ratio = ours / theirs if ours is not None and theirs else None
        return {"measure": measure.label, "ours": ours, "theirs": theirs, "ratio": ratio,
                "goal": measure.goal_text(), "reached": measure.is_reached(ours, theirs)}

    def missed(self):
        return [(block["title"], row) for block in self.blocks for row in block["rows"] if row["reached"] is False]

    def close(self):
        judged = sum(row["reached"] is not None for block in self.blocks for row in block["rows"])
        print(f"\n{judged - len(self.missed())} of {judged} goals reached")
        for title, row in self.missed():
            print(f"  missed: {title}: {row['measure']}")

    @staticmethod
    def show(value, form):
        return "-" if value is None else format(value, form)

    @staticmethod
    def verdict(reached):
        return {None: "", True: "yes", False: "NO"}[reached]
