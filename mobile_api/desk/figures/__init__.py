"""The desk's pages of figures, the star of the month, and the supervisor's page."""
