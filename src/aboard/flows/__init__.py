"""What Aboard does, one verb a file: functions over the collaborators in `Platform`."""
