"""How far sources can be trusted: votes, copies, records, and the odds of an open rumour.

``voting``, ``resolving``, ``copying``, ``beta``, ``waiting``, ``card`` and ``calibration`` are
arithmetic that knows nothing of journals; ``edges``, ``trust``, ``records`` and ``credibility``
apply it to the rows of one.
"""
