"""A whole day played over HTTP against a server that the tour itself starts: the main job, end to end, as a proof."""
