"""What the company's software does with what is written: defaults, checks, totals, statuses, stock."""
