"""What can be said of a predictor on exposures it never saw. Pure functions of arrays and frames."""
