"""Verbs that write to cases: taking reports in, judging items, moving them on, writing to reporters."""
