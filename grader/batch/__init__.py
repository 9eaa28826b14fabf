"""Many runs: every submission of a cohort, in whatever layout it comes, on all cores or a cluster, and nothing lost."""
