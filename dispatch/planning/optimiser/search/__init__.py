"""Ruin and recreate (Christiaens and Vanden Berghe 2020) on arrays: a problem's numbers in, better orders out.

`numbers` turns a problem into arrays, `routes` holds the days under work with the earliest and latest times that make
an insertion test exact in constant time, `inserting`, `ruining` and `annealing` are the search, `chain` runs it.
"""
