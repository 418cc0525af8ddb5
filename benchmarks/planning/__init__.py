"""What the planner's benchmark needs: the peers, and one end for all of them."""
