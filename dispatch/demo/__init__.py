"""A believable city for trials: four areas of Shanghai, twelve technicians, eighty orders of today and tomorrow."""
