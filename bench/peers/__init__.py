"""What others do with the same task, to be measured beside ours."""
