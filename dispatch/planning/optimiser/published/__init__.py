"""Problems of the literature in the formats in which they are published, as problems of ours.

`reading` recognises the format, `solomon` reads vehicle routing with time windows (Solomon 1987; Gehring and Homberger
1999), `pillac` technicians with skills, tools and spare parts (Pillac, Guéret and Medaglia 2012), `measuring` says how
long a plan is in the units of the file.
"""
