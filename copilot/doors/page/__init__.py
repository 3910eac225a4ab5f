"""The report on a predictor as one HTML page that asks for nothing from outside and needs no script."""
