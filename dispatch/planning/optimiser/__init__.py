"""Who goes where, when: a `Problem` in, a `Plan` out; same seed and iterations, same plan, on any machine.

Pure: no database, no clock, no settings. `problem` says what is asked, `plan` what is answered, `constraints` judges
any plan, searched or dragged by hand, `costs` prices it, `search` looks for a better one.

All times are whole seconds after midnight of the planned day; prices are whole seconds of driving that one would rather
spend ("an hour of driving is better than leaving this visit out" is a price above 3,600).
"""
