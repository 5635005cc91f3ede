"""A simulated clinic: thousands of courses through the schedule and the classifier."""
